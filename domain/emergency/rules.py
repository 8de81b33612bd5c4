"""What an emergency plan must say, grade by grade, and when a filing is due.

Source: draft standard, clause 10.3a; readings A43
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from kernel.calendar import deadline
from kernel.errors import FieldProblem
from kernel.language import Text

GRADES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "general": Text("一般", "General"),
        "severe": Text("严重", "Severe"),
        "major": Text("重大", "Major"),
    }
)
FILING_DAYS: Final = "15D"
REVIEW_DAYS: Final = "30D"
# Days after the listing on which the provider is reminded.
REMINDERS: Final = (7, 12, 14)
_LONGEST_MINUTES: Final = 60 * 24 * 365


def due_at(start: datetime, cause: str) -> datetime:
    """Return when a filing is due: 24:00 of the last day in Asia/Shanghai, the first day not counted."""
    return deadline(start, FILING_DAYS if cause == "listing" else REVIEW_DAYS).due_at


def is_on_time(first_valid_at: datetime | None, due: datetime) -> bool:
    """Tell whether the first valid submission came before the due time was over."""
    return first_valid_at is not None and first_valid_at < due


def plan_problems(plan: object) -> list[FieldProblem]:
    """Return everything that is missing from a plan; an empty list makes it a valid submission."""
    content = plan if isinstance(plan, Mapping) else {}
    grades = content.get("grades")
    problems: list[FieldProblem] = []
    for grade, title in GRADES.items():
        said = grades.get(grade) if isinstance(grades, Mapping) else None
        problems += _grade_problems(f"plan.grades.{grade}", title, said if isinstance(said, Mapping) else {})
    return problems


def _grade_problems(path: str, title: Text, said: Mapping[str, Any]) -> list[FieldProblem]:
    problems = []
    if not _said(said.get("criteria")):
        problems.append(_missing(path, "criteria", title, "定级标准", "criteria of the grade"))
    problems += _notification_problems(path, title, said.get("notifications"))
    if not _said(said.get("measures")):
        problems.append(_missing(path, "measures", title, "初步处置措施", "first measures"))
    if not _minutes(said.get("recoveryMinutes")):
        problems.append(
            _missing(
                path,
                "recoveryMinutes",
                title,
                "目标恢复时间（大于0的整数分钟）",
                "target recovery time (whole minutes above 0)",
            )
        )
    return problems


def _notification_problems(path: str, title: Text, rows: object) -> list[FieldProblem]:
    """Each grade tells at least one contact, by a channel, within so many minutes."""
    if not isinstance(rows, list) or not rows:
        return [
            _missing(
                path,
                "notifications",
                title,
                "通知对象、方式与时限（至少一项）",
                "whom, how and by when to tell",
            )
        ]
    problems = []
    for position, row in enumerate(rows):
        at = f"{path}.notifications.{position}"
        said = row if isinstance(row, Mapping) else {}
        if not _said(said.get("contact")):
            problems.append(_missing(at, "contact", title, "通知对象", "whom to tell"))
        if not _said(said.get("channel")):
            problems.append(_missing(at, "channel", title, "通知方式", "how to tell"))
        if not _minutes(said.get("minutes")):
            problems.append(
                _missing(
                    at, "minutes", title, "通知时限（大于0的整数分钟）", "time limit (whole minutes above 0)"
                )
            )
    return problems


def _said(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _minutes(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LONGEST_MINUTES


def _missing(path: str, field: str, title: Text, zh: str, en: str) -> FieldProblem:
    return FieldProblem(
        f"{path}.{field}",
        f"plan.{field}",
        Text(f"“{title.zh}”故障缺少{zh}", f"Grade “{title.en}” lacks: {en}"),
        "10.3a",
        Text(f"请补充{zh}", f"Add: {en}"),
    )
