"""Random walks with signatories added and removed at every turn: nothing sticks, and nobody is passed by.

``Instance`` stores and reloads the state after every step and checks the invariants of the runtime.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from engine.bpmn.model import Net
from engine.runtime.commands import AddSignatory, CompleteActivity, RemoveSignatory
from engine.runtime.effects import ElementCompleted, UserTaskClosed, UserTaskOpened
from engine.runtime.errors import NotPossible
from tests.unit.engine import diagram as d
from tests.unit.engine.instance import Instance

MOST_STEPS = 200


def workplace() -> Net:
    """Return tasks in branches, a sub-process, a called process, several instances and a vote, in a loop."""
    plain = {name: d.user(d.output(f"d_{name}", "outcome")) for name in ("one", "two")}
    inner = d.sub_process("start_in -> inner -> end_in", inner=d.user(d.output("d_inner", "outcome")))
    called = d.xml("start -> away -> end", key="called", away=d.user(d.output("d_away", "outcome")))
    vote = d.user("", d.instances(count="3"), zujian_approval="60%", zujian_decision="d_vote")
    several = d.user("", d.instances(over="people", item="who", sequential=True))
    again = "d_vote == 'refuse' and tries < 3"
    main = d.xml(
        f"""start -> merge -> count -> fork -> one -> join -> vote -> decide
            fork -> two -> part -> join
            fork -> call -> several -> join
            decide -[again: {again}]-> merge
            decide -[on]-> end""",
        merge=d.exclusive(),
        count=d.script("tries = tries + 1"),
        fork=d.parallel(),
        join=d.parallel(),
        decide=d.exclusive("on"),
        part=inner,
        call=d.node("callActivity", calledElement="called"),
        vote=vote,
        several=several,
        **plain,
    )
    return d.net(main, called)


@dataclass
class Clerk:
    """Remembers who was asked for what, and what they said."""

    case: Instance
    signatures: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def note(self) -> None:
        """Learn from the last command, and compare what a task came to with what its signatories said."""
        for effect in self.case.last:
            if isinstance(effect, UserTaskOpened) and effect.place in ("before", "after"):
                self.signatures[effect.activity_id] = effect.added_to or ""
            elif isinstance(effect, UserTaskClosed) and not effect.completed:
                self.signatures.pop(effect.activity_id, None)
        for effect in self.case.last:
            if isinstance(effect, ElementCompleted) and effect.activity_id not in self.signatures:
                self._compare(effect)

    def _compare(self, done: ElementCompleted) -> None:
        opinions = [self.said.get(key) for key, task in self.signatures.items() if task == done.activity_id]
        result = self.case.variables.get(f"d_{done.element_id}")
        if done.element_id in ("one", "two", "inner") and opinions:
            assert result == ("agree" if set(opinions) == {"agree"} and result == "agree" else "refuse")
            assert "refuse" not in opinions or result == "refuse"
            assert None not in opinions or result == "refuse", "somebody who was asked was passed by"


@pytest.mark.parametrize("seed", range(40))
def test_random_signatories_never_stick_and_never_turn_a_refusal(seed: int) -> None:
    chance = random.Random(seed)
    case = Instance(workplace(), people=["a", "b"], tries=0)
    clerk = Clerk(case)

    for _ in range(MOST_STEPS):
        if case.end is not None:
            break
        step(case, clerk, chance)
        clerk.note()

    while case.end is None:
        finish(case, clerk)
    assert case.end.error is None


def step(case: Instance, clerk: Clerk, chance: random.Random) -> None:
    """Do something at random."""
    activities = case._state["activities"]
    open_work = [key for key, each in activities.items() if each.get("work") == "user"]
    added = [
        key for key, each in activities.items() if "added_to" in each and ("work" in each or "held" in each)
    ]
    case.last = []
    action = chance.random()
    if action < 0.3:
        place = chance.choice(("before", "after", "beside"))
        who = tuple({"person": "x", "item": "z"} for _ in range(chance.randint(1, 2)))
        try:
            case.send(AddSignatory(chance.choice(open_work), place, who))  # type: ignore[arg-type]
        except NotPossible:
            case.last = []
    elif action < 0.4 and added:
        case.send(RemoveSignatory(chance.choice(added)))
    else:
        complete(case, clerk, chance.choice(open_work), chance.choice(("agree", "agree", "refuse")))


def finish(case: Instance, clerk: Clerk) -> None:
    """Agree to whatever is open."""
    for key, each in case._state["activities"].items():
        if each.get("work") == "user":
            complete(case, clerk, key, "agree")
            clerk.note()
            return


def complete(case: Instance, clerk: Clerk, activity_id: str, outcome: str) -> None:
    """Say something."""
    clerk.said[activity_id] = outcome
    case.send(CompleteActivity(activity_id, {"outcome": outcome}))
