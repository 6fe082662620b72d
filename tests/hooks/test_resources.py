"""What a process knows of a resource: once, as long as anybody uses it."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from airflow_provider_language.hooks import resources
from airflow_provider_language.hooks.connections import ConnectionSettings
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.hooks.resources import REMEMBERED, Memory, known
from airflow_provider_language.hooks.sessions import access
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.jobs.handles import Endpoint
from airflow_provider_language.protocol.pacing.limits import Limits
from airflow_provider_language.protocol.pacing.operations import Operation
from tests.scripted_service import Answer, ScriptedJobs, ScriptedService, Seen, job_body, job_location

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator
    from tests.conftest import Connect

Serve = Callable[..., ScriptedService]
HOST = "https://one.cognitiveservices.azure.com"


def settings(host: str = HOST, **more: object) -> ConnectionSettings:
    return replace(ConnectionSettings(Endpoint.parse(host)), **more)  # type: ignore[arg-type]


def ask_many() -> None:
    """Ask more other resources than are remembered."""
    for number in range(3 * REMEMBERED):
        known(settings(f"https://n{number}.cognitiveservices.azure.com"))
    gc.collect()


def test_what_is_known_is_of_the_resource_whoever_asks_with_whichever_key() -> None:
    first, second = (known(settings(headers={"key": key})) for key in ("a", "b"))
    assert first is second
    assert known(settings("https://two.cognitiveservices.azure.com")) is not first
    assert known(settings(limits=Limits(10, 10))) is not first


def child_s_answer(tell: Callable[[], bool]) -> bool:
    """What a forked process finds."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, b"1" if tell() else b"0")
        os._exit(0)
    os.waitpid(child, 0)
    return os.read(reader, 1) == b"1"


def test_a_forked_process_knows_nothing_of_its_parents_requests() -> None:
    ours = known(settings()).resource
    assert child_s_answer(lambda: known(settings()).resource is not ours)


def test_a_hook_that_was_made_before_a_fork_uses_what_the_forked_process_knows(connect: Connect) -> None:
    connect(HOST)
    hook = LanguageHook()
    ours = hook._known
    assert child_s_answer(lambda: hook._known is not ours and hook._known is known(hook.connection_settings))


def test_a_fork_while_another_thread_asks_holds_up_nobody() -> None:
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with resources._memory._knowing:
            held.set()
            over.wait(timeout=30)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(timeout=30)
    try:
        assert child_s_answer(lambda: known(settings()).resource.waiting == 0)
    finally:
        over.set()
        thread.join()


def test_a_process_remembers_the_last_few_resources_that_nobody_uses_and_no_more() -> None:
    memory = Memory()
    for number in range(100):
        memory.known(settings(f"https://n{number}.cognitiveservices.azure.com"))
    gc.collect()
    assert len(memory._held) == REMEMBERED


def test_a_resource_whose_request_is_under_way_is_never_forgotten(serve: Serve) -> None:
    def answer(_: Seen) -> Answer:
        ask_many()
        found.append(known(of_the_hook).resource.pressure(0.0))
        return Answer(200, job_body("succeeded"))

    found: list[float] = []
    service = serve(answer)
    of_the_hook = LanguageHook().connection_settings
    LanguageHook().get(job_location(service.endpoint))

    assert found == [0.001]


def test_a_resource_that_a_hook_has_used_is_never_forgotten_while_there_is_the_hook(connect: Connect) -> None:
    connect(HOST)
    hook = LanguageHook()
    used = id(hook._known)
    ask_many()
    assert id(known(hook.connection_settings)) == used


async def test_a_resource_to_which_a_session_is_open_is_never_forgotten() -> None:
    async with access(settings(), linger=0) as way:
        with way.resource.wait():
            ask_many()
            assert known(settings()).resource.waiting == 1


def test_hooks_of_one_process_learn_together_how_long_jobs_take(serve: Serve) -> None:
    service = serve(ScriptedJobs({"job-1": ["succeeded"]}))
    hook = LanguageHook(settings=Settings())
    hook.wait(job_location(service.endpoint), poll_interval=0.0)
    resource = known(hook.connection_settings).resource
    assert sum(resource.durations._count.values()) == 1


def test_the_requests_of_a_hook_count_in_the_budget(language: Emulator) -> None:
    hook = LanguageHook()
    location = hook.submit(["hello"], ["KeyPhraseExtraction"], language="en")
    hook.get(location)
    operations = known(hook.connection_settings).resource.budget._operations
    path = "/language/analyze-text/jobs"
    assert set(operations) == {Operation("GET", path), Operation("POST", path)}
