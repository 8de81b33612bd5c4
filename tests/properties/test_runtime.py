"""Random diagrams, walked in random order, against an independent token game.

After every step the state goes through JSON and the invariants are checked (see
``tests.unit.engine.instance``): no join fires while a branch is open, no decision is
stale, nothing is stuck that the rules let pass.
"""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.bpmn import compiler
from engine.bpmn.model import Net
from engine.bpmn.problems import DefinitionRefused
from engine.bpmn.rules import PROCESS_RULES
from engine.bpmn.rules.writers import check_writers
from engine.runtime.effects import ElementEntered
from engine.runtime.errors import Incident
from tests.properties.drawings import ALL_NODES, Drawing, blocks, graphs, write
from tests.properties.shapes import ALL
from tests.properties.token_game import Answer, EndlessPlay, TokenGame
from tests.unit.engine.diagram import net
from tests.unit.engine.instance import Instance

SETTINGS = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
MOST_STEPS = 40


def entered(instance: Instance, kind: str) -> list[str]:
    """Joins of one kind that the last command entered, in order."""
    names = [each.element_id for each in instance.last if isinstance(each, ElementEntered)]
    return [name for name in names if name.startswith(kind)]


def draw_answer(data: st.DataObject, drawing: Drawing, name: str) -> Answer:
    """Draw which way or ways a choice goes; a plain task has no answer."""
    if drawing.kinds[name] != "choice":
        return None
    way = st.integers(0, drawing.answers(name) - 1)
    if drawing.takes_several(name):
        return data.draw(st.lists(way, min_size=1, unique=True), label="answer")
    return data.draw(way, label="answer")


def complete_one(data: st.DataObject, drawing: Drawing, game: TokenGame, instance: Instance) -> None:
    """Complete one open task, drawn at random, in the game and in the runtime."""
    name = data.draw(st.sampled_from(game.open), label="complete")
    answer = draw_answer(data, drawing, name)
    game.fired.clear()
    game.complete(name, answer)
    instance.complete(name, answer=answer, **dict.fromkeys(drawing.fills.get(name, ()), 1))


def let_happen(data: st.DataObject, game: TokenGame, instance: Instance) -> None:
    """Let one event happen, drawn at random, in the game and in the runtime."""
    event = data.draw(st.sampled_from(game.possible), label="happen")
    game.fired.clear()
    game.happen(event)
    instance.signal(event)


def walk(data: st.DataObject, drawing: Drawing) -> None:
    """Walk nested blocks in the game and in the runtime; no join fires while one of its branches is open."""
    game, instance = TokenGame(drawing), Instance(net(write(drawing)))
    for _ in range(MOST_STEPS):
        assert instance.work == game.open
        assert (instance.end is not None) == game.is_ended
        assert sorted({name for name in instance.waits if not name.startswith("until")}) == sorted(
            game.possible
        )
        if game.is_ended:
            return
        if game.possible and (not game.open or data.draw(st.integers(0, 4)) == 0):
            let_happen(data, game, instance)
        else:
            complete_one(data, drawing, game, instance)
        for join in [*entered(instance, "and"), *entered(instance, "or")]:
            open_branches = drawing.branches.get(join, set()) & set(instance.work) - drawing.aside
            assert not open_branches, f"{join} fired while {open_branches} are open"
        assert sorted([*entered(instance, "and"), *joins_entered(instance, drawing)]) == sorted(game.fired)


def joins_entered(instance: Instance, drawing: Drawing) -> list[str]:
    """Inclusive gateways with several incoming flows that the last command entered."""
    return [name for name in entered(instance, "or") if len(drawing.incoming(name)) > 1]


@settings(SETTINGS, max_examples=120)
@given(drawing=blocks(), data=st.data())
def test_blocks_are_walked_like_the_token_game(drawing: Drawing, data: st.DataObject) -> None:
    walk(data, drawing)


@settings(SETTINGS, max_examples=200)
@given(drawing=blocks(shapes=ALL), data=st.data())
def test_blocks_of_every_construct_are_walked_like_the_token_game(
    drawing: Drawing, data: st.DataObject
) -> None:
    walk(data, drawing)


def compile_without_writer_rule(drawing: Drawing) -> Net:
    """Compile a free graph; that two branches write one variable does not matter to its tokens."""
    rules = tuple(rule for rule in PROCESS_RULES if rule is not check_writers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiler, "PROCESS_RULES", rules)
        try:
            return net(write(drawing))
        except DefinitionRefused:
            assume(False)
            raise


@settings(SETTINGS, max_examples=200)
@given(drawing=graphs(ALL_NODES), data=st.data())
def test_free_graphs_are_walked_like_the_token_game(drawing: Drawing, data: st.DataObject) -> None:
    compiled = compile_without_writer_rule(drawing)
    try:
        game = TokenGame(drawing)
    except EndlessPlay:
        with pytest.raises(Incident):
            Instance(compiled)
        return
    if not game.open and not game.is_ended:
        with pytest.raises(Incident, match="Nothing can move"):
            Instance(compiled)
        return
    instance = Instance(compiled)

    for _ in range(MOST_STEPS // 2):
        assert instance.work == game.open
        assert (instance.end is not None) == game.is_ended
        if game.is_ended:
            return
        is_stuck = False
        try:
            complete_one(data, drawing, game, instance)
        except Incident as incident:
            is_stuck = incident.rule == "instance.stuck"
        except EndlessPlay:
            return
        assert is_stuck == (not game.open and not game.is_ended)
        if is_stuck:
            return


@settings(SETTINGS, max_examples=200)
@given(drawing=graphs(ALL_NODES), data=st.data())
def test_accepted_diagrams_never_have_two_writers_at_once(drawing: Drawing, data: st.DataObject) -> None:
    # Some of the variables are data objects, which are filled by associations.
    for variable in data.draw(st.sets(st.sampled_from("xyz")), label="data objects"):
        drawing.objects[variable] = ""
        for name in [each for each, written in drawing.writes.items() if written == variable]:
            drawing.fills[name] = [drawing.writes.pop(name)]
    try:
        compiled = net(write(drawing))
    except DefinitionRefused:
        assume(False)
    try:
        game, instance = TokenGame(drawing), Instance(compiled)
        for _ in range(MOST_STEPS):
            filled = [drawing.fills.get(name, [name])[0] for name in instance.work]
            writing = [drawing.writes.get(name, name) for name in filled]
            assert len(writing) == len(set(writing)), f"{instance.work} write at once"
            if instance.end is not None:
                return
            complete_one(data, drawing, game, instance)
    except (Incident, EndlessPlay):
        return
