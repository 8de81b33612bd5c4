"""Everything a definition is checked for before it may be deployed; changes nothing.

In order: the set of files, the diagram (``engine.bpmn``), topics, listeners and roles, forms, soundness and
the second opinion (``engine.verification``). The later checks need what the earlier ones found sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from engine.bpmn.compiler import compile_process_files
from engine.bpmn.findings import Findings
from engine.bpmn.model import ElementKind, Net, Process
from engine.bpmn.problems import DefinitionRefused, Problem
from engine.bpmn.xml_source import parse
from engine.definitions.agreeing_rules import agreeing_problems
from engine.definitions.contract_rules import contract_problems
from engine.definitions.files import bpmn_name, decision_files, deployable, file_problems
from engine.definitions.form_rules import forms_problems
from engine.definitions.pinned import files_of_versions
from engine.definitions.rows import CheckReport
from engine.definitions.verified import verify_net
from engine.definitions.versions import latest_versions
from engine.registry import Registry
from kernel.language import Text

MAX_CALL_DEPTH: Final = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """The report, and the compiled net where the diagram has no error."""

    report: CheckReport
    net: Net | None
    files: Mapping[str, bytes]


def check(session: Session, registry: Registry, key: str, files: Mapping[str, bytes]) -> Checked:
    """Check files as a deployment of ``key`` would."""
    kept = deployable(files)
    problems = list(file_problems(key, kept))
    if any(problem.severity == "error" for problem in problems):
        return Checked(CheckReport(tuple(problems)), None, kept)
    diagram = kept[bpmn_name(key)]
    sources = {
        bpmn_name(key): diagram,
        **decision_files(key, kept),
        **_called(session, key, diagram),
    }
    try:
        net = compile_process_files(sources)
    except DefinitionRefused as refused:
        return Checked(CheckReport((*problems, *refused.problems)), None, kept)
    process = net.processes.get(key)
    if process is None:
        return Checked(CheckReport((*problems, _other_key(key, net))), None, kept)
    problems += net.warnings
    problems += contract_problems(process, registry)
    problems += forms_problems(process, kept)
    problems += agreeing_problems(process, kept)
    if any(problem.severity == "error" for problem in problems):
        return Checked(CheckReport(tuple(problems)), None, kept)
    verified = verify_net(net, key, sources)
    report = CheckReport(
        problems=(*problems, *verified.problems),
        not_cross_checked=verified.not_cross_checked,
        soundness=verified.soundness,
        second_opinion=verified.second_opinion,
    )
    return Checked(report, net, kept)


def _called(session: Session, key: str, diagram: bytes) -> dict[str, bytes]:
    """Return the newest diagrams and decisions of the processes that this one calls, deeply."""
    found: dict[str, bytes] = {}
    wanted = called_keys_of_diagram(diagram) - {key}
    for _ in range(MAX_CALL_DEPTH):
        versions = latest_versions(session, wanted) if wanted else {}
        if not versions:
            break
        files = files_of_versions(session, [version.id for version in versions.values()])
        for name, version in versions.items():
            found[bpmn_name(name)] = files[version.id][bpmn_name(name)]
            found |= decision_files(name, files[version.id])
        calls = {called for version in versions.values() for called in version.calls}
        wanted = {name for name in calls - {key} if bpmn_name(name) not in found}
    return found


def called_keys_of_diagram(diagram: bytes) -> set[str]:
    """Return the keys that a diagram calls; none where it cannot be read, which the compiler will say."""
    root = parse("diagram.bpmn", diagram, Findings())
    if root is None:
        return set()
    return {called for node in root.iter() if (called := node.get("calledElement"))}


def called_keys(process: Process) -> list[str]:
    """Return the keys of the processes that a compiled process calls."""
    calls = {
        element.called_process
        for element in process.elements.values()
        if element.kind is ElementKind.CALL_ACTIVITY and element.called_process
    }
    return sorted(calls)


def _other_key(key: str, net: Net) -> Problem:
    found = ", ".join(net.processes)
    return Problem(
        None,
        "files.key",
        "error",
        Text(
            f"流程图中的流程标识为“{found}”，应为“{key}”。",
            f"The diagram's process is “{found}”, expected “{key}”.",
        ),
        Text(f"请把流程的 id 改为“{key}”。", f"Set the id of the process to “{key}”."),
    )
