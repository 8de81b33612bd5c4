"""The diagram against the registry: topics, listeners, roles, parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.bpmn.expressions import ExpressionError
from engine.bpmn.model import Assignment, Element, Process
from engine.bpmn.problems import Problem
from engine.registry import Parameter, Registry
from kernel.language import Text

_KINDS = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "object": (dict,),
    "list": (list,),
}


def contract_problems(process: Process, registry: Registry) -> Iterator[Problem]:
    """Yield what the diagram asks for and the platform does not have, or has otherwise."""
    for element in process.elements.values():
        yield from _topic_problems(element, registry)
        yield from _listener_problems(element, registry)
        if element.role:
            yield from _role_problems(element.id, element.role, registry)
    for role in process.start_roles:
        yield from _role_problems(None, role, registry)


def _topic_problems(element: Element, registry: Registry) -> Iterator[Problem]:
    if not element.topic:
        return
    contract = registry.find_handler(element.topic)
    if contract is None:
        yield _problem(
            element.id,
            "topic.unknown",
            Text(f"没有处理程序“{element.topic}”。", f"There is no handler “{element.topic}”."),
            Text(
                f"可用：{_names(topic.topic for topic in registry.topics())}。",
                f"Choose one of: {_names(topic.topic for topic in registry.topics())}.",
            ),
        )
        return
    yield from _parameter_problems(element, element.parameters, contract.parameters, contract.topic)


def _listener_problems(element: Element, registry: Registry) -> Iterator[Problem]:
    for listener in element.listeners:
        contract = registry.find_listener(listener.topic)
        if contract is None:
            known = _names(topic.topic for topic in registry.listener_topics())
            yield _problem(
                element.id,
                "listener.unknown",
                Text(f"没有监听器“{listener.topic}”。", f"There is no listener “{listener.topic}”."),
                Text(f"可用：{known}。", f"Choose one of: {known}."),
            )
        else:
            yield from _parameter_problems(element, listener.parameters, contract.parameters, contract.topic)


def _parameter_problems(
    element: Element, given: Sequence[Assignment], wanted: Sequence[Parameter], topic: str
) -> Iterator[Problem]:
    known = {parameter.name: parameter for parameter in wanted}
    names = [assignment.variable for assignment in given]
    for parameter in wanted:
        if parameter.required and parameter.name not in names:
            yield _problem(
                element.id,
                "parameter.missing",
                Text(
                    f"“{topic}”缺少参数“{parameter.name}”（{parameter.title.zh}）。",
                    f"“{topic}” lacks the parameter “{parameter.name}” ({parameter.title.en}).",
                ),
                Text("请补充该参数。", "Add the parameter."),
            )
    for assignment in given:
        found = known.get(assignment.variable)
        if found is None:
            yield _problem(
                element.id,
                "parameter.unknown",
                Text(
                    f"“{topic}”没有参数“{assignment.variable}”。",
                    f"“{topic}” has no parameter “{assignment.variable}”.",
                ),
                Text(f"可用：{_names(known)}。", f"Known: {_names(known)}."),
            )
        else:
            yield from _literal_problems(element, assignment, found)


def _literal_problems(element: Element, assignment: Assignment, wanted: Parameter) -> Iterator[Problem]:
    """A parameter without variables has one value, which can be checked now."""
    if assignment.expression.names:
        return
    try:
        value = assignment.expression.evaluate({})
    except ExpressionError as error:
        yield _problem(element.id, "parameter.value", error.message, error.cure)
        return
    kinds = _KINDS.get(wanted.kind)
    wrong_kind = kinds is not None and (
        not isinstance(value, kinds) or (isinstance(value, bool) and wanted.kind in ("int", "float"))
    )
    if wrong_kind or (wanted.choices and value not in wanted.choices):
        expected = _names(wanted.choices) if wanted.choices else wanted.kind
        yield _problem(
            element.id,
            "parameter.value",
            Text(
                f"参数“{wanted.name}”的值 {assignment.expression.text} 不被接受。",
                f"The parameter “{wanted.name}” does not take {assignment.expression.text}.",
            ),
            Text(f"应为：{expected}。", f"Expected: {expected}."),
        )


def _role_problems(element_id: str | None, role: str, registry: Registry) -> Iterator[Problem]:
    roles = registry.roles()
    if role not in roles:
        yield _problem(
            element_id,
            "role.unknown",
            Text(f"没有角色“{role}”。", f"There is no role “{role}”."),
            Text(f"可用：{_names(roles)}。", f"Choose one of: {_names(roles)}."),
        )


def _names(names: Iterable[str]) -> str:
    return ", ".join(names) or "—"


def _problem(element_id: str | None, rule: str, message: Text, cure: Text) -> Problem:
    return Problem(element_id, rule, "error", message, cure)
