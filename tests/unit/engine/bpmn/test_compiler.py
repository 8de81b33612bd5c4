"""What is compiled, and everything that is refused with element, rule, reason and cure."""

import pytest

from engine.bpmn.compiler import compile_process_files
from engine.bpmn.model import ElementKind
from engine.bpmn.problems import DefinitionRefused
from tests.unit.engine.diagram import (
    HEADER,
    boundary,
    diagram,
    error,
    event,
    event_sub_process,
    exclusive,
    extensions,
    instances,
    listener,
    loop,
    message,
    net,
    node,
    output,
    parallel,
    script,
    service,
    signal,
    sub_process,
    terminate,
    timer,
    user,
    xml,
)
from tests.unit.engine.refusing import problems, refused


def test_a_net_tells_what_was_drawn() -> None:
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="lane_p" name="提供方" zujian:nameEn="Provider"'
        ' zujian:role="provider" zujian:unit="providerUnitId">'
        "<bpmn:flowNodeRef>ask</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    ask = node(
        "userTask",
        extensions(output("x", "y")),
        name="填报 \n 信息",
        zujian_nameEn="Fill in",
        zujian_clauses="9.1a 6.1",
    )
    attributes = (
        'name="流程" zujian:nameEn="Process" zujian:exclusive="true" zujian:startRoles="provider operator"'
    )
    process = net(xml("start -> ask -> end", process_attributes=attributes, lanes=lanes, ask=ask)).processes[
        "p"
    ]
    element = process.elements["ask"]

    assert (process.name, process.name_en, process.exclusive) == ("流程", "Process", True)
    assert process.start_roles == ("provider", "operator")
    assert process.lanes[0].name_en == "Provider"
    assert element.kind is ElementKind.USER_TASK
    assert (element.name, element.name_en, element.clauses) == ("填报 信息", "Fill in", ("9.1a", "6.1"))
    assert (element.lane, element.role) == ("lane_p", "provider")
    assert element.unit is not None
    assert element.unit.text == "providerUnitId"
    assert element.incoming == ("start__ask",)


def test_all_problems_are_reported_at_once() -> None:
    found = refused(
        "start -> g\ng -> a -> end\ng -> b -> end",
        g=exclusive(),
        a=node("userTask"),
        b=node("serviceTask"),
        c=node("complexGateway"),
    )

    assert {rule for _, rule in found} == {
        "gateway.condition-missing",
        "user-task.role-missing",
        "service.handler-missing",
        "element.unsupported",
    }


def test_every_problem_says_reason_and_cure_in_both_languages() -> None:
    for problem in problems(xml("start -> a", a=node("userTask"), b=node("adHocSubProcess"))):
        for text in (problem.message, problem.cure):
            assert text.zh != text.en
            assert text.zh
            assert text.en


@pytest.mark.parametrize(
    "tag",
    [
        "complexGateway",
        "adHocSubProcess",
        "dataStore",
        "dataStoreReference",
        "callChoreography",
        "ioSpecification",
        "property",
        "surprise",
    ],
)
def test_constructs_that_are_not_executed_are_refused(tag: str) -> None:
    assert refused("start -> a -> end", a=user(), other=node(tag)) == [("other", "element.unsupported")]


@pytest.mark.parametrize(
    ("tag", "kinds"),
    [
        ("startEvent", "terminate link cancel"),
        ("intermediateCatchEvent", "error escalation terminate compensate cancel"),
        ("intermediateThrowEvent", "timer error conditional terminate cancel"),
        ("boundaryEvent", "link terminate"),
        ("endEvent", "timer link conditional"),
    ],
)
def test_events_that_are_not_executed_are_refused(tag: str, kinds: str) -> None:
    for kind in kinds.split():
        found = refused("start -> a -> e -> end", a=user(), e=event(tag, f"<bpmn:{kind}EventDefinition/>"))

        assert ("e", "element.unsupported") in found, kind


def test_an_event_based_gateway_that_waits_for_all_events_is_refused() -> None:
    found = refused("start -> g -> end", g=node("eventBasedGateway", eventGatewayType="Parallel"))

    assert ("g", "attribute.value") in found


@pytest.mark.parametrize(
    ("attribute", "rule"),
    [
        ({"isForCompensation": "yes"}, "attribute.value"),
        ({"startQuantity": "2"}, "attribute.value"),
        ({"zujian_colour": "red"}, "attribute.unknown"),
        ({"zujian_result": "x"}, "attribute.unknown"),
        ({"zujian_withdraw": "True"}, "attribute.value"),
        ({"default": "nowhere"}, "flow.default-unknown"),
        ({"assignee": "me"}, "attribute.unknown"),
    ],
)
def test_attributes_that_are_not_executed_are_refused(attribute: dict[str, str], rule: str) -> None:
    assert refused("start -> a -> end", a=user(**attribute)) == [("a", rule)]


@pytest.mark.parametrize(
    ("tag", "inside"),
    [
        ("scriptTask", "<bpmn:script>a = 1</bpmn:script><bpmn:script>b = 2</bpmn:script>"),
        ("userTask", loop("x") + loop("y")),
        ("userTask", instances(count="2") + instances(count="3")),
        (
            "userTask",
            loop("x").replace("</bpmn:loopC", "</bpmn:loopCondition><bpmn:loopCondition>y</bpmn:loopC"),
        ),
        ("userTask", extensions(output("a", "1")) + extensions(output("b", "1"))),
        ("userTask", extensions("<spiffworkflow:properties/><spiffworkflow:properties/>")),
    ],
)
def test_what_there_is_once_is_not_given_twice(tag: str, inside: str) -> None:
    drawn = node(tag, inside, **({"zujian_role": "reviewer"} if tag == "userTask" else {}))

    assert ("a", "element.twice") in refused("start -> a -> end", a=drawn)


def test_two_conditions_of_one_flow_are_refused() -> None:
    twice = "</bpmn:conditionExpression><bpmn:conditionExpression>y</bpmn:conditionExpression>"
    content = xml("start -> g\ng -[one: x]-> end\ng -[two]-> end2", g=exclusive("two")).replace(
        b"</bpmn:conditionExpression>", twice.encode()
    )

    assert [(each.element_id, each.rule) for each in problems(content)] == [("one", "element.twice")]


def test_an_element_lists_no_flow_of_another() -> None:
    a = user(inside="<bpmn:outgoing>start__a</bpmn:outgoing>")

    assert refused("start -> a -> end", a=a) == [("start__a", "flow.listed")]


@pytest.mark.parametrize("time", ["P5X", "-P1D", "PT5", "R3/P1X"])
def test_a_time_with_a_slip_of_the_pen_is_no_variable(time: str) -> None:
    wait = event("intermediateCatchEvent", timer(time))

    assert refused("start -> w -> end", w=wait) == [("w", "timer.not-understood")]


def test_one_message_has_one_key() -> None:
    definition = '<bpmn:messageEventDefinition messageRef="message_m" zujian:correlationKey="a"/>'
    wait = event("intermediateCatchEvent", definition, zujian_correlationKey="b")

    assert refused("start -> w -> end", w=wait) == [("w", "element.twice")]


def test_a_message_that_starts_a_process_has_no_key() -> None:
    start = event("startEvent", message("m"), zujian_correlationKey="k")

    assert refused("start -> a -> end", start=start, a=user()) == [("start", "event.unused")]


@pytest.mark.parametrize(
    "inside",
    [
        "<bpmn:potentialOwner/>",
        "<bpmn:ioSpecification/>",
        "<bpmn:adHocOrdering/>",
        extensions("<spiffworkflow:preScript>a = 1</spiffworkflow:preScript>"),
        extensions("<zujian:colour/>"),
        extensions('<zujian:listener topic="t" whn="x"/>'),
        extensions(
            '<zujian:listener topic="t"><zujian:output variable="x" expression="y"/></zujian:listener>'
        ),
        extensions('<other:assignment xmlns:other="urn:other"/>'),
        extensions('<spiffworkflow:properties><spiffworkflow:property name="x"/></spiffworkflow:properties>'),
    ],
)
def test_parts_that_are_not_executed_are_refused(inside: str) -> None:
    (found,) = refused("start -> a -> end", a=user(inside=inside))

    assert found[0] == "a"
    assert found[1] in {"element.unsupported", "extension.unknown", "extension.property"}


def test_a_foreign_expression_language_is_refused() -> None:
    content = xml("start -> g\ng -[one: x]-> end\ng -[two]-> end2", g=exclusive("two"))
    content = content.replace(
        b"<bpmn:conditionExpression>", b'<bpmn:conditionExpression language="javascript">'
    )

    assert [problem.rule for problem in problems(content)] == ["attribute.value"]


STRUCTURE = {
    "flow.dangling": (
        "start -> a -> end",
        {"a": user(), "x": '<bpmn:sequenceFlow id="@" sourceRef="a" targetRef="?"/>'},
    ),
    "flow.into-start": ("start -> a -> end\na -> start", {"a": user()}),
    "flow.out-of-end": ("start -> a -> end -> a", {"a": user()}),
    "flow.no-way-on": ("start -> a -> end\na -> b", {"a": user(), "b": user()}),
    "flow.condition-not-allowed": ("start -[f: x]-> a -> end", {"a": user()}),
    "flow.default-with-condition": (
        "start -> a\na -[f: x]-> end\na -[h: y]-> end2",
        {"a": user(default="f")},
    ),
    "flow.default-without-conditions": ("start -> a\na -[f]-> end\na -> end2", {"a": user(default="f")}),
    "start.missing": ("a -> end", {"a": user()}),
    "start.error-at-top": ("start -> end", {"start": event("startEvent", error("E"))}),
    "start.timer-variable": ("start -> end", {"start": event("startEvent", timer("period"))}),
    "end.missing": ("start -> a -> b -> a", {"a": user(), "b": user()}),
    "element.unreachable": ("start -> end\na -> end2", {"a": user()}),
    "element.no-end": ("start -> s\ns -> end\ns -> a -> b -> a", {"s": parallel(), "a": user(), "b": user()}),
    "id.reserved": ("start -> End -> end", {"End": user()}),
    "id.form": ("start -> 1a -> end", {"1a": user()}),
    "sub-process.start": ("start -> s -> end", {"s": sub_process("a -> end_s", a=user())}),
    "event-sub-process.start": ("start -> end", {"s": event_sub_process("start_s -> end_s")}),
    "event-gateway.too-few": (
        "start -> g -> e -> end",
        {"g": node("eventBasedGateway"), "e": event("intermediateCatchEvent", timer("P1D"))},
    ),
    "event-gateway.target": (
        "start -> g\ng -> e -> end\ng -> a -> end2",
        {"g": node("eventBasedGateway"), "e": event("intermediateCatchEvent", timer("P1D")), "a": user()},
    ),
    "event-gateway.mixed": (
        "start -> g\ng -> e -> end\ng -> r -> end2",
        {
            "g": node("eventBasedGateway"),
            "e": event("intermediateCatchEvent", message("m"), zujian_correlationKey="k"),
            "r": node("receiveTask", messageRef="message_m", zujian_correlationKey="k"),
        },
    ),
    "boundary.attached-to-nothing": ("start -> end\nb -> end2", {"b": boundary("start", timer("P1D"))}),
    "boundary.catches-nothing": ("start -> a -> end\nb -> end2", {"a": user(), "b": boundary("a", "")}),
    "error.non-interrupting": (
        "start -> a -> end\nb -> end2",
        {"a": service(), "b": boundary("a", error("E"), interrupting=False)},
    ),
    "timer.cycle-interrupting": (
        "start -> a -> end\nb -> end2",
        {"a": user(), "b": boundary("a", timer("R/P1D", "timeCycle"))},
    ),
    "timer.not-understood": ("start -> e -> end", {"e": event("intermediateCatchEvent", timer("5 days"))}),
    "timer.time-missing": (
        "start -> e -> end",
        {"e": event("intermediateCatchEvent", "<bpmn:timerEventDefinition/>")},
    ),
    "catch.nothing": ("start -> e -> end", {"e": event("intermediateCatchEvent")}),
    "message.key-missing": ("start -> e -> end", {"e": event("intermediateCatchEvent", message("m"))}),
    "event.message-missing": (
        "start -> e -> end",
        {"e": event("intermediateThrowEvent", '<bpmn:messageEventDefinition messageRef="no"/>')},
    ),
    "event.error-missing": ("start -> end", {"end": event("endEvent", error())}),
    "event.part": ("start -> e", {"e": event("endEvent", terminate() + signal("s"))}),
    "event.unused": (
        "start -> e -> end",
        {"e": event("intermediateCatchEvent", signal("s"), zujian_correlationKey="k")},
    ),
    "send.twofold": (
        "start -> a -> end",
        {
            "a": node(
                "sendTask",
                extensions('<spiffworkflow:serviceTaskOperator id="t"/>'),
                messageRef="message_m",
                zujian_correlationKey="k",
            )
        },
    ),
    "call.process-missing": ("start -> c -> end", {"c": node("callActivity")}),
    "call.unknown-process": ("start -> c -> end", {"c": node("callActivity", calledElement="no")}),
    "call.circular": ("start -> c -> end", {"c": node("callActivity", calledElement="p")}),
    "service.topic-missing": ("start -> a -> end", {"a": service(topic="")}),
    "listener.topic-missing": ("start -> a -> end", {"a": user(listener(""))}),
    "user-task.deadline": ("start -> a -> end", {"a": user(zujian_deadline="soon")}),
    "user-task.differs-from": ("start -> a -> end", {"a": user(zujian_differsFrom="a")}),
    "loop.count": ("start -> a -> end", {"a": user(inside=instances())}),
    "loop.results": ("start -> a -> end", {"a": user(inside=instances(count="2", into="x"))}),
    "loop.results-lost": ("start -> a -> end", {"a": user(output("x", "y"), instances(count="2"))}),
    "loop.item-without-collection": ("start -> a -> end", {"a": user(inside=instances(count="2", item="x"))}),
    "variable.name": ("start -> a -> end", {"a": user(output("not a name", "y"))}),
    "variable.reserved": ("start -> a -> end", {"a": user(output("initiatorId", "y"))}),
    "variable.twice": ("start -> a -> end", {"a": user(output("x", "1") + output("x", "2"))}),
    "expression.not-understood": ("start -> a -> end", {"a": user(output("x", "__import__('os')"))}),
}


# The element that the first problem of each case names.
BLAMED = {
    "x": "flow.dangling",
    "start": "flow.into-start start.error-at-top start.timer-variable",
    "end": "flow.out-of-end event.error-missing",
    "b": (
        "flow.no-way-on boundary.attached-to-nothing boundary.catches-nothing error.non-interrupting "
        "timer.cycle-interrupting"
    ),
    "f": "flow.condition-not-allowed flow.default-with-condition",
    "a": (
        "flow.default-without-conditions element.unreachable element.no-end event-gateway.target "
        "send.twofold service.topic-missing listener.topic-missing user-task.deadline user-task.differs-from "
        "loop.count loop.results loop.results-lost loop.item-without-collection variable.name "
        "variable.reserved variable.twice expression.not-understood"
    ),
    "p": "start.missing start.several-none end.missing",
    "End": "id.reserved",
    "1a": "id.form",
    "s": "sub-process.start event-sub-process.start",
    "g": "event-gateway.too-few event-gateway.mixed",
    "e": (
        "timer.not-understood timer.time-missing catch.nothing message.key-missing event.message-missing "
        "event.part event.unused"
    ),
    "c": "call.process-missing call.unknown-process call.circular",
}


@pytest.mark.parametrize("rule", STRUCTURE)
def test_a_broken_rule_is_named(rule: str) -> None:
    flows, nodes = STRUCTURE[rule]
    (blamed,) = (element for element, rules in BLAMED.items() if rule in rules.split())

    assert refused(flows, **nodes)[0] == (blamed, rule)


def test_flows_stay_in_their_scope() -> None:
    inner = sub_process("start_s -> b -> end_s", b=user())

    crossing = '<bpmn:sequenceFlow id="@" sourceRef="a" targetRef="b"/>'

    assert ("x", "flow.crosses-border") in refused("start -> a -> s -> end", a=user(), s=inner, x=crossing)


def test_extensions_on_flows_and_declarations_are_refused_too() -> None:
    extension = extensions('<other:listener xmlns:other="urn:other"/>').encode()
    on_flow = xml("start -> end").replace(b"</bpmn:sequenceFlow>", extension + b"</bpmn:sequenceFlow>")
    on_root = xml("start -> end").replace(
        b"<bpmn:process", b'<bpmn:message id="m" name="m">' + extension + b"</bpmn:message><bpmn:process"
    )

    assert [(each.element_id, each.rule) for each in problems(on_flow)] == [
        ("start__end", "extension.unknown")
    ]
    assert [(each.element_id, each.rule) for each in problems(on_root)] == [("m", "extension.unknown")]


def test_a_script_error_names_the_script_task() -> None:
    assert refused("start -> a -> end", a=script("import os")) == [("a", "expression.not-understood")]


ENTITY = b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def test_warnings_do_not_refuse() -> None:
    warnings = diagram("start -> a -> end", a=node("manualTask")).warnings

    assert [warning.rule for warning in warnings] == ["task.passes-at-once"]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "xml.malformed"),
        (b"<bpmn", "xml.malformed"),
        (b"<a/>", "xml.not-bpmn"),
        (ENTITY + HEADER.encode() + b"&e;</bpmn:definitions>", "xml.document-type"),
        (b"<!DOCTYPE d>" + HEADER.encode() + b"</bpmn:definitions>", "xml.document-type"),
        (b" " * 2_000_001, "xml.too-large"),
        (HEADER.encode() + b"</bpmn:definitions>", "file.one-process"),
        (xml("start -> end").replace(b'isExecutable="true"', b""), "process.not-executable"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_trusted_or_read_are_refused(content: bytes, rule: str) -> None:
    assert rule in [problem.rule for problem in problems(content)]


def test_a_process_that_nobody_can_survey_is_refused() -> None:
    names = [f"t{number}" for number in range(500)]
    content = xml(f"start -> {' -> '.join(names)} -> end", **dict.fromkeys(names, user()))
    fewer = xml(f"start -> {' -> '.join(names[:498])} -> end", **dict.fromkeys(names[:498], user()))

    assert [(each.element_id, each.rule) for each in problems(content)] == [("p", "process.too-large")]
    assert len(net(fewer).processes["p"].elements) == 500


def test_processes_and_files_are_told_apart() -> None:
    assert [each.rule for each in problems(xml("start -> end"), xml("start -> end"))] == ["process.twice"]
    with pytest.raises(DefinitionRefused, match="no-diagram"):
        compile_process_files({"form.json": b"{}"})
