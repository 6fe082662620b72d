"""What a request is counted as: the service counts each operation of a resource on its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

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

    @staticmethod
    def of(request: Request) -> Operation:
        """The operation of a request, whichever job it is about."""
        return _operation(request.method, request.path)

    @property
    def is_look(self) -> bool:
        """Whether it asks for the state or the results of a job, which waiting jobs are to come to."""
        return self.method == "GET"


@lru_cache(maxsize=256)
def _operation(method: str, path: str) -> Operation:
    """Remembered about as long as a request is under way, of which it is asked several times."""
    return Operation(method, _JOB.sub("", path))
