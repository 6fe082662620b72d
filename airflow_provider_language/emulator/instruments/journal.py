"""The journal of requests: what a test asks to learn what its client really sent."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from airflow_provider_language.emulator.protocol.operations import Operation

DEFAULT_CAPACITY = 100_000
"""Requests that a journal remembers unless told otherwise."""

NO_ANSWER = 0
"""The status of a request whose connection was closed without an answer."""

_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
_MAX_PATH = 512
# The values of all other parameters are left out: clients have been seen to put keys there.
_TOLD_PARAMETERS = frozenset(
    {
        "api-version",
        "showstats",
        "top",
        "skip",
        "$top",
        "$skip",
        "model-version",
        "stringindextype",
        "loggingoptout",
        "domain",
        "piicategories",
        "opinionmining",
    }
)


@dataclass(frozen=True)
class Entry:
    """One answered request; texts and keys are not in it.

    Attributes:
        method: For example ``"POST"``.
        path: The path without the query; at most 512 characters of it.
        query: The query as it was sent, without the question mark; see `told_query`.
        status: The HTTP status of the answer; 0 if the connection was closed without one.
        at: When the answer was ready, by the emulator's clock.
        operation: What the request does; None if the service has nothing like it.
        fault: The effect of the fault that struck the request, if one did.
        accepted: The id of the job that the request began, whether the client learnt of it or not.
    """

    method: str
    path: str
    query: str
    status: int
    at: datetime
    operation: Operation | None = None
    fault: str | None = None
    accepted: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the entry as JSON."""
        return {**vars(self), "at": self.at.isoformat()}


@dataclass(frozen=True)
class Summary:
    """What a number of requests come to.

    Attributes:
        requests: How many there are.
        accepted: How many of them began a job.
        statuses: How many there are of each HTTP status.
        faults: How many were struck by each effect.
        operations: How many there are of each operation, and the most within any second and any minute.
    """

    requests: int
    accepted: int
    statuses: Mapping[int, int]
    faults: Mapping[str, int]
    operations: Mapping[str, OperationSummary]

    def to_json(self) -> dict[str, Any]:
        """Return the summary as JSON."""
        return {
            **vars(self),
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "operations": {name: vars(operation) for name, operation in self.operations.items()},
        }


@dataclass(frozen=True)
class OperationSummary:
    """What the requests of one operation come to.

    Attributes:
        requests: How many there are.
        per_second: The most of them within any second, by the emulator's clock.
        per_minute: The most of them within any minute.
    """

    requests: int
    per_second: int
    per_minute: int


class Journal:
    """The answered requests, oldest first; beyond its capacity the oldest are forgotten.

    Args:
        capacity: How many requests are remembered.
    """

    def __init__(self, capacity: int = DEFAULT_CAPACITY) -> None:
        self._entries: deque[Entry] = deque(maxlen=capacity)
        self._appended = 0
        self._cleared = 0

    def __iter__(self) -> Iterator[Entry]:
        # A copy: the server's thread appends while a test iterates.
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def forgotten(self) -> int:
        """How many requests there was no room for, since the journal was last cleared."""
        return self._appended - self._cleared - len(self._entries)

    def append(self, entry: Entry) -> None:
        """Note one answered request."""
        self._entries.append(entry)
        self._appended += 1

    def clear(self) -> None:
        """Forget all requests, so that a test counts from here on."""
        self._entries.clear()
        self._cleared = self._appended

    def count(self, method: str, path: str = "") -> int:
        """Return how many requests had a method and a path that ends in the given text."""
        return sum(entry.method == method and entry.path.endswith(path) for entry in self)

    def select(
        self,
        *,
        method: str | None = None,
        path: str | None = None,
        operation: str | None = None,
        since: datetime | None = None,
    ) -> list[Entry]:
        """Return the requests that fit, oldest first.

        Args:
            method: The HTTP method.
            path: A text that the path has in it.
            operation: What the request does: ``submit``, ``status``, ``cancel`` or ``sync``.
            since: The time, by the emulator's clock, from which on; with a time zone.
        """
        return [
            entry
            for entry in self
            if method in (None, entry.method)
            and (path is None or path in entry.path)
            and operation in (None, entry.operation)
            and (since is None or entry.at >= since)
        ]

    def summary(self) -> Summary:
        """Return what all remembered requests come to."""
        return summarize(tuple(self))


def summarize(entries: Sequence[Entry]) -> Summary:
    """Return what requests come to.

    Args:
        entries: The requests, oldest first.
    """
    times: dict[str, list[datetime]] = {}
    for entry in entries:
        times.setdefault(entry.operation or "other", []).append(entry.at)
    return Summary(
        requests=len(entries),
        accepted=sum(entry.accepted is not None for entry in entries),
        statuses=Counter(entry.status for entry in entries),
        faults=Counter(entry.fault for entry in entries if entry.fault is not None),
        operations={
            name: OperationSummary(len(moments), most_within(_SECOND, moments), most_within(_MINUTE, moments))
            for name, moments in times.items()
        },
    )


def most_within(span: timedelta, moments: Iterable[datetime]) -> int:
    """Return how many moments at most lie within less than a span of each other.

    Args:
        span: The length of the window.
        moments: In their order.
    """
    window: deque[datetime] = deque()
    most = 0
    for moment in moments:
        window.append(moment)
        while moment - window[0] >= span:
            window.popleft()
        most = max(most, len(window))
    return most


def told_path(path: str) -> str:
    """Return as much of a path as the journal tells."""
    return path[:_MAX_PATH]


def told_query(query: str) -> str:
    """Return a query as the journal tells it: as it was sent, if the service knows all its parameters.

    The values of other parameters are left out.

    Args:
        query: As it was sent, without the question mark.
    """
    sent = parse_qsl(query, keep_blank_values=True)
    if all(name.lower() in _TOLD_PARAMETERS for name, _ in sent):
        return query[:_MAX_PATH]
    told = (
        f"{quote(name, safe='$')}={quote(value, safe='') if name.lower() in _TOLD_PARAMETERS else ''}"
        for name, value in sent
    )
    return "&".join(told)[:_MAX_PATH]
