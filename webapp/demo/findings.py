"""What the database says at the end: what became of each version, and which tools looked at it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from domain.admissions.queries import valid_admission
from domain.assessments import queries as assessments
from domain.assessments.items import ITEM_TEXT, STATUS_TEXT, Item
from domain.assessments.queries import ItemRow
from domain.catalogue.queries import VersionDetail, version_detail
from domain.catalogue.states import State
from domain.delisting import queries as delistings
from domain.delisting.kinds import KIND_TEXT, Kind
from domain.emergency import queries as plans
from domain.emergency.queries import FilingRow
from kernel.actor import system_actor
from kernel.calendar import day_of
from kernel.language import Text

_PLATFORM: Final = system_actor("platform")
_NOTHING: Final = Text("—", "—")
_FORMS: Final = {
    "2": Text("智能体", "Agent"),
    "3": Text("模型算法", "Model"),
    "4": Text("数据服务", "Data service"),
    "5": Text("其他", "Other"),
}


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a version: its kind and state, how it left, whether its plan was filed on time."""

    form: Text
    state: Text
    is_live: bool
    left: Text
    left_by: Kind | None
    plan: Text
    is_plan_on_time: bool | None
    scan_seconds: float


@dataclass(frozen=True, slots=True)
class ToolRun:
    """How often a tool ran for a check of the assessment, for how long, and with which results."""

    check: Text
    tool: str
    version: str
    times: int
    seconds: float
    outcomes: Text


def fate_of(session: Session, version_id: UUID) -> Fate:
    """Read what became of a version."""
    detail = version_detail(session, _PLATFORM, version_id)
    case = next(iter(delistings.cases_of_version(session, version_id)), None)
    is_gone = case is not None and detail.state is State.DELISTED
    filing = plans.latest_filing(session, version_id)
    left = _NOTHING
    if case is not None and is_gone and case.closed_at is not None:
        word, day = KIND_TEXT[case.kind], day_of(case.closed_at).isoformat()
        left = Text(f"{word.zh} {day}", f"{word.en} {day}")
    return Fate(
        form=_form(detail),
        state=detail.row.state_text,
        is_live=detail.state is State.PUBLISHED,
        left=left,
        left_by=case.kind if case is not None and is_gone else None,
        plan=_plan(filing),
        is_plan_on_time=filing.is_on_time if filing else None,
        scan_seconds=sum(item.seconds for item in _items(session, version_id)),
    )


def tool_runs(session: Session, version_ids: Iterable[UUID]) -> list[ToolRun]:
    """Sum up the checks of every assessment of the versions, and of the products that they come from."""
    times: Counter[tuple[str, str, str]] = Counter()
    seconds: dict[tuple[str, str, str], float] = defaultdict(float)
    outcomes: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for item in (item for version_id in version_ids for item in _items(session, version_id)):
        key = (item.item, item.tool, item.tool_version)
        times[key] += 1
        seconds[key] += item.seconds
        outcomes[key][item.status] += 1
    return [
        ToolRun(
            check=ITEM_TEXT[Item(key[0])],
            tool=key[1] or "—",
            version=key[2] or "—",
            times=times[key],
            seconds=seconds[key],
            outcomes=_counted(outcomes[key]),
        )
        for key in sorted(times)
    ]


def _counted(outcomes: Counter[str]) -> Text:
    said = [(STATUS_TEXT[status], count) for status, count in sorted(outcomes.items())]
    return Text(
        "、".join(f"{text.zh} {count}" for text, count in said),
        ", ".join(f"{text.en.lower()} {count}" for text, count in said),
    )


def _items(session: Session, version_id: UUID) -> Iterator[ItemRow]:
    """Yield the checks of every assessment of a version, and of the product that it comes from."""
    admission = valid_admission(session, version_id)
    for subject_id in (version_id, *([admission.id] if admission is not None else [])):
        for row in assessments.assessments_of(session, _PLATFORM, subject_id):
            yield from assessments.assessment_detail(session, _PLATFORM, row.id).items


def _form(detail: VersionDetail) -> Text:
    hosted = detail.row.is_hosting == 1
    api = Text("托管接口", "Hosted API") if hosted else Text("非托管接口", "Unhosted API")
    return _FORMS.get(detail.row.technical_field or "", api)


def _plan(filing: FilingRow | None) -> Text:
    if filing is None:
        return _NOTHING
    if filing.is_on_time is None:
        return Text("未备案", "Not filed")
    if filing.filed_at is None:
        return Text("待审", "In review")
    return Text("按时", "On time") if filing.is_on_time else Text("逾期", "Late")
