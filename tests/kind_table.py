"""Writes the table of families, kinds and versions into docs/api-versions.md: ``python -m tests.kind_table``.

What the provider and the emulator know is read from their own tables; how the emulator finds its results is
seen by running each kind on it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.families.table import FAMILIES
from airflow_provider_language.emulator.protocol.versions import TEXT_ANALYTICS_V3_1
from airflow_provider_language.protocol.surfaces import SURFACES
from airflow_provider_language.protocol.versions import LEGACY_VERSION

PAGE = Path(__file__).parents[1] / "docs" / "api-versions.md"
BEGIN = "<!-- kinds: begin; written by python -m tests.kind_table -->\n"
END = "<!-- kinds: end -->\n"

Versions = dict[str, dict[str, set[str]]]
"""The versions by family and kind; those of v3.1 are of the family of texts."""

TEXTS = "analyze-text"
TALKS = "analyze-conversations"
FILES = "analyze-documents"
ORDER = {TEXTS: "texts", TALKS: "conversations", FILES: "native documents"}
SAMPLE = "Dr. John Smith wrote from Seattle that metformin 500 mg helped. The clinic was excellent."
ACCOUNT = "https://sample.blob.core.windows.net"
BLOBS = {"source": "in/sample.txt", "target": "out"}
PROJECTS = {
    "CustomEntityRecognition": "support-entities",
    "CustomSingleLabelClassification": "support-topic",
    "CustomMultiLabelClassification": "support-concerns",
    "CustomConversationalSummarizationTask": "support-summaries",
}
"""Of the emulator's samples."""


def of_the_provider() -> Versions:
    """What our own tables say of the provider."""
    found: Versions = {}
    for surface in SURFACES:
        family = surface.name if surface.version_in_query else TEXTS
        for version, kinds in surface.kinds.items():
            _add(found, family, version, kinds)
    return found


def of_the_emulator() -> Versions:
    """What the emulator's own tables say of it."""
    found: Versions = {}
    for family in FAMILIES:
        if family.versions is None:
            _add(found, TEXTS, LEGACY_VERSION, TEXT_ANALYTICS_V3_1.kinds)
        else:
            for version, described in family.versions.items():
                _add(found, family.name, version, described.kinds)
    return found


def _add(found: Versions, family: str, version: str, kinds: Iterable[str]) -> None:
    for kind in kinds:
        found.setdefault(family, {}).setdefault(kind, set()).add(version)


def ranges(versions: set[str], among: Sequence[str]) -> str:
    """Versions as text: what follows one another, among all of the family, is told by its ends."""
    runs: list[list[str]] = []
    for place, version in enumerate(among):
        if version in versions:
            if place and among[place - 1] in versions:
                runs[-1].append(version)
            else:
                runs.append([version])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def in_order(versions: Iterable[str]) -> list[str]:
    """Oldest first: the legacy version, then by date."""
    return sorted(versions, key=lambda version: (version != LEGACY_VERSION, version))


def body_of(family: str, kind: str) -> dict[str, Any]:
    """A small job of one kind."""
    parameters: dict[str, Any] = {}
    if kind.startswith("Custom"):
        parameters = {"projectName": PROJECTS.get(kind, "none"), "deploymentName": "production"}
    if kind.endswith("SummarizationTask"):
        parameters["summaryAspects"] = ["issue", "resolution"]
    if family == TALKS:
        items = [
            {"id": str(place), "participantId": role, "role": role, "text": SAMPLE}
            for place, role in enumerate(("customer", "agent"))
        ]
        talk = {"id": "1", "language": "en", "modality": "text", "conversationItems": items}
        inputs: dict[str, Any] = {"conversations": [talk]}
    elif family == FILES:
        places = {
            name: {"kind": "AzureBlob", "location": f"{ACCOUNT}/{path}"} for name, path in BLOBS.items()
        }
        inputs = {"documents": [{"id": "1", "language": "en", **places}]}
    else:
        inputs = {"documents": [{"id": "1", "language": "en", "text": SAMPLE}]}
    return {"analysisInput": inputs, "tasks": [{"kind": kind, "parameters": parameters}]}


def engine_of(endpoint: str, family: str, kind: str, version: str) -> str:
    """How the emulator finds the results of a kind: computed, approximated, or not at all."""
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Ocp-Apim-Subscription-Key"] = "any"
        path = f"{endpoint}/language/{family}/jobs?api-version={version}"
        accepted = session.post(path, json=body_of(family, kind), timeout=30)
        if accepted.status_code != requests.codes.accepted:
            return "-"
        job: dict[str, Any] = {"status": "running"}
        # A job lasts no longer than its engine takes to load.
        while job["status"] in {"notStarted", "running"}:
            job = session.get(accepted.headers["operation-location"], timeout=30).json()
    if job["status"] != "succeeded":
        return "-"
    results = job["tasks"]["items"][0]["results"]
    (document,) = results.get("documents") or results["conversations"]
    codes = {warning["code"] for warning in document["warnings"]}
    return "approximated" if "EmulatorApproximation" in codes else "computed"


def table() -> str:
    """The table as Markdown, a row for each kind."""
    provider, emulator = of_the_provider(), of_the_emulator()
    lines = ["| input | kind | provider | emulator |", "|---|---|---|---|"]
    with TemporaryDirectory() as folder, Emulator(duration=0, blobs=folder) as running:
        for path in BLOBS.values():
            (Path(folder) / "sample" / path).parent.mkdir(parents=True, exist_ok=True)
        (Path(folder) / "sample" / BLOBS["target"]).mkdir()
        (Path(folder) / "sample" / BLOBS["source"]).write_text(SAMPLE)
        for family, name in ORDER.items():
            lines += _rows(name, family, provider[family], emulator.get(family, {}), running.endpoint)
    return "\n".join(lines) + "\n"


def _rows(
    name: str,
    family: str,
    provider: Mapping[str, set[str]],
    emulator: Mapping[str, set[str]],
    endpoint: str,
) -> Iterable[str]:
    among = in_order(set().union(*provider.values(), *emulator.values()))
    for kind in sorted({*provider, *emulator}):
        ours, theirs = provider.get(kind, set()), emulator.get(kind, set())
        engine = engine_of(endpoint, family, kind, in_order(theirs)[-1]) if theirs else "-"
        if not ours and engine == "-":
            continue
        same = ours == theirs or engine == "-"
        told = engine if same else f"{engine}: {ranges(theirs, among)}"
        yield f"| {name} | {kind} | {ranges(ours, among) or '-'} | {told} |"


def section() -> str:
    """All that stands between the two comments."""
    return (
        "\nThe provider runs these kinds on these versions of the API, and refuses what a version has not.\n"
        "The emulator serves the same versions, unless others are named; its results are computed from what\n"
        "was sent, or approximated and marked so; `-` is not served.\n\n" + table() + "\n"
    )


def main() -> None:
    """Write the section anew."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(before + BEGIN + section() + END + after)


if __name__ == "__main__":
    main()
