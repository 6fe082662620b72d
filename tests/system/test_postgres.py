"""The PostgreSQL of the tests: there in seconds, and gone without a trace."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
import sqlalchemy

from tests.system.postgres import PostgresServer

pytestmark = pytest.mark.system


def ask(url: str, question: str) -> str:
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.pool.NullPool)
    with engine.connect() as connection:
        return str(connection.execute(sqlalchemy.text(question)).scalar_one())


def test_a_server_answers_from_the_folder_that_its_url_names(tmp_path: Path) -> None:
    with PostgresServer(tmp_path / "postgres.log") as server:
        folder = ask(server.url, "SHOW data_directory")

        assert server.url.endswith(str(Path(folder).parent))
        assert ask(server.url, "SHOW listen_addresses") == ""


def test_two_servers_at_once_are_two_databases(tmp_path: Path) -> None:
    with PostgresServer(tmp_path / "one.log") as one, PostgresServer(tmp_path / "other.log") as other:
        assert ask(one.url, "SHOW data_directory") != ask(other.url, "SHOW data_directory")


def test_neither_a_process_nor_a_file_of_the_server_is_left(tmp_path: Path) -> None:
    with PostgresServer(tmp_path / "postgres.log") as server:
        folder = Path(ask(server.url, "SHOW data_directory"))
        assert processes_in(folder)

    assert processes_in(folder) == []
    assert not folder.parent.exists()


def processes_in(folder: Path) -> list[psutil.Process]:
    return [process for process in psutil.process_iter(["cmdline"]) if mentions(process, str(folder))]


def mentions(process: psutil.Process, text: str) -> bool:
    return any(text in argument for argument in process.info["cmdline"] or [])
