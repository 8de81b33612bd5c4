"""Rows of the matrix in words."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import groupby

from flask import url_for

from domain.conformance.matrix import MEANS, Row, Status
from kernel.language import Text
from webapp.languages import gettext as _

_LABELS = {
    Status.COVERED: Text("已覆盖", "Covered"),
    Status.PLANNED: Text("计划中", "Planned"),
    Status.NOT_APPLICABLE: Text("不适用", "Not applicable"),
}
_TONES = {Status.COVERED: "ok", Status.PLANNED: "warn", Status.NOT_APPLICABLE: ""}


@dataclass(frozen=True, slots=True)
class Means:
    """One thing that meets a requirement; ``url`` leads to its diagram where there is one."""

    kind: str
    name: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement, finished for the page."""

    id: str
    clause: str
    modality: str
    text: Text
    roles: str
    acceptance: str
    status: Text
    tone: str
    means: tuple[Means, ...]
    note: Text | None
    tests: tuple[str, ...]
    faults: int


def by_chapter(rows: Sequence[Row], processes: Collection[str]) -> list[tuple[str, list[Line]]]:
    """Group the rows by chapter, in the order of the standard."""
    return [
        (_chapter_label(chapter), [_line(row, processes) for row in group])
        for chapter, group in groupby(rows, key=lambda row: row.requirement.chapter)
    ]


def chapter_choices(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Return each chapter once, with its label."""
    chapters = dict.fromkeys(row.requirement.chapter for row in rows)
    return [(chapter, _chapter_label(chapter)) for chapter in chapters]


def status_label(status: Status) -> Text:
    """Return a status in words."""
    return _LABELS[status]


def as_csv(rows: Sequence[Row]) -> str:
    """Return the matrix as comma-separated text with a byte order mark, as spreadsheets expect it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(
        (_("编号"), _("条款"), _("要求"), _("状态"), _("由何满足"), _("说明"), _("验证测试"), _("植入缺陷"))
    )
    for row in rows:
        each = row.requirement
        means = "; ".join(f"{kind}: {name}" for kind in MEANS for name in row.means.get(kind, ()))
        note = f"{row.note.zh} / {row.note.en}" if row.note else ""
        text = f"{each.text.zh} / {each.text.en}"
        writer.writerow(
            (each.id, each.clause, text, row.status, means, note, " ".join(row.tests), row.faults)
        )
    return "\ufeff" + out.getvalue()


def _chapter_label(chapter: str) -> str:
    return chapter if chapter.startswith("表") else _("第 %(n)s 章", n=chapter)


def _line(row: Row, processes: Collection[str]) -> Line:
    each = row.requirement
    return Line(
        id=each.id,
        clause=each.clause,
        modality=each.modality,
        text=each.text,
        roles="、".join(each.roles),
        acceptance=each.acceptance,
        status=_LABELS[row.status],
        tone=_TONES[row.status],
        means=tuple(_means(kind, name, processes) for kind in MEANS for name in row.means.get(kind, ())),
        note=row.note,
        tests=row.tests,
        faults=row.faults,
    )


def _means(kind: str, name: str, processes: Collection[str]) -> Means:
    words = {
        "element": _("流程环节"),
        "check": _("检查"),
        "control": _("控制"),
        "report": _("报表或页面"),
    }
    key = name.partition("#")[0]
    url = url_for("modeler.process", key=key) if kind == "element" and key in processes else None
    return Means(words[kind], name, url)
