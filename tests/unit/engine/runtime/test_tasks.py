"""Tasks of every kind, and what they give to the process."""

from typing import Any

import pytest

from engine.runtime.commands import CompleteActivity
from engine.runtime.effects import (
    ElementCompleted,
    ElementEntered,
    FlowTaken,
    InstanceEnded,
    JobDropped,
    JobRequested,
    ListenerCalled,
    MessageThrown,
    UserTaskClosed,
    UserTaskOpened,
)
from engine.runtime.errors import Incident, NoLongerWaiting
from tests.unit.engine.diagram import (
    diagram,
    event,
    extensions,
    listener,
    message,
    node,
    output,
    script,
    service,
    user,
)
from tests.unit.engine.instance import Instance
from tests.unit.engine.runtime.test_data_objects import data_object, reads


def test_an_instance_runs_from_start_to_end() -> None:
    net = diagram("start -> ask -> end", ask=user())

    instance = Instance(net).complete("ask")

    assert instance.completed == ["start", "ask", "end"]
    assert instance.end == InstanceEnded(result=None, error=None)


def test_effects_tell_the_story_in_order() -> None:
    instance = Instance(diagram("start -> ask -> end", ask=user()))

    instance.complete("ask")

    kinds = [type(effect) for effect in instance.last]
    assert kinds == [
        UserTaskClosed,
        ElementCompleted,
        FlowTaken,
        ElementEntered,
        ElementCompleted,
        InstanceEnded,
    ]


def test_a_user_task_says_who_does_what_until_when() -> None:
    form = (
        "<spiffworkflow:properties>"
        '<spiffworkflow:property name="formJsonSchemaFilename" value="review.json"/>'
        "</spiffworkflow:properties>"
    )
    review = user(
        form,
        zujian_unit="providerUnitId",
        zujian_region="get(regionOf, level)",
        zujian_deadline="5WD",
        zujian_differsFrom="start",
        zujian_withdraw="true",
        zujian_prefill="{'name': name}",
    )

    given: Any = {
        "providerUnitId": "u1",
        "name": "n",
        "level": "province",
        "regionOf": {"province": "990000"},
    }
    instance = Instance(diagram("start -> review -> end", review=review), **given)

    assert instance.opened == [
        UserTaskOpened(
            activity_id=instance.activity("review"),
            element_id="review",
            scope_process="p",
            role="reviewer",
            unit="u1",
            region="990000",
            form="review.json",
            prefill={"name": "n"},
            deadline="5WD",
            differs_from=("start",),
            withdraw=True,
        )
    ]


def test_a_task_may_say_all_at_once() -> None:
    says = {"zujian_unit": "who", "zujian_region": "where", "zujian_prefill": "{'size': 3}"}
    task = user(inside=reads("plan"), **says)
    net = diagram("start -> ask -> end", ask=task, plan=data_object("plan"))

    (opened,) = Instance(net, who="u", where="110000", plan="x").opened

    assert (opened.unit, opened.region, opened.prefill) == ("u", "110000", {"size": 3, "plan": "x"})


def test_only_outputs_reach_the_process() -> None:
    ask = user(output("decision", "outcome"))
    instance = Instance(diagram("start -> ask -> more -> end", ask=ask, more=user()), name="n")

    instance.complete("ask", outcome="agree", opinion="secret")

    assert instance.variables == {"name": "n", "decision": "agree"}


def test_an_output_sees_the_own_result_before_the_variables() -> None:
    ask = user(output("seen", "outcome") + output("note", "get(output, 'opinion', 'none')"))
    instance = Instance(diagram("start -> ask -> more -> end", ask=ask, more=user()), outcome="old")

    instance.complete("ask", outcome="new")

    assert instance.variables["seen"] == "new"
    assert instance.variables["note"] == "none"


def test_a_missing_field_is_an_incident_and_changes_nothing() -> None:
    instance = Instance(diagram("start -> ask -> end", ask=user(output("decision", "outcome"))))

    with pytest.raises(Incident) as raised:
        instance.complete("ask", other=1)

    assert raised.value.element_id == "ask"
    assert raised.value.rule == "expression.no-value"
    assert instance.work == ["ask"]


def test_a_task_is_completed_once() -> None:
    instance = Instance(diagram("start -> ask -> more -> end", ask=user(), more=user()))
    activity_id = instance.activity("ask")
    instance.complete("ask")

    with pytest.raises(NoLongerWaiting):
        instance.send(CompleteActivity(activity_id))


def test_an_ended_instance_takes_no_command() -> None:
    instance = Instance(diagram("start -> ask -> end", ask=user())).complete("ask")

    with pytest.raises(NoLongerWaiting):
        instance.cancel()


def test_a_service_task_asks_for_a_job_and_maps_its_whole_result() -> None:
    check = service("checks.basics", "check", versionId="versionId", stage="'creation'")
    instance = Instance(diagram("start -> check -> ask -> end", check=check, ask=user()), versionId="v1")
    assert instance.opened == [
        JobRequested(
            instance.activity("check"),
            "check",
            "p",
            "checks.basics",
            {"versionId": "v1", "stage": "creation"},
        )
    ]

    instance.complete("check", passed=True)

    assert instance.variables["check"] == {"passed": True}


def test_a_script_task_assigns_line_by_line() -> None:
    count = script("rounds = rounds + 1\nlabel = 'round ' + str(rounds)")

    instance = Instance(diagram("start -> count -> ask -> end", count=count, ask=user()), rounds=1)

    assert instance.variables == {"rounds": 2, "label": "round 2"}


def test_manual_and_abstract_tasks_pass_at_once() -> None:
    net = diagram("start -> sign -> file -> end", sign=node("manualTask"), file=node("task"))

    assert Instance(net).completed == ["start", "sign", "file", "end"]


def test_a_send_task_throws_its_message() -> None:
    payload = extensions(
        '<zujian:payload><zujian:parameter name="versionId" value="versionId"/></zujian:payload>'
    )
    send = node("sendTask", payload, messageRef="message_created", zujian_correlationKey="versionId")

    instance = Instance(diagram("start -> send -> end", send=send), versionId="v1")

    assert instance.happened(MessageThrown) == [MessageThrown("send", "created", "v1", {"versionId": "v1"})]


def test_a_send_task_with_a_handler_is_a_job() -> None:
    operator = extensions('<spiffworkflow:serviceTaskOperator id="notices.send"/>')

    instance = Instance(diagram("start -> send -> end", send=node("sendTask", operator)))

    assert [job.topic for job in instance.opened] == ["notices.send"]


def test_a_receive_task_waits_for_its_message() -> None:
    receive = node(
        "receiveTask",
        extensions(output("answer", "text")),
        messageRef="message_reply",
        zujian_correlationKey="id",
    )
    instance = Instance(diagram("start -> receive -> ask -> end", receive=receive, ask=user()), id=7)

    instance.message("reply", text="yes")

    assert instance.variables["answer"] == "yes"
    assert instance.completed == ["start", "receive"]


def test_listeners_hear_of_completion_when_their_condition_holds() -> None:
    heard = listener(
        "catalogue.transition", "outcome == 'agree'", event="'APPROVE'", reason="get(output, 'why', '')"
    )
    net = diagram("start -> ask -> ask2 -> end", ask=user(heard), ask2=user(heard))
    instance = Instance(net)

    instance.complete("ask", outcome="refuse")
    assert instance.happened(ListenerCalled) == []

    instance.complete("ask2", outcome="agree")
    assert instance.happened(ListenerCalled) == [
        ListenerCalled(
            "ask2", "p", "catalogue.transition", {"event": "APPROVE", "reason": ""}, {"outcome": "agree"}
        )
    ]


def test_cancelling_closes_everything_that_is_open() -> None:
    net = diagram(
        "start -> split\nsplit -> ask -> end\nsplit -> check -> end2\nsplit -> hold -> end3",
        split=node("parallelGateway"),
        ask=user(),
        check=service(),
        hold=event("intermediateCatchEvent", message("reply"), zujian_correlationKey="1"),
    )
    instance = Instance(net)

    instance.cancel()

    assert instance.happened(UserTaskClosed)[0].completed is False
    assert len(instance.happened(JobDropped)) == 1
    assert sorted(instance.cancelled) == ["ask", "check", "hold"]
    assert instance.end == InstanceEnded(None, None)


def test_a_huge_value_is_refused() -> None:
    instance = Instance(diagram("start -> ask -> end", ask=user(output("text", "text"))))

    with pytest.raises(Incident, match="too large"):
        instance.complete("ask", text="x" * 300_000)
