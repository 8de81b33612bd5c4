"""Sub-processes, called processes and multi-instance activities."""

from typing import Any

import pytest

from engine.runtime.effects import ElementEntered, InstanceEnded, ListenerCalled
from engine.runtime.errors import Incident
from tests.unit.engine.diagram import (
    boundary,
    diagram,
    error,
    event,
    exclusive,
    extensions,
    instances,
    listener,
    net,
    node,
    output,
    script,
    service,
    sub_process,
    timer,
    user,
    xml,
)
from tests.unit.engine.instance import Instance


def test_a_sub_process_shares_the_variables_of_its_process() -> None:
    inner = sub_process("start_s -> count -> a -> end_s", count=script("n = n + 1"), a=user())

    instance = Instance(diagram("start -> sub -> b -> end", sub=inner, b=user()), n=1)

    assert instance.variables == {"n": 2}
    assert instance.complete("a").work == ["b"]
    assert instance.completed == ["start", "start_s", "count", "a", "end_s", "sub"]


def test_a_sub_process_yields_the_result_of_its_end_event() -> None:
    inner = sub_process(
        "start_s -> g\ng -[yes: ok]-> end_y\ng -[no]-> end_n",
        extensions(output("said", "result")),
        g=exclusive("no"),
        end_y=event("endEvent", zujian_result="yes"),
        end_n=event("endEvent", zujian_result="no"),
    )

    instance = Instance(diagram("start -> sub -> b -> end", sub=inner, b=user()), ok=True)

    assert instance.variables == {"ok": True, "said": "yes"}


def called(**attributes: str) -> str:
    return node(
        "callActivity",
        extensions(
            '<zujian:input variable="number" expression="n"/>'
            + output("answer", "twice")
            + output("how", "result")
        ),
        calledElement="q",
        **attributes,
    )


CALLED = xml(
    "start -> compute -> ask -> end",
    key="q",
    compute=script("twice = number * 2"),
    ask=user(),
    end=event("endEvent", zujian_result="done"),
)


def test_a_called_process_gets_its_inputs_and_gives_its_outputs() -> None:
    main = xml("start -> call -> check -> end", call=called(), check=user())
    instance = Instance(net(main, CALLED), n=4, secret="s", initiatorId="person")
    inner = next(each for each in instance._state["scopes"].values() if each["process"] == "q")
    assert inner["variables"] == {"number": 4, "twice": 8, "initiatorId": "person"}

    instance.complete("ask")

    assert instance.variables == {"n": 4, "secret": "s", "initiatorId": "person", "answer": 8, "how": "done"}


def test_effects_name_the_process_that_an_element_belongs_to() -> None:
    instance = Instance(net(xml("start -> call -> end", call=called()), CALLED), n=4)

    entered = [(each.element_id, each.scope_process) for each in instance.happened(ElementEntered)]

    assert entered == [("start", "p"), ("call", "p"), ("start", "q"), ("compute", "q"), ("ask", "q")]


def test_an_error_end_of_a_called_process_is_caught_by_its_caller() -> None:
    failing = xml("start -> ask -> end", key="q", ask=user(), end=event("endEvent", error("E")))
    main = xml(
        "start -> call -> end\nfailed -> mend -> end2",
        call=node("callActivity", calledElement="q"),
        failed=boundary("call", error("E")),
        mend=user(),
    )

    assert Instance(net(main, failing)).complete("ask").work == ["mend"]


def test_interrupting_a_call_ends_all_that_runs_in_it() -> None:
    main = xml(
        "start -> call -> end\nlate -> mend -> end2",
        call=called(),
        late=boundary("call", timer("P1D")),
        mend=user(),
    )
    instance = Instance(net(main, CALLED), n=1).fire("late")

    assert instance.work == ["mend"]
    assert instance.cancelled == ["ask", "call"]


SIGNED: Any = {"into": "signatures", "result": "outcome", "over": "people", "item": "person"}


def test_parallel_instances_are_asked_at_once_and_collected_in_input_order() -> None:
    sign = user(inside=instances(**SIGNED))
    instance = Instance(diagram("start -> sign -> b -> end", sign=sign, b=user()), people=["x", "y", "z"])
    assert instance.work == ["sign"] * 3

    instance.complete("sign", 2, outcome="C").complete("sign", 0, outcome="A").complete("sign", outcome="B")

    assert instance.variables["signatures"] == ["A", "B", "C"]
    assert instance.work == ["b"]


def test_sequential_instances_are_asked_one_after_the_other() -> None:
    sign = user(zujian_unit="person", inside=instances(sequential=True, **SIGNED))
    instance = Instance(diagram("start -> sign -> end", sign=sign), people=["x", "y"])
    assert [task.unit for task in instance.opened] == ["x"]

    instance.complete("sign", outcome=1)
    assert [task.unit for task in instance.opened] == ["y"]

    assert instance.complete("sign", outcome=2).variables["signatures"] == [1, 2]


def test_a_completion_condition_ends_the_others() -> None:
    sign = user(inside=instances(count="3", into="votes", result="outcome", until="outcome == 'refuse'"))
    instance = Instance(diagram("start -> sign -> b -> end", sign=sign, b=user()))

    instance.complete("sign", 1, outcome="agree").complete("sign", 1, outcome="refuse")

    assert instance.work == ["b"]
    assert instance.cancelled == ["sign"]
    assert instance.variables["votes"] == ["agree", "refuse"]


def test_a_completion_condition_may_count() -> None:
    sign = user(inside=instances(count="5", until="numberOfCompletedInstances >= 0.6 * numberOfInstances"))
    instance = Instance(diagram("start -> sign -> end", sign=sign))

    instance.complete("sign").complete("sign")
    assert instance.end is None
    assert instance.complete("sign").end is not None


def test_outputs_of_one_instance_stay_with_it() -> None:
    sign = user(output("mark", "outcome"), instances(count="2", into="marks", result="mark"))
    instance = Instance(diagram("start -> sign -> end", sign=sign))

    instance.complete("sign", outcome=1)
    assert "mark" not in instance.variables

    assert instance.complete("sign", outcome=2).variables == {"marks": [1, 2]}


def test_a_multi_instance_sub_process_keeps_its_decisions_apart() -> None:
    inner = sub_process(
        "start_s -> ask -> g\ng -[again: decision == 'no']-> ask\ng -[fine]-> end_s",
        instances(over="people", item="person", into="decisions", result="decision"),
        ask=user(output("decision", "person + ':' + outcome if outcome != 'no' else 'no'")),
        g=exclusive("fine"),
    )
    instance = Instance(diagram("start -> sub -> end", sub=inner), people=["x", "y"])

    instance.complete("ask", 1, outcome="no").complete("ask", 0, outcome="yes")
    assert instance.work == ["ask"]
    instance.complete("ask", outcome="well")

    assert instance.variables["decisions"] == ["x:yes", "y:well"]


def test_no_items_mean_no_instances() -> None:
    sign = user(listener("told", results="results"), inside=instances(**SIGNED))
    instance = Instance(diagram("start -> sign -> end", sign=sign), people=[])

    assert instance.variables["signatures"] == []
    visits = [each.element_id for each in instance.last if isinstance(each, ElementEntered)]
    assert visits == ["start", "sign", "end"]
    assert instance.happened(ListenerCalled)[0].parameters == {"results": []}
    assert instance.end == InstanceEnded(None, None)


def test_a_boundary_event_ends_all_instances() -> None:
    net_ = diagram(
        "start -> sign -> end\nlate -> b -> end2",
        sign=user(inside=instances(count="3")),
        late=boundary("sign", timer("P1D")),
        b=user(),
    )
    instance = Instance(net_).complete("sign").fire("late")

    assert instance.work == ["b"]
    assert instance.cancelled == ["sign", "sign"]


def test_an_error_of_one_instance_reaches_the_boundary_of_all() -> None:
    net_ = diagram(
        "start -> jobs -> end\nfailed -> b -> end2",
        jobs=service().replace("</bpmn:serviceTask>", instances(count="2") + "</bpmn:serviceTask>"),
        failed=boundary("jobs", error()),
        b=user(),
    )

    assert Instance(net_).fail("jobs", "E").work == ["b"]


def test_a_thousand_instances_that_end_at_once_do_not_exhaust_the_stack() -> None:
    file = node("task", instances(sequential=True, count="1000"))

    assert Instance(diagram("start -> file -> end", file=file)).end is not None


@pytest.mark.parametrize("count", ["-1", "'3'", "1.5", "True", "5000"])
def test_a_count_that_is_none_is_an_incident(count: str) -> None:
    with pytest.raises(Incident):
        Instance(diagram("start -> sign -> end", sign=user(inside=instances(count=count))))
