"""Every place of a diagram that is read: what is found there, and that what is wrong there is named."""

import pytest

from engine.bpmn.model import Element, Lane
from tests.unit.engine.bpmn.test_compiler import problems
from tests.unit.engine.diagram import (
    boundary,
    diagram,
    event,
    exclusive,
    extensions,
    instances,
    listener,
    loop,
    message,
    node,
    output,
    script,
    service,
    signal,
    timer,
    user,
    xml,
)

BAD = "a.b"
PARAMETER = f'<zujian:payload><zujian:parameter name="x" value="{BAD}"/></zujian:payload>'
CATCH = "intermediateCatchEvent"

PLACES: dict[str, tuple[str, str]] = {
    "unit": ("a", user(zujian_unit=BAD)),
    "region": ("a", user(zujian_region=BAD)),
    "prefill": ("a", user(zujian_prefill=BAD)),
    "x =": ("a", user(output("x", BAD))),
    "script": ("a", script(f"x = {BAD}")),
    "check when": ("a", user(listener("check", when=BAD))),
    "stage =": ("a", service(stage=BAD)),
    "loopCardinality": ("a", user(inside=instances(count=BAD))),
    "loopDataInputRef": ("a", user(inside=instances(over=BAD))),
    "completionCondition": ("a", user(inside=instances(count="2", until=BAD))),
    "loopCondition": ("a", user(inside=loop(BAD))),
    "correlationKey": ("a", event(CATCH, message("m"), zujian_correlationKey=BAD)),
}


@pytest.mark.parametrize("place", PLACES)
def test_an_expression_that_is_not_understood_is_named_with_its_place(place: str) -> None:
    element, drawn = PLACES[place]

    problem = problems(xml("start -> a -> end", a=drawn))[0]

    assert (problem.element_id, problem.rule) == (element, "expression.not-understood")
    assert problem.message.en.startswith(f"{place}: Attribute is not part")
    assert "Look up with" in problem.cure.en


@pytest.mark.parametrize(
    "drawn",
    [
        event("intermediateThrowEvent", message("m"), PARAMETER),
        event("intermediateThrowEvent", signal("m"), PARAMETER),
        node("sendTask", extensions(PARAMETER), messageRef="message_m"),
        node(
            "callActivity", extensions(f'<zujian:input variable="x" expression="{BAD}"/>'), calledElement="q"
        ),
        user(listener("check", x=BAD)),
    ],
)
def test_a_parameter_that_is_not_understood_is_named(drawn: str) -> None:
    found = [
        (each.element_id, each.rule, each.message.en.partition(":")[0])
        for each in problems(xml("start -> a -> end", a=drawn))
        if each.rule == "expression.not-understood"
    ]

    assert found == [("a", "expression.not-understood", "x =")]


def test_a_condition_is_named_with_its_flow() -> None:
    problem, *_ = problems(xml(f"start -> a\na -[f: {BAD}]-> end\na -[g]-> end2", a=exclusive("g")))

    assert (problem.element_id, problem.rule) == ("f", "expression.not-understood")
    assert problem.message.en.startswith("condition: ")


@pytest.mark.parametrize("field", ["unit", "region"])
def test_what_is_not_understood_of_a_lane_is_named_with_the_lane(field: str) -> None:
    lane = f'<bpmn:laneSet id="ls"><bpmn:lane id="lane" zujian:{field}="a.b"/></bpmn:laneSet>'

    (problem,) = problems(xml("start -> a -> end", lanes=lane, a=user()))

    assert (problem.element_id, problem.message.en.partition(":")[0]) == ("lane", field)


@pytest.mark.parametrize(
    ("drawn", "rule"),
    [
        (service(result="not a name"), "variable.name"),
        (service(result="initiatorId"), "variable.reserved"),
        (user(inside=instances(over="x", item="not a name")), "variable.name"),
        (user(inside=instances(count="2", into="not a name", result="x")), "variable.name"),
        (user(inside=instances(count="2", into="loopCounter", result="x")), "variable.reserved"),
        (user(inside=loop()), "loop.endless"),
        (user(inside=loop("x", most=0)), "loop.maximum"),
        (user(inside=loop("x") + instances(count="2")), "loop.twofold"),
        (event(CATCH, "<bpmn:conditionalEventDefinition/>"), "event.condition-missing"),
        (event(CATCH, '<bpmn:signalEventDefinition signalRef="no"/>'), "event.signal-missing"),
        (event("intermediateThrowEvent", "<bpmn:messageEventDefinition/>"), "event.message-missing"),
        (node("receiveTask", messageRef="no", zujian_correlationKey="k"), "event.message-missing"),
        (event(CATCH, timer("'P1D")), "timer.not-understood"),
        (event(CATCH, timer("1 + 1")), "timer.not-understood"),
        (event("intermediateThrowEvent", "", PARAMETER.replace(BAD, "1")), "event.unused"),
        (event(CATCH, timer("P1D"), zujian_correlationKey="k"), "event.unused"),
    ],
)
def test_what_is_wrong_in_a_place_is_named_with_its_element(drawn: str, rule: str) -> None:
    found = problems(xml("start -> a -> end", a=drawn))

    assert (found[0].element_id, found[0].rule) == ("a", rule)


@pytest.mark.parametrize(
    ("declared", "named"),
    [
        ('<bpmn:message id="m"/>', "m"),
        ('<bpmn:message name="m"/>', None),
        ('<bpmn:message id="m" name="  "/>', "m"),
        ('<bpmn:signal id="s"/>', "s"),
        ('<bpmn:error id="e" name="e"/>', "e"),
        ('<bpmn:escalation id="e" name="e"/>', "e"),
    ],
)
def test_a_declaration_without_a_name_is_named(declared: str, named: str | None) -> None:
    content = xml("start -> a -> end", a=user()).replace(
        b"<bpmn:process", f"{declared}<bpmn:process".encode()
    )

    assert [(each.element_id, each.rule) for each in problems(content)] == [(named, "declaration.nameless")]


def read(drawn: str, **more: str) -> Element:
    """Compile a process with the element ``a`` and return it."""
    return diagram("start -> a -> end", a=drawn, **more).processes["p"].elements["a"]


def test_what_is_said_about_human_work_is_read() -> None:
    element = read(
        user(
            zujian_unit="unitId",
            zujian_prefill="{'x': y}",
            zujian_deadline="5WD",
            zujian_differsFrom="start",
            zujian_standIn="P03",
            zujian_withdraw="true",
            zujian_nameEn="Review\n it",
            name="审核\n 一下",
        )
    )

    assert (element.role, element.unit and element.unit.text) == ("reviewer", "unitId")
    assert element.prefill is not None
    assert element.prefill.names == {"y"}
    assert (element.deadline, element.differs_from, element.stand_in) == ("5WD", ("start",), "P03")
    assert (element.withdraw, element.name, element.name_en) == (True, "审核 一下", "Review it")


def test_an_inner_lane_has_what_the_outer_one_says_unless_it_says_otherwise() -> None:
    lanes = (
        '<bpmn:laneSet id="ls">'
        '<bpmn:lane id="outer" zujian:role="provider" zujian:unit="u" zujian:region="r">'
        '<bpmn:childLaneSet id="c">'
        '<bpmn:lane id="same"><bpmn:flowNodeRef> a </bpmn:flowNodeRef></bpmn:lane>'
        '<bpmn:lane id="other" zujian:role="operator" zujian:unit="v" zujian:region="s"/>'
        "</bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
    )
    plain = node("userTask")
    process = diagram("start -> a -> end", lanes=lanes, a=plain).processes["p"]

    def facts(lane: Lane | Element) -> tuple[str, str | None, str | None, str | None]:
        unit, region = (each.text if each else None for each in (lane.unit, lane.region))
        return lane.id, lane.role, unit, region

    assert [facts(lane) for lane in process.lanes] == [
        ("outer", "provider", "u", "r"),
        ("same", "provider", "u", "r"),
        ("other", "operator", "v", "s"),
    ]
    assert [lane.elements for lane in process.lanes] == [(), ("a",), ()]
    assert facts(process.elements["a"]) == ("a", "provider", "u", "r")
    assert process.elements["a"].lane == "same"


@pytest.mark.parametrize("on_definition", [True, False])
def test_a_key_stands_on_the_event_or_on_its_definition(on_definition: bool) -> None:
    if on_definition:
        definition = message("m").replace("/>", ' zujian:correlationKey="k"/>')
        element = read(event(CATCH, definition))
    else:
        element = read(event(CATCH, message("m"), zujian_correlationKey="k"))

    assert element.event is not None
    assert element.event.correlation_key is not None
    assert element.event.correlation_key.text == "k"


@pytest.mark.parametrize(
    ("written", "meant"), [("P1D", "P1D"), ("'P1D'", "P1D"), ('"P1D"', "P1D"), (" P1D ", "P1D")]
)
def test_a_time_may_be_quoted(written: str, meant: str) -> None:
    element = read(event(CATCH, timer(written)))

    assert element.event is not None
    assert element.event.timer is not None
    assert element.event.timer.moment.evaluate({}) == meant


def test_a_time_may_be_an_expression() -> None:
    element = read(event(CATCH, timer("'P' + str(days) + 'D'")))

    assert element.event is not None
    assert element.event.timer is not None
    assert element.event.timer.moment.evaluate({"days": 3}) == "P3D"


@pytest.mark.parametrize(("attributes", "name"), [('name="n" id="i"', "n"), ('id="i"', "i")])
def test_an_item_is_known_by_its_name_or_its_id(attributes: str, name: str) -> None:
    marker = instances(over="x", item="q").replace('id="q" name="q"', attributes)

    element = read(user(inside=marker))

    assert element.loop is not None
    assert element.loop.item == name


def test_a_loop_is_read_with_all_it_says() -> None:
    several = read(
        user(inside=instances(sequential=True, over="xs", item="x", into="ys", result="y", until="done"))
    )
    again = read(user(inside=loop("more", before=True, most=3)))

    assert several.loop is not None
    assert (several.loop.sequential, several.loop.cardinality) == (True, None)
    assert (several.loop.item, several.loop.result_variable, several.loop.result_item) == ("x", "ys", "y")
    assert [each and each.text for each in (several.loop.collection, several.loop.completion_condition)] == [
        "xs",
        "done",
    ]
    assert again.repeat is not None
    assert (again.repeat.tests_before, again.repeat.maximum) == (True, 3)
    assert again.repeat.condition is not None
    assert again.repeat.condition.text == "more"


def test_a_boundary_event_knows_its_host_and_the_host_its_events() -> None:
    late = boundary("a", timer("P1D"), interrupting=False)
    process = diagram("start -> a -> end\nlate -> end2", a=user(), late=late).processes["p"]

    assert process.elements["a"].boundary_events == ("late",)
    assert (process.elements["late"].attached_to, process.elements["late"].interrupting) == ("a", False)


def test_a_handler_is_read_with_parameters_result_and_listeners() -> None:
    element = read(service(topic="t", result="r", extension=listener("l", when="x", p="1"), stage="'s'"))

    assert (element.topic, element.result_variable) == ("t", "r")
    assert [(each.variable, each.expression.text) for each in element.parameters] == [("stage", "'s'")]
    (heard,) = element.listeners
    assert (heard.topic, heard.when and heard.when.text) == ("l", "x")
    assert [(each.variable, each.expression.text) for each in heard.parameters] == [("p", "1")]


def test_only_the_form_property_is_read_and_others_are_refused() -> None:
    form = '<spiffworkflow:property name="formJsonSchemaFilename" value="f.json"/>'
    other = '<spiffworkflow:property name="other" value="x"/>'

    assert read(user(f"<spiffworkflow:properties>{form}</spiffworkflow:properties>")).form == "f.json"
    both = user(f"<spiffworkflow:properties>{form}{other}{other}</spiffworkflow:properties>")
    found = [(each.element_id, each.rule) for each in problems(xml("start -> a -> end", a=both))]
    assert found == [("a", "extension.property"), ("a", "extension.property")]
