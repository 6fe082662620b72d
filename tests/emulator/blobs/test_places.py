"""URLs of blob storage: what they name, and which lead astray."""

from __future__ import annotations

import pytest

from airflow_provider_language.emulator.blobs.places import PlaceError, parse_place


@pytest.mark.parametrize(
    ("location", "root", "account", "container", "path"),
    [
        (
            "https://acme.blob.core.windows.net/in/a%20folder/letter.txt?sv=1&sig=secret",
            "https://acme.blob.core.windows.net",
            "acme",
            "in",
            "a folder/letter.txt",
        ),
        (
            "https://ACME.blob.core.chinacloudapi.cn/Container/",
            "https://acme.blob.core.chinacloudapi.cn",
            "acme",
            "Container",
            "",
        ),
        (
            "http://127.0.0.1:10000/devstoreaccount1/in/letter.txt",
            "http://127.0.0.1:10000/devstoreaccount1",
            "devstoreaccount1",
            "in",
            "letter.txt",
        ),
    ],
)
def test_a_url_names_account_container_and_path(
    location: str, root: str, account: str, container: str, path: str
) -> None:
    place = parse_place(location)
    assert (place.root, place.account, place.container, place.path) == (root, account, container, path)


def test_what_is_told_of_a_place_has_no_signature() -> None:
    place = parse_place("https://acme.blob.core.windows.net/in/a%20b.txt?sv=1&sig=secret")
    assert place.url == "https://acme.blob.core.windows.net/in/a%20b.txt"
    assert place.signed_url == "https://acme.blob.core.windows.net/in/a%20b.txt?sv=1&sig=secret"
    assert "secret" not in repr(place)


@pytest.mark.parametrize(
    "location",
    [
        "",
        "letter.txt",
        "file:///etc/passwd",
        "ftp://acme.blob.core.windows.net/in",
        "https://acme.blob.core.windows.net",
        "https://acme.blob.core.windows.net/",
        "https://user@acme.blob.core.windows.net/in/a.txt",
        "https://acme.blob.core.windows.net:port/in/a.txt",
        "https://[acme/in/a.txt",
        "https://acme.blob.core.windows.net/../in/a.txt",
        "https://acme.blob.core.windows.net/in/../../a.txt",
        "https://acme.blob.core.windows.net/in/%2e%2e/a.txt",
        "https://acme.blob.core.windows.net/in/..%2f..%2fa.txt",
        "https://acme.blob.core.windows.net/in/..%5C..%5Ca.txt",
        "https://acme.blob.core.windows.net/in/a%00.txt",
        "https://acme.blob.core.windows.net/in//etc/passwd",
        "https://acme.blob.core.windows.net/%2e%2e/a.txt",
        "http://127.0.0.1:10000/%2e%2e/in/a.txt",
    ],
)
def test_a_url_that_leads_elsewhere_is_no_place(location: str) -> None:
    with pytest.raises(PlaceError):
        parse_place(location)


@pytest.mark.parametrize("path", ["../a", "a/../../b", "", "a//b", "."])
def test_nothing_lies_below_a_place_by_a_way_out_of_it(path: str) -> None:
    with pytest.raises(PlaceError):
        parse_place("https://acme.blob.core.windows.net/in/folder").below(path)
