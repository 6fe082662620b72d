"""What a request is counted as: the service counts each operation of a resource on its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow_provider_language.protocol.wire import Request

_JOB = re.compile(r"(?<=/jobs)/[^/:]+")


@dataclass(frozen=True)
class Operation:
    """Requests that share one budget; the service's refusals name it (docs/service.md, limits).

    Args:
        method: of HTTP.
        path: without the id of the job.
    """

    method: str
    path: str

    @classmethod
    def of(cls, request: Request) -> Operation:
        """The operation of a request, whichever job it is about."""
        return cls(request.method, _JOB.sub("", request.path))

    @property
    def is_look(self) -> bool:
        """Whether it asks for the state or the results of a job, which waiting jobs are to come to."""
        return self.method == "GET"
