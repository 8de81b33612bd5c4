"""The minimum baseline as a decision file: read into rows for people, written back with new limits.

The process reads the file as any decision of its own; this module only knows the columns that our table
has. Source: draft standard, clause 8.1.1; DMN 1.3, clause 8.3
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from lxml import etree

from domain.assessments.items import ITEMS, LIMITED_SEVERITIES
from kernel.errors import Conflict
from kernel.language import Text

BASELINE_FILE: Final = "decisions/security-baseline.dmn"
CHECKS_FILE: Final = "decisions/applicable-checks.dmn"
GENERAL, ADMISSION = "general", "admission"
SCOPES: Final = (GENERAL, ADMISSION)
_CELLS: Final = {GENERAL: 'not("admission")', ADMISSION: '"admission"'}
_NAMESPACE: Final = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_MOST_BYTES: Final = 512 * 1024


class BaselineUnreadable(Conflict):
    """The baseline in service was changed by other means than this page, which cannot read it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            Text(
                f"现行基线表不是本页面的格式（{what}），请在流程设计中修改",
                f"The baseline in service is not in this page's form ({what}); change it in the modeler",
            )
        )


@dataclass(frozen=True, slots=True)
class Limit:
    """How many findings of a severity one check may have; None means as many as there are.

    ``scope`` is general, or admission where external products are held to limits of their own.
    """

    scope: str
    item: str
    severity: str
    limit: int | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """One edition of the baseline."""

    edition: int
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Any decision table as people read it: headings and rows of cells."""

    title: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_baseline(content: bytes) -> Baseline:
    """Read the limits and the edition.

    Raises:
        BaselineUnreadable: the table has other columns or cells than ours.
    """
    table = read_table(content)
    if table.outputs != ("item", "severity", "limit", "edition"):
        raise BaselineUnreadable(", ".join(table.outputs))
    scopes = {cell: scope for scope, cell in _CELLS.items()}
    try:
        limits = tuple(
            Limit(
                scopes[scope],
                _known(item.strip('"'), ITEMS),
                _known(severity.strip('"'), LIMITED_SEVERITIES),
                None if limit == "null" else int(limit),
            )
            for scope, item, severity, limit, _edition in table.rows
        )
        edition = int(table.rows[0][-1])
    except (KeyError, ValueError, IndexError) as error:
        raise BaselineUnreadable(str(error)) from None
    return Baseline(edition, limits)


def write_baseline(baseline: Baseline) -> bytes:
    """Write the decision file of a baseline."""
    rows = [
        _rule(
            number,
            [_CELLS[limit.scope]],
            [
                f'"{limit.item}"',
                f'"{limit.severity}"',
                "null" if limit.limit is None else str(limit.limit),
                str(baseline.edition),
            ],
        )
        for number, limit in enumerate(baseline.limits, start=1)
    ]
    return write_table(
        "security_baseline",
        "最低安全基线 / Minimum security baseline",
        [("调用流程 / Caller", "caller")],
        ["item", "severity", "limit", "edition"],
        rows,
    )


def write_table(
    decision: str,
    title: str,
    inputs: Sequence[tuple[str, str]],
    outputs: Iterable[str],
    rules: Iterable[str],
) -> bytes:
    """Write a file with one decision whose table collects every row that matches."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<definitions xmlns="{_NAMESPACE}" id="{decision}_file" name="{decision}" '
        'namespace="urn:zujian:decisions">',
        f'  <decision id="{decision}" name="{escape(title)}">',
        f'    <decisionTable id="{decision}_table" hitPolicy="COLLECT">',
    ]
    for number, (label, expression) in enumerate(inputs, start=1):
        lines.append(
            f'      <input id="input_{number}" label="{escape(label)}">'
            f'<inputExpression id="expression_{number}"><text>{escape(expression)}</text></inputExpression>'
            "</input>"
        )
    lines += [f'      <output id="output_{name}" name="{name}"/>' for name in outputs]
    lines += [*rules, "    </decisionTable>", "  </decision>", "</definitions>", ""]
    return "\n".join(lines).encode()


def rule(number: int, cells: Sequence[str], results: Sequence[str]) -> str:
    """Write one row of a table."""
    return _rule(number, cells, results)


def _rule(number: int, cells: Sequence[str], results: Sequence[str]) -> str:
    entries = [
        f'<inputEntry id="rule_{number}_in_{place}"><text>{escape(cell)}</text></inputEntry>'
        for place, cell in enumerate(cells, start=1)
    ]
    entries += [
        f'<outputEntry id="rule_{number}_out_{place}"><text>{escape(cell)}</text></outputEntry>'
        for place, cell in enumerate(results, start=1)
    ]
    return f'      <rule id="rule_{number}">{"".join(entries)}</rule>'


def read_table(content: bytes) -> DecisionTable:
    """Read the first decision table of a file as text.

    Raises:
        BaselineUnreadable: there is none, or the file is no XML or too large.
    """
    if len(content) > _MOST_BYTES:
        raise BaselineUnreadable("512 kB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise BaselineUnreadable(str(error)) from None
    decision = root.find(f"{{{_NAMESPACE}}}decision")
    table = decision.find(f"{{{_NAMESPACE}}}decisionTable") if decision is not None else None
    if decision is None or table is None:
        raise BaselineUnreadable("decisionTable")
    rows = [
        tuple(
            (entry.findtext(f"{{{_NAMESPACE}}}text") or "").strip()
            for entry in each
            if etree.QName(entry).localname in ("inputEntry", "outputEntry")
        )
        for each in table.iterchildren(f"{{{_NAMESPACE}}}rule")
    ]
    return DecisionTable(
        decision.get("name", ""),
        tuple(each.get("label", "") for each in table.iterchildren(f"{{{_NAMESPACE}}}input")),
        tuple(each.get("name", "") for each in table.iterchildren(f"{{{_NAMESPACE}}}output")),
        tuple(rows),
    )


def _known(value: str, known: Iterable[str]) -> str:
    if value not in known:
        raise ValueError(value)
    return value
