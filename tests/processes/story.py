"""The language in which process tests are written: start, complete as, time passes, expect.

A story runs one process on the pure runtime. Around it stand fakes that keep state: a desk that answers
the service tasks, a catalogue that follows the state machine of a component version, and people who
may not decide what they handed in themselves. Forms are validated as the platform does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from inspect import isfunction
from pathlib import Path
from typing import Any, ClassVar

import orjson
from jsonschema import Draft202012Validator

from domain.catalogue.states import TRANSITIONS, Event, State
from engine.bpmn.compiler import compile_process_files
from engine.bpmn.model import Net
from engine.runtime.advance import advance
from engine.runtime.commands import (
    AddSignatory,
    Command,
    CompleteActivity,
    DeliverMessage,
    FireTimer,
    Start,
)
from engine.runtime.effects import (
    Effect,
    FlowTaken,
    InstanceEnded,
    JobDropped,
    JobRequested,
    ListenerCalled,
    MessageAwaited,
    MessageThrown,
    SignalThrown,
    TimerArmed,
    TimerDropped,
    UserTaskClosed,
    UserTaskOpened,
    WaitDropped,
)
from engine.runtime.migrating import migrate

PROCESSES = Path(__file__).resolve().parents[2] / "processes"
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
VERSION_ID = "0199a000-0000-7000-8000-000000000001"

Answer = Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any]]


def shipped_files() -> dict[str, bytes]:
    """Read every shipped diagram with its decisions."""
    files = {path.name: path.read_bytes() for path in PROCESSES.glob("*/*.bpmn")}
    tables = PROCESSES.glob("*/decisions/*.dmn")
    return files | {f"{path.parts[-3]}/{path.name}": path.read_bytes() for path in tables}


@cache
def shipped_net() -> Net:
    """Compile every shipped diagram with its decisions, once."""
    return compile_process_files(shipped_files())


@cache
def form_validator(process: str, form: str) -> Draft202012Validator:
    """Return the validator of a form, once per file."""
    return Draft202012Validator(orjson.loads((PROCESSES / process / "forms" / form).read_bytes()))


class TransitionForbidden(AssertionError):
    """The diagram asked for a transition that the state machine does not have."""


@dataclass
class FakeCatalogue:
    """The state of one component version: follows the table S01 to S41 and keeps what was asked."""

    state: State | None
    asked: list[str] = field(default_factory=list)

    def ask(self, event: str, reason: str | None) -> None:
        """Move to the next state; a transition not in the table, or one without its reason, is refused."""
        for row in TRANSITIONS:
            if row.event == Event(event) and self.state in row.sources and isinstance(row.target, State):
                if row.needs_reason and not (reason or "").strip():
                    raise TransitionForbidden(f"{event} needs a reason")
                self.state = row.target
                self.asked.append(event)
                return
        raise TransitionForbidden(f"{event} is not possible from {self.state}")


class FakeDesk:
    """Answers service tasks; an answer may be a value or a function of the parameters."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = dict(answers)
        self.calls: list[tuple[str, Mapping[str, Any]]] = []

    def answer(self, topic: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what the handler of the topic would yield."""
        self.calls.append((topic, parameters))
        answer = self.answers.get(topic, {})
        return answer(parameters) if callable(answer) else answer


class Story:
    """One instance of a shipped process with everybody around it.

    ``people`` maps element ids to who completed them. Every flow taken by any story is kept in
    ``walked``, so that a test can ask whether a diagram was walked completely.
    """

    walked: ClassVar[set[tuple[str, str]]] = set()

    def __init__(
        self,
        process: str,
        desk: Mapping[str, Answer],
        state: State | None,
        *,
        initiator: str = "initiator",
        net: Net | None = None,
    ) -> None:
        self.process = process
        self.net = net or shipped_net()
        self.now = MONDAY
        self.desk = FakeDesk(desk)
        self.catalogue = FakeCatalogue(state)
        self.initiator = initiator
        self.people: dict[str, str] = {}
        self.history: list[Effect] = []
        self.statements: list[Mapping[str, Any]] = []
        self.saved: list[Mapping[str, Any]] = []
        self.heard: list[tuple[str, Mapping[str, Any]]] = []
        self._state: Any = None
        self._tasks: dict[str, UserTaskOpened] = {}
        self._jobs: dict[str, JobRequested] = {}
        self._timers: dict[str, TimerArmed] = {}
        self._waits: dict[str, MessageAwaited] = {}

    # What can be done.

    def start(self, start_event: str | None = None, **variables: Any) -> Story:
        """Start the process by hand, by message or as another process would call it."""
        started = start_event or self._none_start()
        self.people[started] = self.initiator
        self._send(Start(self.process, {"initiatorId": self.initiator, **variables}, start_event))
        return self

    def complete(self, element: str, by: str | None = None, **data: Any) -> Story:
        """Claim and complete the open user task of an element with what its form asks for."""
        task = self.task(element)
        person = by or f"{task.role} of {element}"
        self._refuse_same_person(task, person)
        errors = [error.message for error in self.validator(task).iter_errors(data)]
        assert not errors, f"{element}: {errors}"
        self._send(CompleteActivity(task.activity_id, data))
        self.people[element] = person
        return self

    def withdraw(self, element: str, reason: str = "业务调整") -> Story:
        """End the open task as the initiator, who gives a reason."""
        task = self.task(element)
        assert task.withdraw, f"{element} may not be withdrawn"
        self._send(CompleteActivity(task.activity_id, {"outcome": "withdraw", "reason": reason}))
        return self

    def message(self, name: str, key: str = VERSION_ID, **payload: Any) -> Story:
        """Send a message to the instance, which must be waiting for it."""
        wait_id = next(w.wait_id for w in self._waits.values() if (w.name, w.key) == (name, key))
        self._send(DeliverMessage(wait_id, payload))
        return self

    def time_passes(self, **time: float) -> Story:
        """Let time pass; whatever falls due on the way fires in order."""
        until = self.now + timedelta(**time)
        while due := sorted((t for t in self._timers.values() if t.due_at <= until), key=lambda t: t.due_at):
            timer = self._timers.pop(due[0].wait_id)
            self.now = timer.due_at
            self._send(FireTimer(timer.wait_id))
        self.now = until
        return self

    def migrate(self) -> Story:
        """Carry the instance over to the shipped version of its diagrams."""
        self._state, effects = migrate(self.net, shipped_net(), self._state, {}, self.now)
        self.net = shipped_net()
        for effect in effects:
            self._note(effect)
        return self

    def add_signatory(self, element: str, name: str) -> UserTaskOpened:
        """Ask one more person to sign before an open task; return what that person is asked."""
        self._send(AddSignatory(self.task(element).activity_id, "before", ({"id": name},)))
        return next(task for task in reversed(self._tasks.values()) if task.element_id == element)

    # What is expected.

    def expect_waiting_at(self, *elements: str) -> Story:
        """Expect exactly these user tasks to be open."""
        assert sorted(task.element_id for task in self._tasks.values()) == sorted(elements)
        return self

    def expect_state(self, state: State) -> Story:
        """Expect the component version to be in a state."""
        assert self.catalogue.state == state
        return self

    def expect_ended_with(self, result: str) -> Story:
        """Expect the instance to be over with a result, and nothing left open."""
        ended = [effect for effect in self.history if isinstance(effect, InstanceEnded)]
        assert [(effect.result, effect.error) for effect in ended] == [(result, None)]
        assert not (self._tasks)
        assert not (self._jobs)
        assert not (self._timers)
        assert not (self._waits)
        return self

    def expect_failed_with(self, error: str) -> Story:
        """Expect the instance to be over with an error that its caller hears of, and nothing left open."""
        ended = [effect for effect in self.history if isinstance(effect, InstanceEnded)]
        assert [effect.error for effect in ended] == [error]
        assert not (self._tasks)
        assert not (self._jobs)
        return self

    def expect_thrown(self, name: str) -> Mapping[str, Any]:
        """Expect a message or signal to have been thrown once; return its payload."""
        thrown = [e for e in self.history if isinstance(e, MessageThrown | SignalThrown) and e.name == name]
        assert len(thrown) == 1, f"{name} was thrown {len(thrown)} times"
        return thrown[0].payload

    def expect_asked(self, *events: str) -> Story:
        """Expect exactly these transitions to have been asked for, in order."""
        assert self.catalogue.asked == list(events)
        return self

    # What can be looked at.

    @property
    def topics(self) -> list[str]:
        """Return the topics of the service tasks that ran, in order."""
        return [topic for topic, _ in self.desk.calls]

    @property
    def awaited(self) -> set[tuple[str, str]]:
        """Return the messages that are waited for, each with its correlation key."""
        return {(wait.name, wait.key) for wait in self._waits.values()}

    def task(self, element: str) -> UserTaskOpened:
        """Return the open user task of an element."""
        found = [task for task in self._tasks.values() if task.element_id == element]
        waiting = sorted(task.element_id for task in self._tasks.values())
        assert found, f"{element} is not open, but {waiting}"
        return found[0]

    def validator(self, task: UserTaskOpened) -> Draft202012Validator:
        """Return the validator of the form of a task."""
        assert task.form, f"{task.element_id} has no form"
        return form_validator(task.scope_process, task.form)

    # How it goes on.

    def _none_start(self) -> str:
        process = self.net.processes[self.process]
        return next(start for start in process.starts if process.elements[start].event is None)

    def _refuse_same_person(self, task: UserTaskOpened, person: str) -> None:
        barred = {self.people[element] for element in task.differs_from if element in self.people}
        assert person not in barred, f"{person} may not complete {task.element_id}"

    def _send(self, command: Command) -> None:
        """Carry out a command, then everything that runs by itself."""
        self._carry_out(command)
        while self._jobs:
            job = self._jobs.pop(next(iter(self._jobs)))
            self._carry_out(
                CompleteActivity(job.activity_id, dict(self.desk.answer(job.topic, job.parameters)))
            )

    def _carry_out(self, command: Command) -> None:
        self._state, effects = advance(self.net, self._state, command, self.now)
        self.history += effects
        for effect in effects:
            self._note(effect)

    def _note(self, effect: Effect) -> None:
        match effect:
            case UserTaskOpened():
                self._tasks[effect.activity_id] = effect
            case UserTaskClosed():
                del self._tasks[effect.activity_id]
            case JobRequested():
                self._jobs[effect.activity_id] = effect
            case JobDropped():
                self._jobs.pop(effect.activity_id, None)
            case TimerArmed():
                self._timers[effect.wait_id] = effect
            case TimerDropped():
                self._timers.pop(effect.wait_id, None)
            case MessageAwaited():
                self._waits[effect.wait_id] = effect
            case WaitDropped():
                self._waits.pop(effect.wait_id, None)
            case ListenerCalled():
                self._listen(effect)
            case FlowTaken():
                Story.walked.add((effect.scope_process, effect.flow_id))
            case _:
                pass

    def _listen(self, call: ListenerCalled) -> None:
        if call.topic == "catalogue.transition":
            self.catalogue.ask(call.parameters["event"], call.parameters.get("reason"))
        elif call.topic == "catalogue.save_record":
            self.saved.append(call.parameters["record"])
        elif call.topic in {
            "checks.record_statement",
            "catalogue.check_provider",
            "catalogue.offer_mandate",
            "catalogue.review_record",
            "catalogue.settle_review",
            "assessment.judge",
            "assessment.confirm_failed",
            "assessment.agree",
            "catalogue.call_for_review",
            "admission.save",
            "admission.close",
            "changes.submit",
            "changes.note_version",
            "changes.finish",
        }:
            self.statements.append(call.parameters)
        elif call.topic.startswith(("delisting.", "plan.")):
            # These ask for their transitions in the domain: tests/integration shows what becomes of them.
            self.heard.append((call.topic, call.parameters))
        else:
            raise AssertionError(f"nobody listens to {call.topic}")


def flows_not_walked(process: str, stories: Iterable[Callable[[], object]]) -> list[str]:
    """Tell the stories and return the sequence flows of a process that none of them took."""
    Story.walked.clear()
    for tell in stories:
        tell()
    taken = {flow for key, flow in Story.walked if key == process}
    return sorted(set(shipped_net().processes[process].flows) - taken)


def stories_of(module: Mapping[str, Any]) -> list[Callable[[], object]]:
    """Return the stories of a test module: its tests that need no fixture."""
    return [
        tell
        for name, tell in module.items()
        if name.startswith("test_") and not name.endswith("_every_flow")
        if isfunction(tell) and not tell.__code__.co_argcount
    ]
