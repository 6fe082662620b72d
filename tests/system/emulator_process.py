"""Runs the emulator of the service as a process of its own."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Literal

from tests.system.processes import LOOPBACK, ManagedProcess, free_port, is_listening, wait_until

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

READY_SECONDS = 60


class EmulatorProcess:
    """The emulator on the loopback interface, from entering the context to leaving it.

    Args:
        folder: where its log is written.
        key: the only subscription key that it lets in.
        port: a port of the loopback interface; a free one by default.
        job_seconds: how long each job takes, or ``recorded``: as the live service's did.
        tier: whose limits of the rate of requests are kept; none by default.
        blobs: a folder that stands for storage accounts; without one there is no storage.
        token_issuer: whether the connection has no key, but signs in as the machine's identity, for which
            this emulator gives tokens.
    """

    def __init__(
        self,
        folder: Path,
        *,
        key: str,
        port: int | None = None,
        job_seconds: float | Literal["recorded"] = 0.5,
        tier: str | None = None,
        blobs: Path | None = None,
        token_issuer: bool = False,
    ):
        self.folder = folder
        self.key = key
        self.job_seconds = job_seconds
        self.tier = tier
        self.blobs = blobs
        self.token_issuer = token_issuer
        self.port = port or free_port()
        self._process: ManagedProcess | None = None

    @property
    def endpoint(self) -> str:
        """The URL that stands for the endpoint of a Language resource."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def log(self) -> Path:
        """The file that holds what the emulator writes."""
        return self.folder / "emulator.log"

    @property
    def connection(self) -> str:
        """An Airflow connection to this emulator, in the JSON form of an AIRFLOW_CONN_ variable."""
        signs_in = {"extra": {"auth": "managed_identity"}} if self.token_issuer else {"password": self.key}
        return json.dumps({"conn_type": "azure_language", "host": self.endpoint, **signs_in})

    @property
    def environment(self) -> dict[str, str]:
        """What Airflow's processes need to use it: the connection, and where the machine's tokens are."""
        variables = {"AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT": self.connection}
        if self.token_issuer:
            variables["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = self.endpoint
        return variables

    def require_running(self) -> None:
        """Raise ProcessError if the emulator has ended."""
        if self._process is not None:
            self._process.require_running()

    def __enter__(self) -> Self:
        """Start the emulator and wait until it accepts connections."""
        command = [sys.executable, "-m", "airflow_provider_language.emulator", "--port", str(self.port)]
        command += ["--key", self.key, "--duration", str(self.job_seconds)]
        command += ["--tier", self.tier] if self.tier else []
        command += ["--blobs", str(self.blobs)] if self.blobs else []
        command += ["--token-issuer"] if self.token_issuer else []
        self._process = ManagedProcess(command, environment=os.environ, folder=self.folder, log=self.log)
        try:
            wait_until(
                lambda: is_listening(self.port) or None,
                what="emulator accepting connections",
                timeout=READY_SECONDS,
                alive=[self._process],
            )
        except BaseException:
            self._process.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the emulator."""
        if self._process is not None:
            self._process.stop()
