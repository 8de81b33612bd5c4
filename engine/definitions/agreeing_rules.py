"""Votes and signatures against their forms: an agreement must be possible to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import orjson

from engine.bpmn.model import Element, ElementKind, Process
from engine.bpmn.problems import Problem
from engine.definitions.files import form_name
from kernel.language import Text


def agreeing_problems(process: Process, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield the tasks that vote or may be signed by others, on whose form nobody can agree."""
    forms = {name: data for file, data in files.items() if (name := form_name(file)) is not None}
    for element in process.elements.values():
        if element.kind is not ElementKind.USER_TASK or element.form not in forms:
            continue
        if element.approval is None and "addSignatory" not in element.actions:
            continue
        outcomes = _outcomes(forms[element.form])
        if outcomes and element.agreeing.isdisjoint(outcomes):
            yield _nobody_agrees(element, outcomes)


def _outcomes(form: bytes) -> list[str]:
    """Return the outcomes that a form offers; an unreadable form is reported elsewhere."""
    try:
        outcome = orjson.loads(form)["properties"]["outcome"]["enum"]
    except (orjson.JSONDecodeError, LookupError, TypeError):
        return []
    return [each for each in outcome if isinstance(each, str)] if isinstance(outcome, list) else []


def _nobody_agrees(element: Element, outcomes: list[str]) -> Problem:
    wanted = "、".join(sorted(element.agreeing))
    return Problem(
        element.id,
        "form.nobody-agrees",
        "error",
        Text(
            f"表单“{element.form}”的结论中没有表示同意的“{wanted}”，表决或加签永远不能通过。",
            f"The form “{element.form}” offers no outcome that agrees ({wanted}).",
        ),
        Text(
            f"用 zujian:agreeing 指明哪些结论表示同意，可用：{'、'.join(outcomes)}。",
            f"Say with zujian:agreeing which outcomes agree, among: {', '.join(outcomes)}.",
        ),
    )
