"""The compiler: BPMN files in, one net out, or every reason why not.

Reading goes in four steps, each in its own module: safe XML (``xml_source``), a
vocabulary check that leaves nothing unnoticed (``grammar``), reading what was drawn
(``processes`` and below), and the static rules (``rules``).
"""

from collections.abc import Mapping
from dataclasses import replace

from engine.bpmn.declarations import read_declarations
from engine.bpmn.findings import Findings
from engine.bpmn.grammar import check_grammar
from engine.bpmn.model import Net, Process
from engine.bpmn.problems import DefinitionRefused
from engine.bpmn.processes import read_process
from engine.bpmn.races import allows_way_back, with_races
from engine.bpmn.rules import PROCESS_RULES
from engine.bpmn.rules.calls import check_calls
from engine.bpmn.rules.compensation import check_no_way_back
from engine.bpmn.vocabulary import FLOW_NODES
from engine.bpmn.xml_source import BPMN, Node, children, parse
from engine.dmn.model import Decision
from engine.dmn.reader import DECISION_SUFFIX, check_requirements, read_decisions
from kernel.language import Text

DIAGRAM_SUFFIX = ".bpmn"
# Nobody surveys more, and the time that some checks take grows with the square.
MOST_ELEMENTS = 500


def compile_process_files(files: Mapping[str, bytes]) -> Net:
    """Compile all ``.bpmn`` files among these, which may call each other, into one net.

    Decisions in ``<name>/….dmn`` belong to the diagram ``<name>.bpmn``, those in any other folder to
    every diagram given. Other files, such as forms, are left to those who know them.

    Raises:
        DefinitionRefused: something in them is not executed exactly as drawn.
    """
    findings = Findings()
    processes: dict[str, Process] = {}
    for name, content in sorted(files.items()):
        if name.endswith(DIAGRAM_SUFFIX):
            process = _compile_file(name, content, _decision_files(name, files), findings)
            if process is not None:
                _add(process, processes, findings)
    if not processes and not findings.has_errors:
        findings.refuse(
            None,
            "file.no-diagram",
            Text(zh="没有 .bpmn 文件。", en="There is no .bpmn file."),
            Text(zh="加入流程图文件。", en="Add the diagram of the process."),
        )
    check_calls(processes, findings)
    keeps_lines = any(map(allows_way_back, processes.values()))
    if keeps_lines:
        check_no_way_back(processes, findings)
    if findings.has_errors:
        raise DefinitionRefused(findings.problems)
    if keeps_lines:
        processes = {key: with_races(process) for key, process in processes.items()}
    return Net(processes=processes, warnings=tuple(findings.problems), keeps_lines=keeps_lines)


def _decision_files(diagram: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Pick the decision files of a diagram."""
    others = {name.removesuffix(DIAGRAM_SUFFIX) for name in files if name.endswith(DIAGRAM_SUFFIX)}
    others.discard(diagram.removesuffix(DIAGRAM_SUFFIX))
    return {
        name: content
        for name, content in sorted(files.items())
        if name.endswith(DECISION_SUFFIX) and name.partition("/")[0] not in others
    }


def _compile_file(
    name: str, content: bytes, decision_files: Mapping[str, bytes], findings: Findings
) -> Process | None:
    root = parse(name, content, findings)
    if root is None:
        return None
    check_grammar(root, findings)
    node = _executable_process(root, name, findings)
    if node is None or not _is_surveyable(node, findings):
        return None
    process = read_process(node, name, read_declarations(root, findings), findings)
    process = replace(process, decisions=_read_decisions(decision_files, findings))
    for check in PROCESS_RULES:
        check(process, findings)
    return process


def _read_decisions(files: Mapping[str, bytes], findings: Findings) -> dict[str, Decision]:
    found: dict[str, Decision] = {}
    for name, content in files.items():
        for decision in read_decisions(name, content, findings):
            if decision.id in found:
                findings.refuse(
                    decision.id,
                    "dmn.twice",
                    Text(
                        zh=f"决策编号 {decision.id} 重复。",
                        en=f"The decision id {decision.id} is used twice.",
                    ),
                    Text(zh="给每个决策不同的编号。", en="Give each decision an id of its own."),
                )
            found[decision.id] = decision
    check_requirements(found, findings)
    return found


def _executable_process(root: Node, name: str, findings: Findings) -> Node | None:
    """Return the process of the file; there is exactly one and it says that it is executable."""
    nodes = list(children(root, "process"))
    if len(nodes) != 1 or not nodes[0].get("id"):
        findings.refuse(
            None,
            "file.one-process",
            Text(
                zh=f"文件 {name} 应当只有一个带标识的流程，实际有 {len(nodes)} 个。",
                en=f"File {name} should hold one process with an id; it holds {len(nodes)}.",
            ),
            Text(zh="每个文件画一个流程。", en="Draw one process per file."),
        )
        return None
    if nodes[0].get("isExecutable") != "true":
        findings.refuse(
            nodes[0].get("id"),
            "process.not-executable",
            Text(zh="流程没有标为可执行。", en="The process is not marked as executable."),
            Text(zh="设置 isExecutable=true。", en="Set isExecutable=true."),
        )
    return nodes[0]


def _is_surveyable(node: Node, findings: Findings) -> bool:
    """Say whether the process is small enough to be read at all."""
    count = sum(1 for _ in node.iter(*(f"{{{BPMN}}}{tag}" for tag in FLOW_NODES)))
    if count > MOST_ELEMENTS:
        findings.refuse(
            node.get("id"),
            "process.too-large",
            Text(
                zh=f"流程有 {count} 个元素，超过 {MOST_ELEMENTS} 个。",
                en=f"The process has {count} elements, more than {MOST_ELEMENTS}.",
            ),
            Text(zh="用调用活动拆成多个流程。", en="Split it into processes that call each other."),
        )
    return count <= MOST_ELEMENTS


def _add(process: Process, processes: dict[str, Process], findings: Findings) -> None:
    if process.key in processes:
        findings.refuse(
            process.key,
            "process.twice",
            Text(zh=f"流程标识 {process.key} 重复。", en=f"The process key {process.key} is used twice."),
            Text(zh="给每个流程不同的标识。", en="Give each process a key of its own."),
        )
    processes[process.key] = process
