"""The diagram against its forms: each form there and sound, outcomes decided on, nothing left over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.bpmn.model import ElementKind, Process
from engine.bpmn.problems import Problem
from engine.definitions.files import START_FORM, form_name
from engine.forms.schema_rules import form_problems
from kernel.language import Text


def forms_problems(process: Process, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield what is wrong with the forms and with what the diagram says of them."""
    forms = {name: data for file, data in files.items() if (name := form_name(file)) is not None}
    used: dict[str, str] = {}
    for element in process.elements.values():
        if element.kind is not ElementKind.USER_TASK or element.form is None:
            continue
        used.setdefault(element.form, element.id)
        if element.form not in forms:
            yield Problem(
                element.id,
                "form.unknown",
                "error",
                Text(f"没有表单“{element.form}”。", f"There is no form “{element.form}”."),
                Text(
                    f"请在 forms/ 中加入该文件，或改用：{', '.join(sorted(forms)) or '—'}。",
                    f"Add the file to forms/, or use one of: {', '.join(sorted(forms)) or '—'}.",
                ),
            )
    for name, data in sorted(forms.items()):
        for problem in form_problems(name, data):
            yield Problem(used.get(name), problem.rule, problem.severity, problem.message, problem.cure)
        if name not in used and name != START_FORM:
            yield Problem(
                None,
                "form.unused",
                "warning",
                Text(f"没有环节使用表单“{name}”。", f"No element uses the form “{name}”."),
                Text("可删除该文件。", "The file can be removed."),
            )
