"""Job handles: which job, at which endpoint; and why no address from outside is ever followed.

The service names a job by a URL, the operation-location. We never request such a URL. We read the job's id
out of it and build our own URL on the connection's endpoint, so that the key cannot leave for another host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qs, urlsplit

from airflow_provider_language.exceptions import ForeignLocationError, InvalidInputError
from airflow_provider_language.protocol.surfaces import JOB_ID, SURFACES, Surface
from airflow_provider_language.protocol.versions import LEGACY_VERSION, VERSION
from airflow_provider_language.protocol.wire import Request

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Endpoint:
    """The base of all requests of a connection.

    Args:
        scheme: ``http`` or ``https``.
        host: in lower case.
        port: always explicit, so that ``https://x`` and ``https://x:443`` are the same.
        prefix: a path that a gateway wants before the service's own, without a slash at its end.
    """

    scheme: str
    host: str
    port: int
    prefix: str = ""

    @classmethod
    def parse(cls, url: str) -> Endpoint:
        """Read an endpoint such as ``https://name.cognitiveservices.azure.com``.

        Raises:
            InvalidInputError: it is no http or https URL, or has a user, a query or a fragment.
        """
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:
            raise InvalidInputError("The connection's host is not a URL.") from None
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or port == 0:
            raise InvalidInputError(
                "The connection's host must be the endpoint of the Language resource, such as "
                "https://NAME.cognitiveservices.azure.com."
            )
        if parts.query or parts.fragment or parts.username is not None:
            raise InvalidInputError("The connection's host must be a bare URL: no user, query or fragment.")
        port = _DEFAULT_PORTS[parts.scheme] if port is None else port
        return cls(parts.scheme, parts.hostname, port, parts.path.rstrip("/"))

    @property
    def url(self) -> str:
        """The endpoint as a URL, with a port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.prefix}"


@dataclass(frozen=True)
class JobHandle:
    """One job of the service.

    Args:
        surface: its family.
        version: the api-version it was submitted with.
        job_id: the service's id of it.
    """

    surface: Surface
    version: str
    job_id: str

    def location(self, endpoint: Endpoint) -> str:
        """The operation-location: the handle as one string, on the connection's own endpoint."""
        query = "".join(f"?{name}={value}" for name, value in self.surface.version_query(self.version))
        return f"{endpoint.url}{self.surface.job_path(self.job_id)}{query}"

    def look(self, *, top: int | None = None, skip: int | None = None, show_stats: bool = False) -> Request:
        """The request that asks for the job's state, or for a page of its results."""
        paging = ((self.surface.top, top), (self.surface.skip, skip))
        query = (
            *self.surface.version_query(self.version),
            *((name, str(value)) for name, value in paging if value is not None),
            *((("showStats", "true"),) if show_stats else ()),
        )
        return Request("GET", self.surface.job_path(self.job_id), query)

    def first_page(self) -> Request:
        """The look whose answer has all results, or as many as the service puts into one."""
        return self.look(top=self.surface.page, show_stats=True)


def handle_from(location: str, endpoint: Endpoint) -> JobHandle:
    """Read a job's handle out of an operation-location.

    Args:
        location: as an operator returned it, or the service itself.
        endpoint: the connection's, which it must lie on.

    Raises:
        ForeignLocationError: another scheme, host or port, a user, a path that is no job's, or a query that
            names no version that could be one.
    """
    # Only visible ASCII: urlsplit drops tabs and line ends in silence, and lets lookalikes of "/" pass.
    if not isinstance(location, str) or not re.fullmatch(r"[!-~]+", location):
        raise ForeignLocationError("The operation-location is not a URL.")
    try:
        parts = urlsplit(location)
        port = parts.port
    except ValueError:
        raise ForeignLocationError("The operation-location is not a URL.") from None
    origin = (parts.scheme, parts.hostname, _DEFAULT_PORTS.get(parts.scheme) if port is None else port)
    if origin != (endpoint.scheme, endpoint.host, endpoint.port) or parts.username is not None:
        raise ForeignLocationError(
            f"The operation-location does not lie on the connection's endpoint {endpoint.url}."
        )
    if not parts.path.startswith(endpoint.prefix + "/"):
        raise ForeignLocationError("The operation-location's path is not below the connection's endpoint.")
    return _handle_at(parts.path[len(endpoint.prefix) :], parts.query)


@cache
def _job_below(path: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(path)}/({JOB_ID})\Z")


def _handle_at(path: str, query: str) -> JobHandle:
    for surface in SURFACES:
        match = _job_below(surface.jobs_path).fullmatch(path)
        if match:
            return JobHandle(surface, _version(surface, query), match[1])
    raise ForeignLocationError("The operation-location's path is not the path of a job.")


def handle_of_answer(location: str, surface: Surface, version: str) -> JobHandle | None:
    """Read the job's id out of the operation-location of a submission's own answer.

    Only the id is taken, whatever the host: behind a gateway the service names itself otherwise than the
    connection does, and refusing the answer would lose a job that is already paid for.
    """
    match = _job_below(surface.jobs_path).search(location.partition("?")[0])
    return JobHandle(surface, version, match[1]) if match else None


def _version(surface: Surface, query: str) -> str:
    if not surface.version_in_query:
        return LEGACY_VERSION
    versions = parse_qs(query).get("api-version", [])
    if len(versions) != 1 or not VERSION.fullmatch(versions[0]):
        raise ForeignLocationError("The operation-location names no api-version.")
    return versions[0]
