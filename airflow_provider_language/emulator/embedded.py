"""An emulator inside another process, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from airflow_provider_language.emulator.blobs.stores import Storage
from airflow_provider_language.emulator.instruments.clock import AdvanceableClock
from airflow_provider_language.emulator.instruments.durations import Recorded
from airflow_provider_language.emulator.instruments.instrument import Instrument
from airflow_provider_language.emulator.instruments.job_reports import JobReport, report
from airflow_provider_language.emulator.instruments.journal import DEFAULT_CAPACITY, Journal
from airflow_provider_language.emulator.instruments.rates import TIERS, RateLimit
from airflow_provider_language.emulator.jobs.life import DEFAULT_CAPACITY as MAX_JOBS
from airflow_provider_language.emulator.projects.catalogue import Projects
from airflow_provider_language.emulator.service import DEFAULT_DURATION, Settings
from airflow_provider_language.emulator.web.gateway import SERVICE
from airflow_provider_language.emulator.web.server import start

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from types import TracebackType

    from typing_extensions import Self

    from airflow_provider_language.emulator.engines import Detector, Engines
    from airflow_provider_language.emulator.jobs.life import Clock

_Result = TypeVar("_Result")


class Emulator:
    """An emulator of Azure AI Language on the loopback interface.

    It serves from its creation until `close`::

        with Emulator() as emulator:
            client = TextAnalyticsClient(emulator.endpoint, AzureKeyCredential("any key"))

    Args:
        key: The only key that is let in; None lets any key in.
        token_issuer: Whether it gives bearer tokens as the metadata endpoint of a machine with a managed
            identity does (AZURE_POD_IDENTITY_AUTHORITY_HOST), and lets none in but those, and a key only if
            one is said.
        duration: How long each job takes, in seconds or as a timedelta; 0 finishes it at once; a `Recorded`
            draws from the recorded durations.
        clock: What tells the time, with a time zone; None takes this machine's. The state of jobs follows
            from it alone, so a test moves a job on by moving its clock, or by ``emulator.clock.advance``.
        engines: What analyses each kind; None takes the real ones.
        projects: A folder of project files, which stand for the trained models of custom kinds and of
            conversational language understanding (see the module `projects`); None takes the samples.
        detect_language: What finds the language of a text; None takes the real one.
        blobs: A folder that stands for the storage accounts of the cloud: the blob
            ``https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH`` is its file ``ACCOUNT/CONTAINER/PATH``.
            None has none.
        blob_endpoints: Storage that is reached over HTTP with the signatures (SAS) of the locations, such as
            Azurite's ``http://127.0.0.1:10000/devstoreaccount1``; nothing else is.
        port: Where to listen; 0 takes a free port.
        tier: The pricing tier whose rate limits are kept; None keeps none.
        max_jobs: How many jobs are kept at most, finished ones for their 24 hours.
        journal_capacity: How many requests the journal remembers.

    Raises:
        OSError: The port is taken.
        PlaceError: A blob endpoint is no URL.
        InvalidProject: A project file cannot be used.

    Attributes:
        endpoint: The URL to give to clients, for example ``http://127.0.0.1:41234``.
        journal: The answered requests, oldest first.
        faults: The faults that are ordered; none at first.
        clock: Tells the emulator's time, and moves it on.
    """

    def __init__(
        self,
        *,
        key: str | None = None,
        token_issuer: bool = False,
        duration: float | timedelta | Recorded = DEFAULT_DURATION,
        clock: Clock | None = None,
        engines: Engines | None = None,
        detect_language: Detector | None = None,
        projects: str | Path | None = None,
        blobs: str | Path | None = None,
        blob_endpoints: Sequence[str] = (),
        port: int = 0,
        tier: Literal["S", "F0"] | None = None,
        max_jobs: int = MAX_JOBS,
        journal_capacity: int = DEFAULT_CAPACITY,
    ) -> None:
        defaults = Settings()
        self.clock = AdvanceableClock(clock or defaults.clock)
        settings = Settings(
            key=key,
            token_issuer=token_issuer,
            duration=timedelta(seconds=duration) if isinstance(duration, (int, float)) else duration,
            clock=self.clock,
            max_jobs=max_jobs,
            engines=defaults.engines if engines is None else engines,
            detect_language=detect_language or defaults.detect_language,
            storage=Storage.of(None if blobs is None else Path(blobs), blob_endpoints),
            projects=defaults.projects if projects is None else Projects.load(Path(projects)),
        )
        rate_limit = None if tier is None else RateLimit(TIERS[tier])
        instrument = Instrument(self.clock, journal=Journal(journal_capacity), rate_limit=rate_limit)
        self.journal = instrument.journal
        self.faults = instrument.faults
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="emulator", daemon=True)
        self._thread.start()
        try:
            self._runner, self.endpoint = self._run(start(settings, instrument, "127.0.0.1", port))
        except BaseException:
            self._stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def jobs(self) -> list[JobReport]:
        """Return what is to be told of the jobs that have not expired, oldest first."""
        return self._run(self._reports())

    async def _reports(self) -> list[JobReport]:
        service = self._runner.app[SERVICE]
        now = service.now()
        return [report(job, now) for job in service.jobs()]

    def close(self) -> None:
        """Stop serving and free the port; may be called more than once."""
        if not self._loop.is_closed():
            self._run(self._runner.cleanup())
            self._stop()

    def _run(self, coroutine: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
