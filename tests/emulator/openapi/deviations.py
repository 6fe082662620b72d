"""Where the service was recorded to answer otherwise than its documents say: the recordings win.

Whatever is not in this table must be answered as the documents have it.
"""

from __future__ import annotations

from tests.emulator.openapi.patches import REMOVED, Patch

_LEGACY = "TextAnalytics/*"
_TEXT = "Language/*/analyzetext.json"
_LANGUAGE = "Language/*"
_CONVERSATIONS = "Language/*/analyzeconversations.json"
_NATIVE = "Language/*/analyzedocuments.json"

DEVIATIONS: tuple[Patch, ...] = (
    Patch(
        "paths|*|*|responses|default|headers",
        REMOVED,
        "no error of any recording has x-ms-error-code",
        _LANGUAGE,
    ),
    *(
        Patch(
            "definitions|ErrorCode|enum|-",
            status,
            f"bad_credentials_401_2022-05-01: the gateway's code is the status ({status})",
            _LANGUAGE,
        )
        for status in ("401", "404")
    ),
    *(
        Patch(
            "definitions|TextAnalyticsError|properties|code|enum|-",
            status,
            f"bad_credentials_401_2022-05-01: the gateway's code is the status ({status})",
            _LEGACY,
        )
        for status in ("401", "404")
    ),
    Patch("definitions|TaskState|required", ["state", "lastUpdateDateTime"], "analyze_v3_1", _LEGACY),
    Patch(
        "definitions|TaskState|properties|state",
        {"type": "string", "enum": ["succeeded", "failed"]},
        "analyze_v3_1: state for status, and finished tasks only",
        _LEGACY,
    ),
    Patch("definitions|TaskState|properties|status", REMOVED, "analyze_v3_1", _LEGACY),
    Patch(
        "definitions|AnalyzeConversationSummarizationResult|x-ms-discriminator-value",
        "conversationalSummarizationResults",
        "conversation_pii_2025-11-15-preview: result kinds begin with a small letter",
        _CONVERSATIONS,
    ),
    Patch(
        "definitions|AnalyzeConversationConversationPiiResult|x-ms-discriminator-value",
        "conversationalPIIResults",
        "conversation_pii_2025-11-15-preview: result kinds begin with a small letter",
        _CONVERSATIONS,
    ),
    Patch(
        "definitions|AbstractiveSummarizationLROResult|properties|results",
        {"$ref": "#/definitions/AnalyzeDocumentsResult"},
        "not recorded: the page 'Use native documents' has blobs as the results of every kind; the document "
        "has summaries here, as for texts",
        _NATIVE,
    ),
    Patch(
        "definitions|JobMetadata|properties|status|enum|-",
        "partiallyCompleted",
        "azure-sdk-for-net#35272: v3.1 jobs of which a task failed",
        _LEGACY,
    ),
)

EMULATOR: tuple[Patch, ...] = (
    Patch(
        "definitions|WarningCodeValue|enum|-",
        "EmulatorApproximation",
        "the emulator's own mark of a result that no model of the service would give",
        _TEXT,
    ),
    Patch(
        "definitions|WarningCodeValue|enum|-",
        "EmulatorApproximation",
        "the emulator's own mark of a result that no model of the service would give",
        _NATIVE,
    ),
    Patch(
        "definitions|TextAnalyticsWarning|properties|code|enum|-",
        "EmulatorApproximation",
        "the emulator's own mark of a result that no model of the service would give",
        _LEGACY,
    ),
)
"""What the emulator says beyond the service."""
