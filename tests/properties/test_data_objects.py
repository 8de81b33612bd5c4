"""Random diagrams with data objects, filled and read in branches, loops and sub-processes at any depth.

After every step the state is stored and loaded again, and what the objects hold and what the forms of new
tasks begin with is compared with the token game. What cannot begin leaves everything as it was.
"""

from functools import partial
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.runtime.codec import load_state
from engine.runtime.commands import Command
from engine.runtime.effects import UserTaskOpened
from engine.runtime.errors import Incident
from tests.properties.drawings import Drawing, blocks
from tests.properties.objects import DataGame, Unavailable, compiled, with_objects
from tests.properties.shapes import ALL
from tests.properties.test_runtime import MOST_STEPS, SETTINGS, draw_answer
from tests.unit.engine.instance import Instance

UNAVAILABLE = "The data objects that the activity needs are empty"


class StoredInstance(Instance):
    """An instance whose state is stored after every command, and loaded before the next."""

    stored = b""

    def send(self, command: Command) -> "StoredInstance":
        """Carry out a command on what is stored."""
        super().send(command)
        self.stored = orjson.dumps(self.state)
        self.state = load_state(orjson.loads(self.stored))
        return self

    @property
    def objects(self) -> dict[tuple[str, str], Any]:
        """What every scope at work holds, by its element."""
        scopes = [] if self.state is None else self.state["scopes"].values()
        return {
            (scope["element"] or "", name): value
            for scope in scopes
            for name, value in scope.get("variables", {}).items()
            if name.startswith("object")
        }

    @property
    def forms(self) -> list[tuple[str, Any]]:
        """The tasks that the last command opened, with what their forms begin with."""
        opened = (each for each in self.last if isinstance(each, UserTaskOpened))
        return [(each.element_id, each.prefill) for each in opened]


@settings(SETTINGS, max_examples=200)
@given(drawing=with_objects(blocks(shapes=ALL)), data=st.data())
def test_data_objects_hold_what_was_put_into_them_last(drawing: Drawing, data: st.DataObject) -> None:
    net = compiled(drawing)
    try:
        game = DataGame(drawing)
    except Unavailable:
        with pytest.raises(Incident, match=UNAVAILABLE):
            StoredInstance(net)
        return
    instance = StoredInstance(net)

    for _ in range(MOST_STEPS):
        compare(drawing, game, instance)
        if game.is_ended:
            return
        game = step(data, game, instance)


def compare(drawing: Drawing, game: DataGame, instance: StoredInstance) -> None:
    """Hold tokens, values and forms of the runtime against those of the game."""
    assert instance.work == game.open
    assert (instance.end is not None) == game.is_ended
    assert instance.objects == {(drawing.objects[each], each): value for each, value in game.values.items()}
    assert sorted(instance.forms, key=str) == sorted(game.opened, key=str)


def step(data: st.DataObject, game: DataGame, instance: StoredInstance) -> DataGame:
    """Make one move, drawn at random, in the game and in the runtime; returns the game that goes on."""
    before, stored = game.before(), instance.stored
    if game.possible and (not game.open or data.draw(st.integers(0, 4)) == 0):
        event = data.draw(st.sampled_from(game.possible), label="happen")
        move, send = partial(game.happen, event), partial(instance.signal, event)
    else:
        name = data.draw(st.sampled_from(game.open), label="complete")
        answer, given = draw_answer(data, game.drawing, name), game.given(name)
        said: dict[str, Any] = {f"for_{each}": value for each, value in given.items()}
        told = said if name in game.drawing.by_output else {**given}
        move = partial(game.complete_with, name, answer, given)
        send = partial(instance.complete, name, answer=answer, **told)
    try:
        move()
    except Unavailable:
        with pytest.raises(Incident, match=UNAVAILABLE):
            send()
        assert orjson.dumps(instance.state) == stored
        return before
    send()
    return game
