"""Operation-locations that somebody made up to be given the key."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.scripted_service import JOBS, VERSION

QUERY = f"?api-version={VERSION}"
JOB = f"{JOBS}/job-1"


def _made_up(own: str, other: str) -> dict[str, str]:
    """By what is wrong with it; ``own`` is the connection's endpoint, ``other`` the stranger's."""
    own_host, other_host = urlsplit(own).netloc, urlsplit(other).netloc
    name = own_host.partition(":")[0]
    return {
        "another host": f"{other}{JOB}{QUERY}",
        "another port": f"http://{name}:{urlsplit(other).port}{JOB}{QUERY}",
        "another scheme": f"https://{own_host}{JOB}{QUERY}",
        "no scheme": f"//{other_host}{JOB}{QUERY}",
        "a file": f"file://{JOB}{QUERY}",
        "our host as the user": f"http://{own_host}@{other_host}{JOB}{QUERY}",
        "a user at our host": f"http://user:word@{own_host}{JOB}{QUERY}",
        "our host as a name below another": f"http://{own_host}.{other_host}{JOB}{QUERY}",
        "a backslash for the slash": f"http://{other_host}\\@{own_host}{JOB}{QUERY}",
        "a backslash behind our host": f"http://{own_host}\\{other_host}{JOB}{QUERY}",
        "a tab in the host": f"http://{own_host[:4]}\t{own_host[4:]}{JOB}{QUERY}",
        "a line end": f"{own}{JOB}{QUERY}\r\nHost: {other_host}",
        "a lookalike of the slash": f"http://{own_host}\u2044{other_host}{JOB}{QUERY}",
        "a path that goes up": f"{own}{JOBS}/../../{JOB}{QUERY}",
        "a path that goes up, encoded": f"{own}{JOBS}/%2e%2e%2f%2e%2e{QUERY}",
        "two slashes": f"{own}//{other_host}{JOB}{QUERY}",
        "a slash too many": f"{own}{JOBS}//job-1{QUERY}",
        "a slash in the id, encoded": f"{own}{JOBS}/job-1%2F..{QUERY}",
        "a nul in the id, encoded": f"{own}{JOBS}/job-1%00{QUERY}",
        "a verb behind the id": f"{own}{JOB}:cancel{QUERY}",
        "more path behind the id": f"{own}{JOB}/more{QUERY}",
        "another path": f"{own}/language/analyze-conversation/jobs/job-1{QUERY}",
        "no version": f"{own}{JOB}",
        "two versions": f"{own}{JOB}{QUERY}&api-version=2023-04-01",
        "more in the version": f"{own}{JOB}{QUERY}%26url={other}",
        "a version that is none": f"{own}{JOB}?api-version=../../..",
        "an id alone": "job-1",
        "nothing": "",
    }


KINDS = tuple(_made_up("http://own:1", "http://other:2"))


def hostile_location(kind: str, own: str, other: str) -> str:
    """An operation-location of this kind."""
    return _made_up(own, other)[kind]


each_hostile_kind = pytest.mark.parametrize("kind", KINDS)
