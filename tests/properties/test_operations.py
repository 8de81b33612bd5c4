"""Operations and migrations on random diagrams at random moments: what is let through goes on to its end."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.runtime.advance import advance
from engine.runtime.commands import MoveToken
from engine.runtime.errors import Incident
from engine.runtime.migrating import migrate
from engine.runtime.operating import is_place
from engine.verification.continuation import obstacles
from tests.properties.drawings import Drawing, blocks, write
from tests.properties.test_runtime import MOST_STEPS, SETTINGS
from tests.unit.engine.diagram import net
from tests.unit.engine.instance import Instance


def walk(data: st.DataObject, drawing: Drawing, instance: Instance, steps: int) -> None:
    """Complete tasks at random until the end, or so many times."""
    for _ in range(steps):
        if instance.end is not None:
            return
        name = data.draw(st.sampled_from(instance.work), label="complete")
        answer = None
        if drawing.kinds[name] == "choice":
            answer = data.draw(st.integers(0, drawing.answers(name) - 1), label="answer")
        instance.complete(name, answer=answer)


@settings(SETTINGS, max_examples=30)
@given(drawing=blocks(depth=2), data=st.data())
def test_after_a_move_that_is_let_through_nothing_gets_stuck(drawing: Drawing, data: st.DataObject) -> None:
    instance = Instance(net(write(drawing)))
    walk(data, drawing, instance, data.draw(st.integers(0, 6), label="steps"))
    assume(instance.end is None)
    assert instance.state is not None
    state = instance.state
    visit = data.draw(st.sampled_from(sorted(state["activities"])), label="move")
    scope = state["scopes"][state["activities"][visit]["scope"]]
    places = [
        each.id
        for each in instance.net.processes["p"].elements.values()
        if each.parent == scope["element"] and is_place(each)
    ]
    command = MoveToken(visit, data.draw(st.sampled_from(places), label="to"))
    try:
        moved, _ = advance(instance.net, state, command, instance.now)
    except Incident:
        assume(False)
        raise
    assume(not obstacles(instance.net, moved))

    instance.send(command)

    walk(data, drawing, instance, MOST_STEPS)


@settings(SETTINGS, max_examples=50)
@given(drawing=blocks(), data=st.data())
def test_a_migration_to_the_same_diagram_changes_nothing(drawing: Drawing, data: st.DataObject) -> None:
    instance = Instance(net(write(drawing)))
    walk(data, drawing, instance, data.draw(st.integers(0, MOST_STEPS), label="steps"))
    assume(instance.end is None)
    assert instance.state is not None

    state, effects = migrate(instance.net, net(write(drawing)), instance.state, {}, instance.now)

    assert (state, effects) == (instance.state, [])
