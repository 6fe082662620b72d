"""One run of a DAG with an emulator of its own: what is done to it, and what came of it."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tests.system.processes import wait_until
from tests.system.rest import FINISHED

if TYPE_CHECKING:
    from collections.abc import Callable

    import psutil

    from airflow_provider_language.emulator.embedded import Emulator
    from airflow_provider_language.emulator.instruments.faults import Fault
    from tests.chaos.gates import Gate
    from tests.system.rest import Run
    from tests.system.stack import AirflowStack

JOB_SECONDS = 3600.0
"""How long a job takes by the emulator's clock, which a scene moves on when it likes."""
# Of a machine that others load, where one try more can take forty seconds.
PATIENCE = 400.0
LOOK_SECONDS = 0.7
QUIET_SECONDS = 6.0
LOG_CHARACTERS = 3000
DOCUMENTS = tuple(
    {"id": str(number), "text": f"The kitchen of house {number} was clean and the garden was lovely."}
    for number in range(5)
)

T = TypeVar("T")


@dataclass(frozen=True)
class Requests:
    """What the service was asked for, by its journal.

    Attributes:
        accepted: submissions that began a job, whether the client learnt of it or not.
        cancelled: jobs that a client asked to cancel.
    """

    accepted: int
    cancelled: int


class Scene:
    """One run of a DAG whose connection leads to an emulator that nobody else asks.

    Args:
        stack: the Airflow.
        emulator: the service; its jobs last an hour by its clock.
        run: the run.
        output: the file that the run writes.
    """

    def __init__(self, stack: AirflowStack, emulator: Emulator, run: Run, output: Path):
        self.stack = stack
        self.emulator = emulator
        self.run = run
        self.output = output

    # What is done.

    def finish_jobs(self) -> None:
        """Let the time pass that the jobs take."""
        self.emulator.clock.advance(JOB_SECONDS + 1)

    def processes(self, task_id: str) -> list[psutil.Process]:
        """Return the process that looks after a running task, and the one that runs it."""
        process = self.stack.task_process(self.run, task_id)
        supervisor = process.parent()
        if supervisor is None or supervisor.pid == self.stack.process("scheduler").pid:
            raise AssertionError(f"nobody but the scheduler looks after {task_id}")
        return [supervisor, process]

    def kill(self, task_id: str) -> None:
        """Kill the process that runs a task (SIGKILL), as the kernel does when memory runs out."""
        self.stack.task_process(self.run, task_id).kill()

    def try_again(self, task_id: str) -> bool:
        """Have a task go on whose process was killed: Airflow tries it again; on 3.0, a user clears it.

        There it counts as failed, whatever its retries: https://github.com/apache/airflow/pull/55767.

        Returns:
            Whether it was cleared, by which a task submits another job.
        """
        is_cleared = self.stack.installation.version.startswith("3.0.")
        if is_cleared:
            self.wait_for(task_id, "failed")
            self.clear(task_id)
        return is_cleared

    def kill_with_supervisor(self, task_id: str) -> None:
        """Kill the process that runs a task and the one that would tell of it, as a machine's loss does."""
        for process in self.processes(task_id):
            process.kill()

    def mark(self, task_id: str, state: str) -> None:
        """Mark a task ``success`` or ``failed``, as a user does."""
        self.stack.api.mark_task(self.run, task_id, state)

    def clear(self, task_id: str) -> None:
        """Clear a task and what comes after it, as a user does."""
        self.stack.clear_task(self.run, task_id)

    def clear_and_forget(self, task_id: str) -> None:
        """Clear a task, and delete what it has kept, as Airflow 3.4 does."""
        self.stack.api.forget_task(self.run, task_id)
        self.clear(task_id)

    # What is waited for.

    def wait_for(self, task_id: str, state: str, *, try_number: int = 1) -> None:
        """Wait until a task is in a state, in its so manyth try or a later one."""

        def look() -> bool | None:
            instance = self.stack.api.task_instance(self.run, task_id)
            return (instance["state"] == state and instance["try_number"] >= try_number) or None

        self.wait(look, f"{task_id} {state} in try {try_number}", while_running=state not in FINISHED)

    def wait_until_watched(self, task_id: str, state: str, *, try_number: int = 1) -> None:
        """Wait until a task is in a state and somebody asks the service for its job again and again."""
        self.wait_for(task_id, state, try_number=try_number)
        self.wait_for_looks(2)

    def wait_for_looks(self, number: int = 1) -> None:
        """Wait until the service has been asked for the state of a job so many times more."""
        before = self.looks
        self.wait(lambda: self.looks >= before + number or None, f"{number} looks at the job")

    def wait_until_unwatched(self) -> None:
        """Wait until nobody has asked the service for the state of a job for some seconds."""
        last = (self.looks, time.monotonic())

        def look() -> bool | None:
            nonlocal last
            if self.looks != last[0]:
                last = (self.looks, time.monotonic())
            return time.monotonic() - last[1] > QUIET_SECONDS or None

        self.wait(look, "quiet", while_running=False)

    def wait_until_held(self, task_id: str, gate: Gate) -> None:
        """Wait until a task stands at a gate."""
        self.wait_for(task_id, "running")
        process = self.stack.task_process(self.run, task_id)
        self.wait(lambda: gate.holds(process) or None, f"{task_id} at the gate")

    def wait_until_well(self) -> None:
        """Wait until every fault has struck, and a look has met none any more."""

        def look() -> bool | None:
            looks = self.emulator.journal.select(operation="status")
            return (all(one.struck for one in self.emulator.faults) and looks[-1].fault is None) or None

        self.wait(look, "the end of all faults", while_running=False)

    def wait_for_jobs(self, number: int) -> None:
        """Wait until so many jobs have begun at the service."""
        self.wait(lambda: len(self.emulator.jobs()) >= number or None, f"{number} jobs")

    def wait_for_cancellation(self) -> None:
        """Wait until a client has asked to cancel a job."""
        self.wait(lambda: self.requests.cancelled or None, "a cancellation", while_running=False)

    def wait_for_fault(self, fault: Fault) -> int:
        """Order a fault and wait until it has struck.

        Returns:
            Its number, by which it can be called off.
        """
        number = self.emulator.faults.add(fault)

        def struck() -> bool | None:
            return any(one.id == number and one.struck for one in self.emulator.faults) or None

        self.wait(struck, f"a request that {fault.effect} strikes")
        return number

    def end(self, state: str) -> None:
        """Wait until the run has finished, and require that it has in this state."""
        self.wait(lambda: self.finished or None, "the end of the run", while_running=False)
        found = self.stack.api.run_state(self.run)
        if found != state:
            raise AssertionError(f"the run ended as {found} instead of {state}\n{self.picture()}")

    def wait(
        self,
        look: Callable[[], T | None],
        what: str,
        *,
        pause: float = LOOK_SECONDS,
        while_running: bool = True,
    ) -> T:
        """Wait until there is something to see.

        Args:
            look: returns None as long as there is nothing.
            what: the thing, for the message.
            pause: seconds between looks.
            while_running: whether it is in vain once the run has finished.

        Raises:
            AssertionError: it did not come.
        """

        def look_again() -> T | None:
            over = while_running and self.finished
            found = look()
            if found is None and over:
                raise AssertionError(f"the run finished without {what}\n{self.picture()}")
            return found

        try:
            return wait_until(look_again, what=what, timeout=PATIENCE, pause=pause)
        except RuntimeError as error:
            raise AssertionError(f"{error}\n{self.picture()}") from error

    # What came of it.

    @property
    def finished(self) -> bool:
        """Whether the run has finished."""
        return self.stack.api.run_state(self.run) in FINISHED

    @property
    def looks(self) -> int:
        """How many times the service was asked for the state of a job."""
        return len(self.emulator.journal.select(operation="status"))

    @property
    def requests(self) -> Requests:
        """What the service was asked for until now."""
        cancels = self.emulator.journal.select(operation="cancel")
        return Requests(
            accepted=self.emulator.journal.summary().accepted,
            cancelled=len({entry.path for entry in cancels}),
        )

    def state(self, task_id: str) -> str | None:
        """Return the state of a task."""
        state: str | None = self.stack.api.task_instance(self.run, task_id)["state"]
        return state

    def require(self, *, accepted: int, cancelled: int) -> None:
        """Require that the service was asked for so much.

        Raises:
            AssertionError: it was asked for something else.
        """
        wanted = Requests(accepted, cancelled)
        if self.requests != wanted:
            raise AssertionError(f"{self.requests} instead of {wanted}\n{self.picture()}")

    def require_state(self, task_id: str, state: str) -> None:
        """Require that a task is in a state."""
        found = self.state(task_id)
        if found != state:
            raise AssertionError(f"{task_id} is {found} instead of {state}\n{self.picture()}")

    def require_tries(self, task_id: str, number: int) -> None:
        """Require that a task was tried so many times."""
        found = self.stack.api.task_instance(self.run, task_id)["try_number"]
        if found != number:
            raise AssertionError(f"{task_id} was tried {found} times instead of {number}\n{self.picture()}")

    def require_live_jobs(self, number: int) -> None:
        """Require that so many jobs were not cancelled."""
        found = [job.status for job in self.emulator.jobs() if job.status != "cancelled"]
        if len(found) != number:
            raise AssertionError(
                f"{len(found)} jobs were not cancelled instead of {number}\n{self.picture()}"
            )

    def require_results(self) -> None:
        """Require a whole file: one row for each document that was submitted."""
        rows = [json.loads(line) for line in self.output.read_text().splitlines()]
        found = Counter((row["document_id"], row["status"]) for row in rows)
        if found != Counter((document["id"], "ok") for document in DOCUMENTS):
            raise AssertionError(f"the file holds {dict(found)}\n{self.picture()}")

    def picture(self) -> str:
        """Write down what can be seen of the scene, for a person who has to find out what happened."""
        instances = self.stack.api.task_instances(self.run)
        states = [f"{one['task_id']}: {one['state']} (try {one['try_number']})" for one in instances]
        jobs = [f"job {job.id}: {job.status}" for job in self.emulator.jobs()]
        asked = [str(self.emulator.journal.summary())]
        return "\n".join([str(self.run), *states, *jobs, *asked, *map(self._log, instances)])

    def _log(self, instance: dict[str, Any]) -> str:
        if not instance["try_number"]:
            return ""
        tries = range(1, instance["try_number"] + 1)
        logs = [
            self.stack.api.task_log(self.run, instance["task_id"], try_number=number)[-LOG_CHARACTERS:]
            for number in tries
        ]
        heading = f"--- {instance['task_id']}, try"
        return "\n".join(f"{heading} {number}\n{log}" for number, log in zip(tries, logs, strict=True))
