"""Transactions: a sub-process that is cancelled as a whole, and what has completed in it undone."""

import pytest

from engine.bpmn.problems import DefinitionRefused
from engine.runtime.effects import InstanceEnded
from tests.unit.engine.diagram import (
    boundary,
    cancel,
    compensation,
    diagram,
    error,
    event,
    event_sub_process,
    exclusive,
    instances,
    output,
    parallel,
    service,
    sub_process,
    timer,
    transaction,
    undoing,
    undone,
    user,
)
from tests.unit.engine.instance import Instance

INNER = {
    "a": user(),
    "b": user(output("bad", "bad")),
    "g": exclusive("fine"),
    "end_c": event("endEvent", cancel()),
    "undo_a": undone("a", "no_a"),
    "no_a": undoing(),
}
INSIDE = "start_t -> a -> b -> g\ng -[failed: bad]-> end_c\ng -[fine]-> end_t"
INSIDE_OF_B = {name: INNER[name] for name in ("b", "g", "end_c")}
OUTER = {"off": boundary("tx", cancel()), "c": user(), "d": user()}
OUTSIDE = "start -> tx -> d -> end\noff -> c -> end2"


def test_a_transaction_that_succeeds_goes_on_as_drawn() -> None:
    net = diagram(OUTSIDE, tx=transaction(INSIDE, **INNER), **OUTER)

    assert Instance(net).complete("a").complete("b", bad=False).work == ["d"]


def test_a_cancelled_transaction_undoes_what_completed_and_leaves_by_its_cancel_event() -> None:
    instance = Instance(diagram(OUTSIDE, tx=transaction(INSIDE, **INNER), **OUTER))
    assert instance.complete("a").complete("b", bad=True).work == ["no_a"]

    assert instance.complete("no_a").work == ["c"]
    assert instance.completed[-5:] == ["g", "end_c", "undo_a", "no_a", "off"]
    assert instance.cancelled == ["tx"]


def test_a_transaction_with_nothing_to_undo_is_left_at_once() -> None:
    tx = transaction(INSIDE.replace("a -> ", ""), **INSIDE_OF_B)
    instance = Instance(diagram(OUTSIDE, tx=tx, **OUTER))

    assert instance.complete("b", bad=True).work == ["c"]


def test_cancelling_ends_what_is_open_and_undoes_what_completed_deep_inside() -> None:
    deep = sub_process(
        "start_s -> x -> y -> end_s", x=user(), y=user(), u=undone("x", "no_x"), no_x=undoing()
    )
    tx = transaction(
        "start_t -> s\ns -> a -> end_t\ns -> deep -> end_t2\ns -> b -> end_c",
        s=parallel(),
        deep=deep,
        **{name: text for name, text in INNER.items() if name != "g"},
    )
    instance = Instance(diagram(OUTSIDE, tx=tx, **OUTER))
    instance.complete("x").complete("a").complete("b", bad=True)
    assert instance.work == ["no_x"]
    assert "y" in instance.cancelled

    assert instance.complete("no_x").work == ["no_a"]
    assert instance.complete("no_a").work == ["c"]


def test_cancelling_undoes_the_instances_that_have_completed() -> None:
    tx = transaction(
        "start_t -> s\ns -> a -> end_t\ns -> b -> end_c",
        s=parallel(),
        a=user(inside=instances(count="3")),
        b=user(),
        end_c=event("endEvent", cancel()),
        undo_a=undone("a", "no_a"),
        no_a=undoing(zujian_unit="loopCounter"),
    )
    instance = Instance(diagram(OUTSIDE, tx=tx, **OUTER))
    instance.complete("a", 0).complete("a", 1).complete("b")
    assert [task.unit for task in instance.opened] == ["3"]

    assert [task.unit for task in instance.complete("no_a").opened] == ["1"]
    assert instance.complete("no_a").work == ["c"]


def test_one_of_several_transactions_cancels_them_all() -> None:
    tx = transaction(INSIDE, instances(count="2"), **INNER)
    instance = Instance(diagram(OUTSIDE, tx=tx, **OUTER))
    instance.complete("a", 0).complete("b", bad=False).complete("a").complete("b", bad=True)
    assert instance.work == ["no_a"]

    assert instance.complete("no_a").work == ["no_a"]
    assert instance.complete("no_a").work == ["c"]


def test_an_error_is_a_hazard_that_undoes_nothing() -> None:
    tx = transaction(
        "start_t -> a -> f -> b -> g\ng -[failed: bad]-> end_c\ng -[fine]-> end_t",
        f=service("f"),
        **INNER,
    )
    net = diagram(
        OUTSIDE + "\nbroken -> e -> end3", tx=tx, broken=boundary("tx", error("E")), e=user(), **OUTER
    )

    assert Instance(net).complete("a").fail("f", "E").work == ["e"]


def test_an_error_is_a_hazard_wherever_it_is_caught_or_nowhere() -> None:
    flows = "start_t -> a -> f -> g\ng -[failed: bad]-> end_c\ng -[fine]-> end_e"
    rest = {name: each for name, each in INNER.items() if name != "b"}
    tx = transaction(flows, f=service("f"), end_e=event("endEvent", error("F")), **rest)
    mend = event_sub_process("start_m -> e -> end_m", start_m=event("startEvent", error("E")), e=user())
    net = diagram(OUTSIDE, tx=tx, mend=mend, **OUTER)

    assert Instance(net, bad=False).complete("a").fail("f", "E").work == ["e"]
    assert Instance(net, bad=False).complete("a").complete("f").end == InstanceEnded(None, "F")


def test_an_error_of_a_handler_ends_the_cancelling() -> None:
    job = service("f").replace("<bpmn:serviceTask", '<bpmn:serviceTask isForCompensation="true"')
    net = diagram(
        "start -> all -> end\nbroken -> e -> end3",
        all=sub_process(
            "start_o -> tx -> end_o\noff -> c -> end2",
            tx=transaction(INSIDE, **{**INNER, "no_a": job}),
            off=OUTER["off"],
            c=user(),
        ),
        broken=boundary("all", error("E")),
        e=user(),
    )
    instance = Instance(net).complete("a").complete("b", bad=True).fail("no_a", "E")

    assert instance.work == ["e"]
    assert instance.waits == []


def test_a_transaction_waits_for_nothing_while_it_is_cancelled() -> None:
    net = diagram(
        OUTSIDE + "\nlate -> end3",
        tx=transaction(INSIDE, **INNER),
        late=boundary("tx", timer("P1D")),
        **OUTER,
    )
    instance = Instance(net).complete("a")
    assert instance.waits == ["late"]

    assert instance.complete("b", bad=True).waits == []


def test_a_transaction_that_succeeded_can_be_undone_later() -> None:
    net = diagram(
        "start -> tx -> t -> d -> end\noff -> c -> end2",
        tx=transaction(INSIDE, **INNER),
        t=event("intermediateThrowEvent", compensation("tx")),
        **OUTER,
    )
    instance = Instance(net).complete("a").complete("b", bad=False)
    assert instance.work == ["no_a"]

    assert instance.complete("no_a").work == ["d"]


@pytest.mark.parametrize(
    ("nodes", "rule"),
    [
        ({"off": boundary("tx", timer("P1D"))}, "transaction.cancel-not-caught"),
        ({"off": boundary("tx", cancel(), interrupting=False)}, "transaction.cancel-boundary"),
        ({"off": boundary("d", cancel())}, "transaction.cancel-boundary"),
        ({"off2": boundary("tx", cancel())}, "transaction.cancel-boundary"),
        ({"end": event("endEvent", cancel())}, "transaction.cancel-outside"),
        ({"tx": sub_process(INSIDE, **INNER)}, "transaction.cancel-outside"),
        (
            {"tx": transaction(INSIDE, **INNER).replace('id="@"', 'id="@" method="##Store"')},
            "attribute.value",
        ),
        ({"d": event("intermediateThrowEvent", cancel())}, "element.unsupported"),
    ],
)
def test_cancelling_that_is_not_clear_is_refused(nodes: dict[str, str], rule: str) -> None:
    with pytest.raises(DefinitionRefused) as raised:
        diagram(OUTSIDE, **{"tx": transaction(INSIDE, **INNER), **OUTER, **nodes})

    assert rule in {problem.rule for problem in raised.value.problems}


def test_a_cancelled_transaction_leaves_by_its_cancel_event_whatever_else_is_attached() -> None:
    first = {"hurt": boundary("tx", error("E")), "late": boundary("tx", timer("PT1H"))}
    net = diagram(
        f"{OUTSIDE}\nhurt -> e -> end3\nlate -> f -> end4",
        **first,
        tx=transaction(INSIDE, **INNER),
        e=user(),
        f=user(),
        **OUTER,
    )
    instance = Instance(net).complete("a").complete("b", bad=True)

    assert instance.complete("no_a").work == ["c"]
