"""The pool of idle connections: a handler of a signal may come amid it, send over it, and raise."""

from __future__ import annotations

import threading

from urllib3 import HTTPConnectionPool

from airflow_provider_language.transports.connections import bind
from tests.interruptions import interrupted_everywhere


def bound_pool(size: int = 1) -> HTTPConnectionPool:
    pool = HTTPConnectionPool("127.0.0.1", 9, maxsize=size)
    bind(pool)
    return pool


def test_wherever_a_handler_raises_the_pool_can_be_used_on() -> None:
    pool = bound_pool()

    def use() -> None:
        pool._put_conn(pool._get_conn())

    def use_elsewhere() -> None:
        thread = threading.Thread(target=use, daemon=True)
        thread.start()
        thread.join(timeout=10)
        assert not thread.is_alive()

    assert interrupted_everywhere(use, use_elsewhere) > 3
    use()


def test_a_connection_is_used_again_and_no_more_are_kept_than_the_pool_takes() -> None:
    pool = bound_pool(size=1)
    first, second = pool._get_conn(), pool._get_conn()
    assert first is not second
    pool._put_conn(first)
    pool._put_conn(second)
    assert pool._get_conn() is first
    assert pool._get_conn() not in (first, second)
    pool.close()
