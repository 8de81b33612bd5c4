"""The documents that the diagram viewer draws: BPMN with the path an instance took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.api import InstanceDetail, ProcessDiagram
from kernel.errors import NotFound
from kernel.language import Text
from webapp.presentation import span

# Gateways and events pass in no time; a badge on each of them would hide the ones that tell something.
SHORTEST_SHOWN_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class DiagramTab:
    """One diagram of an instance: its own process or a called one."""

    process_key: str
    name: Text
    version: int


def tabs(detail: InstanceDetail) -> tuple[DiagramTab, ...]:
    """Return the diagrams of the instance, its own first."""
    return tuple(DiagramTab(shown.process_key, shown.name, shown.version) for shown in detail.diagrams)


def document(detail: InstanceDetail, process_key: str) -> dict[str, Any]:
    """Return one diagram with states, visits, durations and taken flows, as the viewer reads it.

    Raises:
        NotFound: the instance has no such diagram.
    """
    shown = _find(detail, process_key)
    elements = {
        facts.element_id: {
            "state": facts.state,
            "visits": facts.visits,
            "duration_text": _duration(facts.total_seconds),
        }
        for facts in detail.elements
        if facts.scope_process == process_key
    }
    flows = {flow: times for (scope, flow), times in detail.flows.items() if scope == process_key}
    return {"bpmn_xml": shown.bpmn_xml, "elements": elements, "flows": flows}


def _find(detail: InstanceDetail, process_key: str) -> ProcessDiagram:
    for shown in detail.diagrams:
        if shown.process_key == process_key:
            return shown
    raise NotFound(
        Text(
            f"办件 {detail.row.case_number} 没有用到流程“{process_key}”。",
            f"Case {detail.row.case_number} does not use the process “{process_key}”.",
        )
    )


def _duration(seconds: float) -> str:
    return span(seconds) if seconds >= SHORTEST_SHOWN_SECONDS else ""
