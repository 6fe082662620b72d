"""What signing in with Entra ID costs: CPU of a look over one with a key, and the first token's stall."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
from importlib import import_module

from airflow_provider_language.emulator import Emulator
from tests.bench.tables import Cell, Table
from tests.bench.triggerer import INTERVAL, Loop, child, connection, lateness_of, server

JOBS = 1000
ROUNDS = 3
_AUTHORITY = "AZURE_POD_IDENTITY_AUTHORITY_HOST"


def measured(*, short: bool) -> list[Table]:
    """Measure both, each way several times in turn: the cheapest look, and all of the first tokens.

    Args:
        short: whether few jobs and one round have to do.
    """
    jobs, seconds, rounds = (100, 1.0, 1) if short else (JOBS, 20.0, ROUNDS)
    ways: dict[str, list[Loop]] = {"key": [], "managed_identity": []}
    with server() as endpoint, Emulator(token_issuer=True, engines={}) as issuer:
        for _ in range(rounds):
            for auth, found in ways.items():
                environment = {
                    "AIRFLOW_CONN_BENCH": connection(endpoint, limited=False, auth=auth),
                    _AUTHORITY: issuer.endpoint,
                }
                found.append(child(endpoint, jobs, 1, seconds, INTERVAL, environment=environment))
        stalls = [_first_token(issuer.endpoint) for _ in range(rounds)]
    costs = {auth: min(one.cpu_per_look for one in found) for auth, found in ways.items()}
    rows: list[list[Cell]] = [
        [auth.replace("_", " "), cost, cost / costs["key"]] for auth, cost in costs.items()
    ]
    return [
        Table(
            f"CPU of a look by who signs in ({jobs} jobs, each every {INTERVAL:g} s, the best of {rounds})",
            ("way", "CPU per look (ms)", "over a key"),
            rows,
        ),
        Table(
            f"Longest stall of the loop by the first token, import of azure included ({rounds} processes)",
            ("median (ms)", "longest (ms)"),
            [[statistics.median(stalls), max(stalls)]],
        ),
    ]


def _first_token(issuer: str) -> float:
    """The longest stall of a fresh process's loop, in milliseconds."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.sign_in"],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        env={**os.environ, _AUTHORITY: issuer},
    )
    return float(told.stdout.splitlines()[-1])


async def _stall() -> float:
    # As a trigger has it: all is imported but what only a token needs.
    import_module("airflow_provider_language.hooks.language")
    tokens = import_module("airflow_provider_language.hooks.tokens")
    credentials = import_module("airflow_provider_language.hooks.credentials")
    lateness = asyncio.create_task(lateness_of(3.0))
    await asyncio.sleep(0.5)
    await tokens.token_in_loop(credentials.Credential(credentials.ManagedIdentity()))
    return 1000 * await lateness


if __name__ == "__main__":
    print(asyncio.run(_stall()))
