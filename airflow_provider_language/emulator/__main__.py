"""The command line: ``python -m airflow_provider_language.emulator``."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
from datetime import timedelta
from pathlib import Path

from .identity import MODEL_VERSION
from .journal import Journal
from .projects import SAMPLES, InvalidProject, Projects
from .server import start
from .service import DEFAULT_DURATION, Settings

_DEFAULT_PORT = 5000


def _seconds(text: str) -> timedelta:
    try:
        duration = timedelta(seconds=float(text))
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds") from error
    if duration < timedelta(0):
        raise argparse.ArgumentTypeError("a job cannot take less than no time")
    return duration


def _projects(folder: str) -> Projects:
    try:
        return Projects.load(Path(folder))
    except InvalidProject as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line.

    Args:
        arguments: Instead of the process's own.
    """
    parser = argparse.ArgumentParser(
        prog="python -m airflow_provider_language.emulator",
        description="Emulate the asynchronous jobs of Azure AI Language.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="interface to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=_DEFAULT_PORT, help="0 takes a free one (default: %(default)s)"
    )
    parser.add_argument("--key", help="the only key to let in (default: any)")
    parser.add_argument(
        "--duration",
        type=_seconds,
        default=DEFAULT_DURATION,
        metavar="SECONDS",
        help=f"how long each job takes; 0 finishes it at once (default: {DEFAULT_DURATION.total_seconds()})",
    )
    parser.add_argument(
        "--projects",
        type=_projects,
        default=str(SAMPLES),
        metavar="FOLDER",
        help="project files for the custom kinds (default: the samples in %(default)s)",
    )
    return parser.parse_args(arguments)


async def serve(arguments: argparse.Namespace) -> None:
    """Serve until the process is told to stop (SIGTERM or SIGINT)."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    settings = Settings(key=arguments.key, duration=arguments.duration, projects=arguments.projects)
    runner, endpoint = await start(settings, Journal(), arguments.host, arguments.port)
    try:
        print(f"Emulator of Azure AI Language on {endpoint}", flush=True)
        print(
            f"Not the service: small local engines answer, marked {MODEL_VERSION}; "
            "nothing leaves this machine, nothing is billed, nothing is kept.",
            flush=True,
        )
        await stop.wait()
    finally:
        await runner.cleanup()


def main() -> None:
    """Run the command line."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(serve(parse_arguments()))


if __name__ == "__main__":
    main()
