"""The command line: ``python -m airflow_provider_language.emulator``."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
from datetime import timedelta
from pathlib import Path

from airflow_provider_language.emulator.blobs.places import PlaceError
from airflow_provider_language.emulator.blobs.stores import Storage
from airflow_provider_language.emulator.instruments.clock import AdvanceableClock
from airflow_provider_language.emulator.instruments.durations import Recorded
from airflow_provider_language.emulator.instruments.fault_orders import parse_fault
from airflow_provider_language.emulator.instruments.faults import Fault
from airflow_provider_language.emulator.instruments.instrument import CONTROL_PATH, Instrument
from airflow_provider_language.emulator.instruments.journal import DEFAULT_CAPACITY, Journal
from airflow_provider_language.emulator.instruments.ordered_faults import Faults
from airflow_provider_language.emulator.instruments.rates import TIERS, RateLimit
from airflow_provider_language.emulator.jobs.life import DEFAULT_CAPACITY as MAX_JOBS
from airflow_provider_language.emulator.jobs.life import utc_now
from airflow_provider_language.emulator.projects.catalogue import SAMPLES, Projects
from airflow_provider_language.emulator.projects.files import InvalidProject
from airflow_provider_language.emulator.protocol.identity import MODEL_VERSION
from airflow_provider_language.emulator.service import DEFAULT_DURATION, Settings
from airflow_provider_language.emulator.web.server import start

_DEFAULT_PORT = 5000
_RECORDED = "recorded"


def _duration(text: str) -> timedelta | Recorded:
    if text == _RECORDED:
        return Recorded()
    try:
        duration = timedelta(seconds=float(text))
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number of seconds nor 'recorded'") from error
    if duration < timedelta(0):
        raise argparse.ArgumentTypeError("a job cannot take less than no time")
    return duration


def _growth(text: str) -> float:
    try:
        return Recorded(growth=float(text)).growth
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1") from error


def _fault(text: str) -> Fault:
    try:
        return parse_fault(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no positive number")
    return int(text)


def _projects(folder: str) -> Projects:
    try:
        return Projects.load(Path(folder))
    except InvalidProject as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text!r}")
    return Path(text)


def _endpoint(text: str) -> str:
    try:
        Storage.of(None, [text])
    except PlaceError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no endpoint of blobs") from error
    return text


def _add_service(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="interface to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=_DEFAULT_PORT, help="0 takes a free one (default: %(default)s)"
    )
    parser.add_argument("--key", help="the only key to let in (default: any)")
    parser.add_argument(
        "--token-issuer",
        action="store_true",
        help="give bearer tokens as the metadata endpoint of a machine does, and let in who has one of them "
        "(their audience and expiry are checked, they have no signature) or the --key (default: let any in)",
    )
    parser.add_argument("--tier", choices=sorted(TIERS), help="keep this tier's rate limits (default: none)")
    parser.add_argument(
        "--max-jobs",
        type=_count,
        default=MAX_JOBS,
        metavar="N",
        help="jobs to keep at most, finished ones for their 24 hours (default: %(default)s)",
    )


def _add_durations(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--duration",
        type=_duration,
        default=DEFAULT_DURATION,
        metavar="SECONDS",
        help="how long each job takes; 0 finishes it at once, 'recorded' draws from the recorded durations "
        f"(default: {DEFAULT_DURATION.total_seconds()})",
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="of the recorded durations (default: %(default)s)"
    )
    parser.add_argument(
        "--growth",
        type=_growth,
        default=Recorded().growth,
        metavar="POWER",
        help="of documents times tasks by which 'recorded' durations grow (default: %(default)s)",
    )


def _add_instruments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fault",
        type=_fault,
        action="append",
        default=[],
        metavar="EFFECT[,FIELD=VALUE...]",
        help="order a fault, as 'throttled,operation=status,retry_after=2,times=all'; may be repeated",
    )
    parser.add_argument(
        "--journal",
        type=_count,
        default=DEFAULT_CAPACITY,
        metavar="N",
        help="requests to remember (default: %(default)s)",
    )
    parser.add_argument(
        "--control-host",
        action="append",
        default=[],
        metavar="NAME",
        help=f"let other machines ask for {CONTROL_PATH}/ by this host name; may be repeated (default: none)",
    )


def _add_folders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--projects",
        type=_projects,
        default=str(SAMPLES),
        metavar="FOLDER",
        help="project files for the custom kinds (default: the samples in %(default)s)",
    )
    parser.add_argument(
        "--blobs",
        type=_folder,
        metavar="FOLDER",
        help="storage for native documents: https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH is the file "
        "FOLDER/ACCOUNT/CONTAINER/PATH (default: none)",
    )
    parser.add_argument(
        "--blob-endpoint",
        type=_endpoint,
        action="append",
        default=[],
        metavar="URL",
        help="storage to reach over HTTP, as Azurite's http://127.0.0.1:10000/devstoreaccount1; may be "
        "repeated (default: none)",
    )


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line.

    Args:
        arguments: Instead of the process's own.
    """
    parser = argparse.ArgumentParser(
        prog="python -m airflow_provider_language.emulator",
        description="Emulate the asynchronous jobs of Azure AI Language.",
    )
    for add in (_add_service, _add_durations, _add_instruments, _add_folders):
        add(parser)
    return parser.parse_args(arguments)


def build_instrument(arguments: argparse.Namespace) -> Instrument:
    """Return what the command line puts into the hand of those who control the emulator."""
    faults = Faults()
    for fault in arguments.fault:
        faults.add(fault)
    return Instrument(
        clock=AdvanceableClock(utc_now),
        faults=faults,
        journal=Journal(arguments.journal),
        rate_limit=None if arguments.tier is None else RateLimit(TIERS[arguments.tier]),
        control_hosts=frozenset(name.lower() for name in arguments.control_host),
    )


def build_settings(arguments: argparse.Namespace, instrument: Instrument) -> Settings:
    """Return how the command line sets the emulator up."""
    duration = arguments.duration
    if isinstance(duration, Recorded):
        duration = Recorded(seed=arguments.seed, growth=arguments.growth)
    return Settings(
        key=arguments.key,
        token_issuer=arguments.token_issuer,
        duration=duration,
        clock=instrument.clock,
        projects=arguments.projects,
        storage=Storage.of(arguments.blobs, arguments.blob_endpoint),
        max_jobs=arguments.max_jobs,
    )


async def serve(arguments: argparse.Namespace) -> None:
    """Serve until the process is told to stop (SIGTERM or SIGINT)."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    instrument = build_instrument(arguments)
    settings = build_settings(arguments, instrument)
    runner, endpoint = await start(settings, instrument, arguments.host, arguments.port)
    try:
        print(f"Emulator of Azure AI Language on {endpoint}", flush=True)
        print(
            f"Not the service: small local engines answer, marked {MODEL_VERSION}; "
            "nothing leaves this machine, nothing is billed, nothing is kept.",
            flush=True,
        )
        print(f"To watch it and to order faults: {endpoint}{CONTROL_PATH}/", flush=True)
        if arguments.token_issuer:
            print(f"For tokens of it: AZURE_POD_IDENTITY_AUTHORITY_HOST={endpoint}", flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()


def main() -> None:
    """Run the command line."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(serve(parse_arguments()))


if __name__ == "__main__":
    main()
