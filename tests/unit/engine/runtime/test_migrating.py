"""Running instances on a newer version: what goes along, what is armed and dropped, what has to stay."""

from __future__ import annotations

import copy
import json
from datetime import timedelta

import pytest

from engine.bpmn.model import Net
from engine.runtime import homes
from engine.runtime.commands import AddSignatory, JsonObject, ReturnTo
from engine.runtime.effects import MessageAwaited, TimerArmed, TimerDropped, WaitDropped
from engine.runtime.homes import CannotMigrate
from engine.runtime.migrating import migrate
from engine.runtime.returning import return_targets
from engine.runtime.state import Activity, Place, Scope, State, Wait
from engine.verification.continuation import obstacles
from tests.unit.engine.diagram import (
    boundary,
    compensation,
    diagram,
    event,
    event_sub_process,
    instances,
    message,
    net,
    node,
    output,
    parallel,
    service,
    sub_process,
    timer,
    undoing,
    undone,
    user,
    xml,
)
from tests.unit.engine.instance import Instance
from tests.unit.engine.invariants import check_invariants
from tests.unit.engine.runtime.test_data_objects import data_object

ONE = "start -> one -> end"


def moved(instance: Instance, new: Net, **renamed: str) -> Instance:
    """Migrate an instance, the way the shell does."""
    assert instance.state is not None
    before = copy.deepcopy(instance.state)
    state, effects = migrate(instance.net, new, instance.state, {"p": renamed}, instance.now)
    assert instance.state == before
    check_invariants(new, state)
    instance.net, instance.state = new, json.loads(json.dumps(state))
    instance.last = effects
    return instance


def state_of(instance: Instance) -> State:
    """Return the state at rest."""
    assert instance.state is not None
    return instance.state


def reasons(instance: Instance, new: Net, **renamed: str) -> list[tuple[str, str | None]]:
    """Return why an instance cannot be migrated."""
    assert instance.state is not None
    with pytest.raises(CannotMigrate) as refusal:
        migrate(instance.net, new, instance.state, {"p": renamed}, instance.now)
    assert refusal.value.message == refusal.value.reasons[0].message
    return [(each.rule, each.element_id) for each in refusal.value.reasons]


def test_an_open_task_goes_on_under_its_id_in_the_new_version() -> None:
    instance = Instance(diagram(ONE, one=user()), amount=3)
    before = instance.activity("one")

    moved(instance, diagram("start -> one -> two -> end", one=user(), two=user()))

    assert instance.activity("one") == before
    assert instance.variables == {"amount": 3}
    assert instance.complete("one").complete("two").end is not None


def test_an_element_may_have_another_name() -> None:
    instance = Instance(diagram(ONE, one=user()))

    moved(instance, diagram("start -> first -> end", first=user()), one="first")

    assert instance.work == ["first"]
    assert instance.complete("first").end is not None


def test_without_the_mapping_the_reason_names_the_element() -> None:
    instance = Instance(diagram(ONE, one=user()))

    found = reasons(instance, diagram("start -> first -> end", first=user()))

    assert found == [("migrate.element", "one")]


@pytest.mark.parametrize(
    ("there", "rule"),
    [
        (service(), "migrate.kind"),
        (user(inside=instances(count="2")), "migrate.loop"),
    ],
)
def test_another_kind_of_element_is_no_home(there: str, rule: str) -> None:
    assert reasons(Instance(diagram(ONE, one=user())), diagram(ONE, one=there)) == [(rule, "one")]


def test_of_what_is_in_a_block_that_is_gone_nothing_more_is_said() -> None:
    def block(name: str) -> Net:
        return diagram(
            f"start -> {name} -> end", **{name: sub_process("start_in -> one -> end_in", one=user())}
        )

    assert reasons(Instance(block("block")), block("stage")) == [("migrate.element", "block")]


def test_a_task_is_not_moved_into_another_scope() -> None:
    new = diagram("start -> block -> end", block=sub_process("start_in -> one -> end_in", one=user()))

    assert reasons(Instance(diagram(ONE, one=user())), new) == [("migrate.scope", "one")]


def test_a_job_keeps_its_topic() -> None:
    found = reasons(Instance(diagram(ONE, one=service("a"))), diagram(ONE, one=service("b")))

    assert found == [("migrate.topic", "one")]


def test_a_timer_keeps_its_instant_whatever_the_new_version_says() -> None:
    flows = "start -> one -> end\nlate -> end"
    instance = Instance(diagram(flows, one=user(), late=boundary("one", timer("P5D"))))
    assert instance.state is not None
    due = instance.state["waits"][instance.wait(element="late")]["due"]
    instance.later(days=2)

    moved(instance, diagram(flows, one=user(), late=boundary("one", timer("P30D"))))

    assert instance.last == []
    assert instance.state["waits"][instance.wait(element="late")]["due"] == due
    assert instance.fire("late").end is not None


def test_a_boundary_event_that_is_new_is_armed_from_now_on() -> None:
    instance = Instance(diagram(ONE, one=user())).later(days=1)

    moved(
        instance,
        diagram("start -> one -> end\nlate -> end", one=user(), late=boundary("one", timer("P5D"))),
    )

    (armed,) = instance.happened(TimerArmed)
    assert armed.due_at == instance.now + timedelta(days=5)
    assert instance.fire("late").end is not None


def test_a_boundary_event_that_is_gone_is_dropped() -> None:
    flows = "start -> one -> end\nlate -> end"
    instance = Instance(diagram(flows, one=user(), late=boundary("one", timer("P5D"))))

    moved(instance, diagram(ONE, one=user()))

    assert len(instance.happened(TimerDropped)) == 1
    assert instance.waits == []


def test_of_two_boundary_events_the_one_that_is_gone_takes_nothing_with_it() -> None:
    late, later = (boundary("one", timer(time)) for time in ("P1D", "P2D"))
    flows = "start -> one -> end\nlate -> end1\nlater -> end2"
    instance = Instance(diagram(flows, one=user(), late=late, later=later))

    moved(instance, diagram("start -> one -> end\nlatest -> end2", one=user(), latest=later), later="latest")

    assert instance.waits == ["latest"]
    assert instance.fire("latest").end is not None


def test_a_reminder_that_has_fired_does_not_fire_again() -> None:
    flows = "start -> one -> end\nremind -> end_reminded"
    remind = boundary("one", timer("P1D"), interrupting=False)
    instance = Instance(diagram(flows, one=user(), remind=remind)).fire("remind")

    moved(
        instance,
        diagram("start -> one -> two -> end\nremind -> end_reminded", one=user(), two=user(), remind=remind),
    )

    assert (instance.last, instance.waits) == ([], [])


def test_a_message_of_another_name_is_waited_for_anew() -> None:
    def wait_for(name: str) -> Net:
        hear = event("intermediateCatchEvent", message(name), zujian_correlationKey="'k'")
        return diagram("start -> hear -> end", hear=hear)

    instance = Instance(wait_for("old"))

    moved(instance, wait_for("new"))

    assert [type(each) for each in instance.last] == [WaitDropped, MessageAwaited]
    assert instance.message("new").end is not None


def test_an_event_that_waits_for_something_else_is_no_home() -> None:
    instance = Instance(diagram("start -> hear -> end", hear=event("intermediateCatchEvent", timer("P1D"))))
    other = event("intermediateCatchEvent", message("m"), zujian_correlationKey="'k'")

    assert reasons(instance, diagram("start -> hear -> end", hear=other)) == [("migrate.event", "hear")]


def test_an_event_sub_process_that_is_new_is_listened_for() -> None:
    instance = Instance(diagram(ONE, one=user()))
    stop = event_sub_process(
        "start_stop -> end_stop", start_stop=event("startEvent", timer("P9D"), isInterrupting="true")
    )

    moved(instance, diagram(ONE, one=user(), stop=stop))

    assert instance.waits == ["start_stop"]
    assert instance.fire("start_stop").end is not None


BRANCHES = "start -> fork -> left -> join -> end\nfork -> right -> join"


def test_a_token_at_a_join_waits_on() -> None:
    names = {"fork": parallel(), "join": parallel(), "left": user(), "right": user()}
    instance = Instance(diagram(BRANCHES, **names)).complete("left")

    moved(instance, diagram(BRANCHES.replace("-> end", "-> after -> end"), **names, after=user()))

    assert instance.complete("right").complete("after").end is not None


def test_a_token_at_a_join_that_is_gone_has_to_stay() -> None:
    names = {"fork": parallel(), "join": parallel(), "left": user(), "right": user()}
    instance = Instance(diagram(BRANCHES, **names)).complete("left")
    new = diagram("start -> right -> end", right=user())

    assert reasons(instance, new) == [("migrate.flow", "join")]


def test_a_version_in_which_a_join_would_starve_is_found_by_exploring() -> None:
    instance = Instance(diagram("start -> left -> end", left=user()))
    new = diagram(BRANCHES, fork=parallel(), join=parallel(), left=user(), right=user())

    moved(instance, new)

    assert instance.state is not None
    assert [each.element_id for each in obstacles(new, instance.state)] == ["join"]


def test_several_instances_go_on_where_they_are() -> None:
    vote = user(inside=instances(over="people", item="person"))
    instance = Instance(diagram("start -> vote -> end", vote=vote), people=["a", "b", "c"])
    instance.complete("vote")

    moved(instance, diagram("start -> ballot -> after -> end", ballot=vote, after=user()), vote="ballot")

    assert instance.work == ["ballot", "ballot"]
    assert instance.complete("ballot").complete("ballot").complete("after").end is not None


def test_a_called_process_goes_along() -> None:
    call = node("callActivity", calledElement="called")
    main = xml("start -> call -> end", call=call)
    instance = Instance(net(main, xml(ONE, key="called", one=user())))

    moved(instance, net(main, xml("start -> one -> two -> end", key="called", one=user(), two=user())))

    assert instance.complete("one").complete("two").end is not None


def test_an_ended_instance_stays_where_it_is() -> None:
    instance = Instance(diagram(ONE, one=user())).complete("one")

    assert reasons(instance, diagram(ONE, one=user())) == [("migrate.ended", None)]


def test_every_reason_is_named_at_once() -> None:
    instance = Instance(diagram(BRANCHES, fork=parallel(), join=parallel(), left=user(), right=user()))

    found = reasons(instance, diagram("start -> other -> end", other=user()))

    assert found == [("migrate.element", "left"), ("migrate.element", "right")]


def test_what_migration_does_not_know_has_to_stay() -> None:
    instance = Instance(diagram(ONE, one=user()))
    assert instance.state is not None
    instance.state["something"] = {"1": {}}  # type: ignore[typeddict-unknown-key]  # a later field

    assert reasons(instance, diagram(ONE, one=user())) == [("migrate.records", None)]


def test_an_instance_that_remembers_its_way_goes_on_and_is_returned_only_to_what_follows() -> None:
    task = user(zujian_actions="return")
    flows = "start -> one -> fork -> left -> join -> last -> end\nfork -> right -> join"
    names = dict.fromkeys(("one", "left", "right", "last"), task)
    gateways = {"fork": parallel(), "join": parallel()}
    renamed = dict.fromkeys(("one", "left", "other", "last"), task)
    instance = Instance(diagram(flows, **names, **gateways)).complete("one").complete("left")

    moved(
        instance,
        diagram(flows.replace("right", "other"), **renamed, **gateways),
        right="other",
    )

    assert return_targets(instance.net, state_of(instance), instance.activity("other")) == ()
    instance.complete("other").complete("last")
    assert instance.end is not None


def test_the_way_is_forgotten_where_the_new_version_allows_no_return() -> None:
    instance = Instance(diagram("start -> one -> two -> end", one=user(zujian_actions="return"), two=user()))
    assert "way_back" in state_of(instance)

    moved(instance, diagram("start -> one -> two -> end", one=user(), two=user()))

    assert "way_back" not in state_of(instance)
    assert instance.complete("one").complete("two").end is not None


def test_a_task_that_is_open_at_the_migration_may_be_returned_to_later() -> None:
    task = user(zujian_actions="return")
    instance = Instance(diagram("start -> one -> two -> end", one=task, two=task))

    moved(instance, diagram("start -> first -> two -> end", first=task, two=task), one="first")
    instance.complete("first")
    instance.send(ReturnTo(instance.activity("two"), "first"))

    assert instance.work == ["first"]


def compensable(name: str) -> Net:
    """Return a process in which a completed task is undone after the next."""
    nodes = {
        name: user(),
        f"undo_{name}": undone(name, f"no_{name}"),
        f"no_{name}": undoing(),
        "two": user(),
        "undo": event("intermediateThrowEvent", compensation()),
    }
    return diagram(f"start -> {name} -> two -> undo -> end", **nodes)


def test_what_was_completed_is_undone_under_its_new_name() -> None:
    instance = Instance(compensable("one")).complete("one")

    moved(instance, compensable("first"), one="first")

    assert instance.complete("two").work == ["no_first"]
    assert instance.complete("no_first").end is not None


def test_what_could_not_be_undone_any_more_has_to_stay() -> None:
    instance = Instance(compensable("one")).complete("one")
    bare = diagram("start -> one -> two -> end", one=user(), two=user())

    assert reasons(instance, bare) == [("migrate.handler", "one")]

    assert reasons(instance, compensable("first")) == [("migrate.element", "one")]


def test_an_instance_that_is_being_undone_has_to_stay() -> None:
    instance = Instance(compensable("one")).complete("one").complete("two")

    assert ("migrate.records", None) in reasons(instance, compensable("first"), one="first")


def test_every_record_of_a_state_is_carried_over_or_keeps_the_instance_where_it_is() -> None:
    """Whoever adds a field decides here what a migration does with it."""
    assert set(State.__annotations__) == homes.IN_STATES
    assert set(Scope.__annotations__) == homes.IN_SCOPES
    assert set(Activity.__annotations__) - homes.IN_ACTIVITIES == {"undo", "undoes", "again", "inside"}
    assert set(Wait.__annotations__) == homes.IN_WAITS


def test_data_objects_that_are_new_are_there_and_empty() -> None:
    def block(*objects: str, **process_objects: str) -> Net:
        drawn = {name: data_object(name) for name in objects}
        inside = sub_process("start_in -> one -> end_in", one=user(output("plan", "said")), **drawn)
        return diagram("start -> block -> end", block=inside, **process_objects)

    instance = Instance(block())

    moved(instance, block("plan", case=data_object("case")))
    instance.complete("one", said="x")

    assert instance.variables == {"case": None}, "what the sub-process declares is its own"


def test_a_data_object_that_holds_a_value_has_to_stay() -> None:
    def block(**objects: str) -> Net:
        tasks = {"one": user(output("plan", "said")), "two": user()}
        inside = sub_process("start_in -> one -> two -> end_in", **tasks, **objects)
        return diagram("start -> block -> end", block=inside)

    moved(Instance(block(plan=data_object("plan"))), block())
    instance = Instance(block(plan=data_object("plan"))).complete("one", said="x")

    assert reasons(instance, block()) == [("migrate.data-object", "block")]


@pytest.mark.parametrize(
    "there",
    [
        user(inside=instances(over="wanted", item="way")),
        user(inside=instances(count="2"), zujian_approval="all", zujian_decision="decided"),
        user(inside=instances(count="2", into="said", result="word")),
    ],
)
def test_instances_keep_what_they_were_given_and_asked(there: str) -> None:
    """Two agreements that nobody counted, and one that is, would be a refusal."""
    instance = Instance(diagram(ONE, one=user(inside=instances(count="2")))).complete("one")

    assert reasons(instance, diagram(ONE, one=there)) == [("migrate.loop", "one")]


@pytest.mark.parametrize("place", ["before", "after"])
def test_signatories_that_were_added_are_no_tokens_too_many(place: Place) -> None:
    instance = Instance(diagram("start -> one -> two -> end", one=user(), two=user()))
    added: tuple[JsonObject, ...] = ({"person": "p"}, {"person": "q"})
    instance.send(AddSignatory(instance.activity("one"), place, added))

    moved(instance, instance.net)

    for _ in range(3):
        assert obstacles(instance.net, state_of(instance)) == ()
        instance.complete("one", outcome="agree")
    assert instance.work == ["two"]


@pytest.mark.parametrize("several", ["", instances(count="2")])
def test_an_event_that_is_new_is_waited_for_once_however_many_work(several: str) -> None:
    instance = Instance(diagram(ONE, one=user(inside=several)))
    instance.send(AddSignatory(instance.activity("one"), "after", ({"person": "p"},)))

    late = boundary("one", timer("P5D"))
    moved(instance, diagram("start -> one -> end\nlate -> end", one=user(inside=several), late=late))

    assert instance.waits == ["late"]
