"""Where there is no browser, the target fails and says what to install; nothing is skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.__main__ import main
from tests.browser.driver import NAMES, chromium


def test_without_a_browser_it_fails_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert main([]) == 1
    assert "There is no Chromium on this machine" in capsys.readouterr().err


@pytest.mark.parametrize("name", NAMES)
def test_it_is_found_by_each_of_its_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program = tmp_path / name
    program.touch(mode=0o755)

    assert chromium() == str(program)


def test_an_airflow_that_is_not_tested_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["1.10.15"])

    assert "there are 2.11.2" in capsys.readouterr().err
