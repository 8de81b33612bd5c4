"""Random diagrams with compensation and transactions, walked in random order, against their own history."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.verification.soundness import verify_soundness
from tests.properties.test_runtime import SETTINGS
from tests.properties.undoing import Plan, Replay, plans
from tests.unit.engine.diagram import net
from tests.unit.engine.instance import Instance

MOST_STEPS = 40


@settings(SETTINGS, max_examples=150)
@given(plan=plans(), data=st.data())
def test_everything_is_undone_once_the_last_first_and_before_the_token_goes_on(
    plan: Plan, data: st.DataObject
) -> None:
    instance, replay = Instance(net(plan.write())), Replay(plan)
    replay.read(instance.last)

    for _ in range(MOST_STEPS):
        if instance.end is not None:
            return
        interruptible = [name for name in instance.waits if name.startswith("border")]
        if interruptible and data.draw(st.integers(0, 5)) == 0:
            event = data.draw(st.sampled_from(interruptible), label="interrupt")
            instance.signal(instance.state["waits"][instance.wait(element=event)]["name"])
        else:
            name = data.draw(st.sampled_from(instance.work), label="complete")
            instance.complete(name, answer=data.draw(st.booleans()))
        replay.read(instance.last)


@settings(SETTINGS, max_examples=40)
@given(plan=plans(depth=2))
def test_what_undoes_is_sound(plan: Plan) -> None:
    report = verify_soundness(net(plan.write()))

    assert {violation.kind for violation in report.violations} <= {"dead-element"}
