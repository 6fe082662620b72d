"""The web server of the results shows them under their whole path, and nothing else of the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from tests.browser.stage import shown


@pytest.mark.parametrize(
    ("name", "status"), [("results/report.html", 200), ("other.html", 404), ("results/../other.html", 404)]
)
def test_only_what_is_below_the_results_is_shown(tmp_path: Path, name: str, status: int) -> None:
    results = tmp_path / "results"
    results.mkdir()
    for page in (results / "report.html", tmp_path / "other.html"):
        page.write_text("what stands there")

    with shown(results, tmp_path) as url:
        # Prepared, since dots would be resolved by the client.
        request = requests.Request("GET", url).prepare()
        request.url = f"{url}{tmp_path / 'x'}".removesuffix("x") + name
        with requests.Session() as session:
            session.trust_env = False
            answer = session.send(request, verify=str(tmp_path / "authority.pem"), timeout=10)

    assert answer.status_code == status
    assert ("what stands there" in answer.text) == (status == 200)
