"""One run of ``advance``: the draft of the new state, what happened, and what is still to do."""

from collections import deque
from datetime import datetime
from typing import NamedTuple

from engine.bpmn.model import Element, Net, Process
from engine.runtime.effects import Effect, ElementCancelled, ElementCompleted, ElementEntered
from engine.runtime.errors import Incident
from engine.runtime.state import Activity, State
from kernel.language import Text

MOST_ACTIVITIES = 2_000


class Arrival(NamedTuple):
    """A token on its way to an element along a flow."""

    scope: str
    element: str
    flow: str
    line: str | None = None


class Run:
    """The working place of one command. Everything in the runtime is a function over it.

    ``line`` is the line of the token that moves, None where the instance does not remember its way.
    """

    def __init__(self, net: Net, state: State, now: datetime) -> None:
        self.net = net
        self.state = state
        self.now = now
        self.scopes = state["scopes"]
        self.activities = state["activities"]
        self.waits = state["waits"]
        self.line: str | None = None
        self.effects: list[Effect] = []
        self.arrivals: deque[Arrival] = deque()
        self.finished_scopes: deque[str] = deque()
        self.due_instances: deque[str] = deque()
        self.due_iterations: deque[str] = deque()
        self.due_undos: deque[str] = deque()

    def new_id(self) -> str:
        """Return an id that this instance has never used."""
        number = self.state["next_id"]
        self.state["next_id"] = number + 1
        return str(number)

    def process_of(self, scope_id: str) -> Process:
        """Return the process that a scope runs, or a part of which it runs."""
        return self.net.processes[self.scopes[scope_id]["process"]]

    def element_of(self, activity: Activity) -> Element:
        """Return the element that an activity visits."""
        return self.process_of(activity["scope"]).elements[activity["element"]]

    def new_activity(self, activity: Activity) -> str:
        """Add a visit to an element and return its id.

        Raises:
            Incident: the instance has grown beyond all sense.
        """
        if len(self.activities) >= MOST_ACTIVITIES:
            raise Incident(
                "guard.too-many-activities",
                Text(
                    zh=f"进行中的活动超过 {MOST_ACTIVITIES} 个。",
                    en=f"More than {MOST_ACTIVITIES} open activities.",
                ),
                activity["element"],
            )
        activity_id = self.new_id()
        if self.line is not None:
            activity["line"] = self.line
        self.activities[activity_id] = activity
        return activity_id

    # The three facts of a visit that history is made of.

    def entered(self, activity_id: str, element: Element) -> None:
        """Note that a visit began."""
        self.effects.append(ElementEntered(activity_id, element.id, element.process))

    def completed(self, activity_id: str, element: Element) -> None:
        """Note that a visit ended as drawn."""
        self.effects.append(ElementCompleted(activity_id, element.id, element.process))

    def cancelled(self, activity_id: str, element: Element) -> None:
        """Note that a visit was interrupted."""
        self.effects.append(ElementCancelled(activity_id, element.id, element.process))
