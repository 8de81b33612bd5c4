"""A tiny language for decision tables in tests.

``table("amount | risk => level", '< 100 | - => "low"', '>= 100 | "high" => "high"')`` is the XML of a file
with one decision, ``level``; the first row names the columns.
"""

from collections.abc import Iterable

from engine.bpmn.findings import Findings
from engine.dmn.deciding import decide
from engine.dmn.model import Decision
from engine.dmn.reader import check_requirements, read_decisions

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def escape(text: str) -> str:
    """Escape text for XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def cell(tag: str, text: str) -> str:
    """Write one cell."""
    return f"<{tag}><text>{escape(text)}</text></{tag}>"


def definitions(*decisions: str) -> bytes:
    """Wrap decisions in a file."""
    return f'<definitions xmlns="{NAMESPACE}" id="d" name="d">{"".join(decisions)}</definitions>'.encode()


def table(
    head: str,
    *rows: str,
    name: str = "level",
    inside: str = "",
    values: dict[str, str] | None = None,
    defaults: dict[str, str] | None = None,
    allowed: dict[str, str] | None = None,
    **attributes: str,
) -> str:
    """Write a decision with a table; ``attributes`` are those of the table, such as ``hitPolicy``."""
    inputs, outputs = columns(head)
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    parts = [
        f"<input>{cell('inputExpression', each)}{optional('inputValues', allowed, each)}</input>"
        for each in inputs
    ]
    parts += [
        f'<output name="{each}">{optional("outputValues", values, each)}'
        f"{optional('defaultOutputEntry', defaults, each)}</output>"
        for each in outputs
    ]
    for row in rows:
        cells, results = columns(row)
        entries = [cell("inputEntry", each) for each in cells] + [cell("outputEntry", e) for e in results]
        parts.append(f"<rule>{''.join(entries)}</rule>")
    content = f"<decisionTable{written}>{''.join(parts)}</decisionTable>"
    return f'<decision id="{name}" name="{name}">{inside}{content}</decision>'


def columns(row: str) -> tuple[list[str], list[str]]:
    """Split a row at its arrow and bars."""
    left, _, right = row.partition(" => ")
    return [each.strip() for each in left.split(" | ")], [each.strip() for each in right.split(" | ")]


def optional(tag: str, texts: dict[str, str] | None, name: str) -> str:
    """Write a part that not every column has."""
    return cell(tag, texts[name]) if texts and name in texts else ""


def read(*decisions: str) -> tuple[dict[str, Decision], list[str]]:
    """Read decisions; return them with the rules that they break."""
    findings = Findings()
    found = {each.id: each for each in read_decisions("a.dmn", definitions(*decisions), findings)}
    check_requirements(found, findings)
    return found, [problem.rule for problem in findings.problems]


def outcome(decision: str, *others: str, of: str = "level", **variables: object) -> dict[str, object]:
    """Read decisions that break no rule and decide one of them."""
    decisions, broken = read(decision, *others)
    assert broken == []
    return decide(decisions, of, variables)


def rules_broken(*decisions: str) -> Iterable[str]:
    """Name the rules that these decisions break."""
    return read(*decisions)[1]
