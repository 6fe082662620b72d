"""A browser is led to what can be told from a handle or a path, and nowhere else."""

from __future__ import annotations

import pytest

from airflow_provider_language.protocol.web_addresses import address_below, address_of_service

JOB = "/language/analyze-text/jobs/1?api-version=2026-05-01"
BASE = "https://reports.example.com"


@pytest.mark.parametrize(
    ("location", "address"),
    [
        ("http://127.0.0.1:5000" + JOB, "http://127.0.0.1:5000/_emulator/"),
        ("http://[::1]:5000" + JOB, "http://[::1]:5000/_emulator/"),
        ("https://name.cognitiveservices.azure.com" + JOB, "https://portal.azure.com"),
        ("https://westeurope.api.cognitive.microsoft.com" + JOB, "https://portal.azure.com"),
        ("https://name.cognitiveservices.azure.us" + JOB, "https://portal.azure.us"),
        ("https://name.cognitiveservices.azure.cn" + JOB, "https://portal.azure.cn"),
        ("https://gateway.example.com/language" + JOB, ""),
        ("https://notazure.com" + JOB, ""),
        ("https://user@name.azure.com" + JOB, ""),
        ("https://[" + JOB, ""),
        ("javascript:alert(1)", ""),
        ("{{ ti.xcom_pull('submit') }}", ""),
        ("", ""),
        (None, ""),
        (["http://127.0.0.1:5000" + JOB], ""),
    ],
)
def test_a_job_leads_to_the_portal_of_its_cloud_or_to_the_emulator(location: object, address: str) -> None:
    told = address_of_service(location)

    assert told.partition("/#browse")[0] == address
    assert "jobs/1" not in told


@pytest.mark.parametrize(
    ("base", "location", "address"),
    [
        (BASE, "s3://conn@bucket/analyzed/run/report.html", f"{BASE}/analyzed/run/report.html"),
        (f"{BASE}/public/", "/data/my docs/ä.jsonl", f"{BASE}/public/data/my%20docs/%C3%A4.jsonl"),
        (f"{BASE}/?sig=abc", "abfs://c@box/rows.jsonl", f"{BASE}/rows.jsonl?sig=abc"),
        (BASE, "/data/a?b#c.jsonl", f"{BASE}/data/a%3Fb%23c.jsonl"),
        ("http://reports.example.com", "/data/rows.jsonl", ""),
        ("javascript:alert(1)//", "/data/rows.jsonl", ""),
        ("https:///", "/data/rows.jsonl", ""),
        ("", "/data/rows.jsonl", ""),
        (BASE, "rows.jsonl", ""),
        (BASE, None, ""),
    ],
)
def test_results_lead_below_the_address_of_their_storage(base: str, location: object, address: str) -> None:
    assert address_below(base, location) == address
