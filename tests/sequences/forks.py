"""Forks while other threads ask what is known of resources: ``python -m tests.sequences.forks NUMBER``."""

from __future__ import annotations

import os
import sys
import threading
from itertools import count

from airflow_provider_language.hooks.connections import ConnectionSettings
from airflow_provider_language.hooks.resources import known
from airflow_provider_language.protocol.jobs.handles import Endpoint

HOST = "https://one.cognitiveservices.azure.com"


def main(number: int) -> None:
    """Fork so many times; each child asks, too, and ends.

    Raises:
        RuntimeError: a child ended otherwise. One that hangs is waited for.
    """
    over = threading.Event()

    def ask() -> None:
        for one in count():
            known(ConnectionSettings(Endpoint.parse(f"https://n{one % 40}.example")))
            if over.is_set():
                return

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(number):
            child = os.fork()
            if child == 0:
                known(ConnectionSettings(Endpoint.parse(HOST)))
                os._exit(0)
            if os.waitpid(child, 0)[1] != 0:
                raise RuntimeError("a child failed")
    finally:
        over.set()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main(int(sys.argv[1]))
