"""Data objects in random diagrams, and a token game that keeps their values.

What is drawn may ask two branches to fill one object, which is refused at deployment: ``compiled`` draws
less then. What an object holds follows from the game alone: who filled it last since its scope began.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from engine.bpmn.model import Net
from engine.bpmn.problems import DefinitionRefused
from tests.properties.sketch import Drawing
from tests.properties.token_game import Answer, TokenGame
from tests.properties.writing import write
from tests.unit.engine.diagram import net

WORK = frozenset({"task", "choice"})
HOLDERS = frozenset({"sub", "handler"})


@st.composite
def with_objects(draw: st.DrawFn, drawings: st.SearchStrategy[Drawing]) -> Drawing:
    """Add data objects to a drawing, and who fills, needs, shows and carries them."""
    drawing = draw(drawings)
    scopes = [name for name, kind in drawing.kinds.items() if kind in HOLDERS]
    for number in range(draw(st.integers(2, 5))):
        drawing.objects[f"object_{number}"] = draw(st.sampled_from(["", *scopes]))
    for name, kind in drawing.kinds.items():
        around = drawing.visible(name)
        if around and kind in WORK:
            _use(draw, drawing, name, st.sampled_from(around))
        inside = [each for each, scope in drawing.objects.items() if scope == name]
        if around and inside and kind == "sub":
            drawing.carries[name] = (draw(st.sampled_from(inside)), draw(st.sampled_from(around)))
    return drawing


def _use(draw: st.DrawFn, drawing: Drawing, name: str, objects: st.SearchStrategy[str]) -> None:
    # Where much is needed that nobody fills, little can begin.
    needed = draw(objects)
    if draw(st.integers(0, 7)) == 7 and any(needed in filled for filled in drawing.fills.values()):
        drawing.needs[name] = [needed]
    if draw(st.booleans()):
        drawing.shows[name] = draw(objects)
    if draw(st.integers(0, 3)) < 3:
        drawing.fills[name] = draw(st.lists(objects, min_size=1, max_size=2, unique=True))
        if draw(st.booleans()):
            drawing.by_output.add(name)


def compiled(drawing: Drawing) -> Net:
    """Compile a drawing; who would fill an object beside somebody else fills none."""
    while True:
        try:
            return net(write(drawing))
        except DefinitionRefused as refused:
            problems = [problem for problem in refused.problems if problem.severity == "error"]
        assert {problem.rule for problem in problems} == {"variable.concurrent-writers"}, problems
        writer = problems[0].element_id or ""
        assert drawing.fills.pop(writer, None) or drawing.carries.pop(writer, None), problems


class Unavailable(Exception):
    """Something cannot begin, because an object that it needs is empty."""


class DataGame(TokenGame):
    """A token game with data objects.

    ``values`` are those of the objects whose scope is at work; ``opened`` are the tasks that the last move
    opened, with what their forms begin with.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.values: dict[str, Any] = {}
        self.opened: list[tuple[str, Any]] = []
        self._number = 0
        self.drawing = drawing
        self._begin("")
        super().__init__(drawing)

    def before(self) -> "DataGame":
        """Return the play as it is now, to come back to."""
        return deepcopy(self, {id(self.drawing): self.drawing})

    def given(self, name: str) -> dict[str, str]:
        """Return what the next completion of a task gives the objects that it fills: never the same twice."""
        self._number += 1
        return dict.fromkeys(self.drawing.fills.get(name, ()), f"{name} {self._number}")

    def complete_with(self, name: str, answer: Answer, given: Mapping[str, str]) -> None:
        """Finish a task that fills objects."""
        self.opened.clear()
        self.values |= given
        self.complete(name, answer)

    def happen(self, event: str) -> None:
        """Let an event happen."""
        self.opened.clear()
        super().happen(event)

    def _begin(self, scope: str) -> None:
        """In a scope that begins every object is empty."""
        self.values |= {each: None for each, holder in self.drawing.objects.items() if holder == scope}

    def _forget(self, scopes: set[str]) -> None:
        """Objects live as long as their scope."""
        for each, holder in self.drawing.objects.items():
            if holder in scopes:
                self.values.pop(each, None)

    def _rest(self, name: str) -> None:
        needed = {each: self.values[each] for each in self.drawing.needs.get(name, ())}
        if None in needed.values():
            raise Unavailable(name)
        kind = self.drawing.kinds[name]
        if kind in WORK:
            shown = self.drawing.shows.get(name)
            seen = {} if shown is None else {"seen": self.values[shown]}
            self.opened.append((name, {**needed, **seen} or None))
        elif kind == "sub":
            self._begin(name)
        super()._rest(name)

    def _finish(self, sub: str) -> None:
        if sub in self.drawing.carries:
            inner, outer = self.drawing.carries[sub]
            self.values[outer] = self.values[inner]
        self._forget({sub, *self.drawing.inside(sub)})
        super()._finish(sub)

    def _clear(self, host: str, with_itself: bool) -> None:
        super()._clear(host, with_itself)
        self._forget(self.drawing.inside(host) | ({host} if with_itself else set()))

    def _trigger(self, handler: str) -> None:
        super()._trigger(handler)
        self._begin(handler)
