"""A return never skips an approval: what returns superseded is erased from the log of a run, and the
rest is a run of the diagram as drawn, to the same state, with every form as it was seen.

See docs/explanation/returns.md. The rest is played with the plain runtime, which remembers no way.
"""

import json
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.model import Net
from engine.runtime.commands import (
    Command,
    CompleteActivity,
    DeliverSignal,
    ReturnTo,
    TakeBack,
)
from engine.runtime.effects import TokensReturned, UserTaskOpened, WentStraightBack
from engine.runtime.returning import return_targets
from engine.runtime.state import State
from engine.runtime.taking_back import can_take_back
from tests.properties.test_runtime import SETTINGS
from tests.properties.workflows import Workflow, draw_workflow
from tests.unit.engine.diagram import net
from tests.unit.engine.instance import Instance

MOST_STEPS = 40
OFTEN = ["complete"] * 8 + ["signal", "return", "straight back", "take back"]


@dataclass
class Entry:
    """One line of the log: what was done to what, found again by where it stands in the diagram."""

    number: str
    kind: str
    path: tuple[Any, ...]
    answer: int
    seen: Any
    superseded_by: str = ""


def path_of_activity(state: State, activity_id: str | None) -> tuple[Any, ...]:
    """Say where an activity stands: elements and loop counters from the outside inwards."""
    path: tuple[Any, ...] = ()
    while activity_id is not None:
        activity = state["activities"][activity_id]
        counter = activity.get("locals", {}).get("loopCounter")
        path = (activity["element"], counter, *path)
        activity_id = state["scopes"][activity["scope"]]["owner"]
    return path


def path_of_wait(state: State, wait_id: str) -> tuple[Any, ...]:
    """Say where a wait stands."""
    wait = state["waits"][wait_id]
    owner = wait.get("activity", state["scopes"][wait["scope"]]["owner"])
    return (wait["element"], *path_of_activity(state, owner))


def picture(state: State) -> Any:
    """Describe a state without ids and times, and without the way that led to it."""

    def activity(key: str) -> Any:
        record = {name: value for name, value in state["activities"][key].items() if name not in _IDS}
        instances = [each for each, one in state["activities"].items() if one.get("instance_of") == key]
        return (
            json.dumps(record, sort_keys=True),
            sorted(map(activity, instances)),
            scope(state["activities"][key]["child"]) if "child" in state["activities"][key] else [],
            waits("activity", key),
        )

    def waits(of: str, key: str) -> list[Any]:
        held_by = [
            (one.get("activity", one["scope"]), "activity" in one, one) for one in state["waits"].values()
        ]
        mine = [one for holder, is_own, one in held_by if holder == key and is_own == (of == "activity")]
        return sorted((one["element"], one["kind"], str(one.get("repeats"))) for one in mine)

    def scope(key: str) -> Any:
        record = {name: value for name, value in state["scopes"][key].items() if name != "owner"}
        inside = [each for each, one in state["activities"].items() if one["scope"] == key]
        visits = [each for each in inside if "instance_of" not in state["activities"][each]]
        return [json.dumps(record, sort_keys=True), sorted(map(activity, visits)), waits("scope", key)]

    root = next(key for key, each in state["scopes"].items() if each["owner"] is None)
    return [state["status"], scope(root)]


_IDS = frozenset({"scope", "child", "instance_of", "line"})


class Player:
    """A run with its log."""

    def __init__(self, compiled: Net, workflow: Workflow) -> None:
        self.instance = Instance(compiled, **workflow.variables)
        self.book: list[Entry] = []
        self.seen: dict[str, Any] = {}
        self.fired: set[str] = set()
        self.returned_to: dict[str, str] = {}
        self._look()

    @property
    def state(self) -> State:
        assert self.instance.state is not None
        return self.instance.state

    def _look(self) -> None:
        for effect in self.instance.happened(UserTaskOpened):
            # What another may write at any moment is seen as it is by chance, return or not.
            if effect.element_id not in self.instance.net.processes[effect.scope_process].races:
                self.seen[effect.activity_id] = effect.prefill

    def do(self, kind: str, number: str, path: tuple[Any, ...], answer: int = 0) -> None:
        """Carry out one step and write it down."""
        command: Command = DeliverSignal(number)
        if kind == "complete":
            command = CompleteActivity(number, {"answer": answer})
        else:
            self.fired.add(number)
        self.instance.send(command)
        self.book.append(Entry(number, kind, path, answer, self.seen.get(number)))
        for effect in self.instance.happened(WentStraightBack):
            self._go_straight(effect)
        self._look()

    @property
    def log(self) -> list[Entry]:
        """What counts, in order."""
        return [entry for entry in self.book if not entry.superseded_by]

    def go_back(self, command: ReturnTo | TakeBack, visit: str = "") -> None:
        """Return or take back, and erase what does not count any more."""
        self.instance.send(command)
        opened = self.instance.happened(UserTaskOpened)[0].activity_id
        opened = self.state["activities"][opened].get("instance_of", opened)
        self.returned_to[opened] = visit
        for entry in self.log:
            is_gone = entry.number == visit
            if isinstance(command, ReturnTo):
                is_gone = entry.number in self.instance.happened(TokensReturned)[0].superseded
            entry.superseded_by = opened if is_gone else ""
        self._look()

    def _go_straight(self, effect: WentStraightBack) -> None:
        """Let what counts again count again, and put what was done anew where it was done before."""
        numbers = range(int(self.returned_to[effect.activity_id]), int(effect.activity_id))
        redone = [
            entry for entry in self.book if int(entry.number) >= numbers.stop and not entry.superseded_by
        ]
        redone = [entry for entry in redone if entry.path[:-1] == self.book[-1].path[:-1]]
        self.book = [entry for entry in self.book if entry not in redone]
        for entry in self.book:
            if entry.superseded_by == effect.activity_id and entry.number in effect.reinstated:
                entry.superseded_by = ""
        before = [entry for entry in self.book if int(entry.number) in numbers]
        place = max(self.book.index(entry) for entry in before if entry.path[:-1] == redone[0].path[:-1])
        self.book[place:place] = redone

    def replay(self, log: list[Entry]) -> None:
        """Do what a log says, as far as it can be found."""
        for entry in log:
            state, kind = self.state, entry.kind
            if kind == "complete":
                work = [key for key, each in state["activities"].items() if "work" in each]
                found = [key for key in work if path_of_activity(state, key) == entry.path]
            else:
                found = [key for key in state["waits"] if path_of_wait(state, key) == entry.path]
            assert found, f"{entry} cannot be done in the diagram as drawn"
            if kind == "complete":
                assert self.seen.get(found[0]) == entry.seen, f"{entry} saw other data"
            self.do(kind, found[0], entry.path, entry.answer)


def check_rule(plain: Net, workflow: Workflow, player: Player) -> None:
    """Play what is left of the log in the diagram as drawn."""
    again = Player(plain, workflow)
    again.replay(player.log)
    assert picture(again.state) == picture(player.state)
    assert open_forms(again) == open_forms(player)


def open_forms(player: Player) -> list[str]:
    """Say what whoever has an open task sees."""
    work = player.state["activities"]
    return sorted(str((path_of_activity(player.state, key), player.seen.get(key))) for key in work)


@settings(SETTINGS, max_examples=200)
@given(seed=st.integers(0, 2**32))
def test_a_return_never_skips_an_approval(seed: int) -> None:
    random = Random(seed)
    walk(random, draw_workflow(random, depth=random.choice([2, 3, 4])))


def walk(random: Random, workflow: Workflow) -> None:
    """Do what may be done, in random order, and hold the rule after every return and at the end."""
    compiled = net(*workflow.files)
    plain = replace(compiled, keeps_lines=False)
    player = Player(compiled, workflow)
    for _ in range(MOST_STEPS):
        state = player.state
        if state["status"] == "ended":
            break
        possible, wanted = moves(compiled, player), random.choice(OFTEN)
        choices = [each for each in possible if each[0] == wanted] or possible
        kind, number, detail = random.choice(choices)
        if kind in {"complete", "signal"}:
            path = path_of_activity(state, number) if kind == "complete" else path_of_wait(state, number)
            player.do(kind, number, path, answer_to(random, player, path))
        else:
            straight = kind == "straight back"
            element, _, visit = detail.partition(" ")
            command = TakeBack(number) if kind == "take back" else ReturnTo(number, element, straight)
            player.go_back(command, visit or number)
            check_rule(plain, workflow, player)
    check_rule(plain, workflow, player)


def answer_to(random: Random, player: Player, path: tuple[Any, ...]) -> int:
    """Answer anything, or what was answered there the last time: then the token may go straight back."""
    before = [entry.answer for entry in player.book if entry.path == path]
    return before[-1] if before and random.random() < 0.6 else random.randrange(3)


def moves(compiled: Net, player: Player) -> list[tuple[str, str, str]]:
    """List what may happen next, each kind of it as likely as another."""
    state = player.state
    found: list[tuple[str, str, str]] = []
    known = set()
    for key, activity in state["activities"].items():
        path = path_of_activity(state, key)
        if "work" in activity and path not in known:
            known.add(path)
            found.append(("complete", key, ""))
            targets = return_targets(compiled, state, key)
            for target in targets:
                found.append(("return", key, f"{target.element_id} {target.visit}"))
                if target.straight_back:
                    found.append(("straight back", key, f"{target.element_id} {target.visit}"))
    # A signal that starts something beside others may come again; a second one would look the same.
    signals = [key for key, each in state["waits"].items() if each["kind"] == "signal"]
    found += [("signal", key, "") for key in signals if key not in player.fired]
    done = [each.number for each in player.log]
    found += [("take back", number, "") for number in done if can_take_back(compiled, state, number)]
    return found
