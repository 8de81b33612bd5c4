"""What the compiler says against a diagram."""

import pytest

from engine.bpmn.problems import DefinitionRefused, Problem
from tests.unit.engine.diagram import net, xml


def problems(*files: bytes) -> list[Problem]:
    """Return what is said against files that are refused."""
    with pytest.raises(DefinitionRefused) as raised:
        net(*files)
    return list(raised.value.problems)


def refused(flows: str, **nodes: str) -> list[tuple[str | None, str]]:
    """Compile one process and return element and rule of every error."""
    return [
        (each.element_id, each.rule) for each in problems(xml(flows, **nodes)) if each.severity == "error"
    ]
