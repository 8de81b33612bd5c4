"""A process instance in tests: tells stories like ``complete("review", outcome="agree")``.

It stands in for the shell: after every command the state goes through JSON, the
given state is compared with what it was, and the invariants of the runtime are checked.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.bpmn.model import Net
from engine.runtime.advance import advance
from engine.runtime.commands import (
    Cancel,
    Command,
    CompleteActivity,
    DeliverMessage,
    DeliverSignal,
    FireTimer,
    Start,
    ThrowError,
)
from engine.runtime.effects import (
    Effect,
    ElementCancelled,
    ElementCompleted,
    InstanceEnded,
    JobRequested,
    UserTaskOpened,
)
from engine.runtime.state import State
from tests.unit.engine.invariants import check_invariants

NOON = datetime(2026, 1, 30, 4, tzinfo=UTC)  # noon in Shanghai


class Instance:
    """One instance of a process and everything that happened to it."""

    def __init__(
        self, net: Net, process: str = "p", start_event: str | None = None, **variables: Any
    ) -> None:
        self.net = net
        self.now = NOON
        self.history: list[Effect] = []
        self.last: list[Effect] = []
        self.state: State | None = None
        self.send(Start(process, variables, start_event))

    # What can be done.

    def send(self, command: Command) -> "Instance":
        """Carry out a command the way the shell does."""
        before = json.dumps(self.state)
        state, effects = advance(self.net, self.state, command, self.now)
        assert json.dumps(self.state) == before, "the given state was changed"
        self.state = json.loads(json.dumps(state))
        self.last = effects
        self.history += effects
        check_invariants(self.net, self.state)
        return self

    def complete(self, element: str, index: int = 0, **data: Any) -> "Instance":
        """Complete the open user task or job of an element."""
        return self.send(CompleteActivity(self.activity(element, index), data))

    def fail(self, element: str, code: str, **data: Any) -> "Instance":
        """Let the job of an element end in a business error."""
        return self.send(ThrowError(self.activity(element), code, data))

    def message(self, name: str, key: str = "k", **payload: Any) -> "Instance":
        """Deliver a message to the wait for it."""
        return self.send(DeliverMessage(self.wait(name=name), payload))

    def signal(self, name: str, **payload: Any) -> "Instance":
        """Deliver a signal that another instance threw."""
        return self.send(DeliverSignal(self.wait(name=name), payload))

    def fire(self, element: str) -> "Instance":
        """Let the timer of an element come due."""
        wait_id = self.wait(element=element, kind="timer")
        self.now = max(self.now, datetime.fromisoformat(self._state["waits"][wait_id]["due"]))
        return self.send(FireTimer(wait_id))

    def later(self, **time: float) -> "Instance":
        """Let time pass."""
        self.now += timedelta(**time)
        return self

    def cancel(self) -> "Instance":
        """Cancel the instance."""
        return self.send(Cancel())

    # What can be seen.

    @property
    def _state(self) -> State:
        assert self.state is not None
        return self.state

    def activity(self, element: str, index: int = 0) -> str:
        """Return the id of the open work of an element."""
        found = [
            key
            for key, each in self._state["activities"].items()
            if each["element"] == element and "work" in each
        ]
        return found[index]

    def wait(self, **wanted: str) -> str:
        """Return the id of the first wait with these properties."""
        return next(
            key
            for key, each in self._state["waits"].items()
            if all(each.get(k) == v for k, v in wanted.items())
        )

    @property
    def work(self) -> list[str]:
        """Elements with open user tasks or jobs, sorted."""
        return sorted(each["element"] for each in self._state["activities"].values() if "work" in each)

    @property
    def waits(self) -> list[str]:
        """Elements whose event is waited for, sorted."""
        return sorted(each["element"] for each in self._state["waits"].values())

    @property
    def variables(self) -> dict[str, Any]:
        """Variables of the process."""
        root = next(scope for scope in self._state["scopes"].values() if scope["owner"] is None)
        return root["variables"]

    @property
    def completed(self) -> list[str]:
        """Elements completed so far, in order."""
        return [each.element_id for each in self.history if isinstance(each, ElementCompleted)]

    @property
    def cancelled(self) -> list[str]:
        """Elements interrupted so far, in order."""
        return [each.element_id for each in self.history if isinstance(each, ElementCancelled)]

    def happened(self, kind: type[Any]) -> list[Any]:
        """Return the effects of one kind that the last command had."""
        return [each for each in self.last if isinstance(each, kind)]

    @property
    def opened(self) -> list[Any]:
        """User tasks and jobs that the last command asked for."""
        return [each for each in self.last if isinstance(each, UserTaskOpened | JobRequested)]

    @property
    def end(self) -> InstanceEnded | None:
        """How the instance ended; None while it runs."""
        return next((each for each in self.history if isinstance(each, InstanceEnded)), None)
