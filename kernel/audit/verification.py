"""Proving that the trail is whole: every link, every number, every head."""

from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.canonical import FIRST_PREVIOUS_HASH, chain_hash, commitment
from kernel.audit.models import AuditEvent, AuditStream
from kernel.language import Text

_COLUMNS_IN_CONTENT = {
    "id": "id",
    "stream": "stream",
    "sequence": "sequence",
    "action": "action",
    "outcome": "outcome",
    "actor_id": "actorId",
    "instance_id": "instanceId",
    "element_id": "elementId",
    "subject_type": "subjectType",
    "subject_id": "subjectId",
    "region_code": "regionCode",
    "unit_id": "unitId",
}


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the trail is not what was written."""

    stream: str
    sequence: int
    what: Text


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at and what was found."""

    checked_streams: int
    checked_events: int
    breaks: tuple[Break, ...]

    @property
    def ok(self) -> bool:
        """Tell whether nothing was found."""
        return not self.breaks


def verify(session: Session, stream: str | None = None) -> Verification:
    """Check one stream, or all of them, link by link.

    Found are: a changed event, a changed column beside it, a missing or a doubled
    number, a removed end, a removed stream head, a changed personal value. A personal
    value that was erased is not a break: its commitment still stands in the chain.
    """
    heads = _heads(session, stream)
    breaks: list[Break] = []
    seen: set[str] = set()
    checked = 0
    current, expected, previous = "", 0, FIRST_PREVIOUS_HASH
    for event in _events(session, stream):
        if event.stream != current:
            breaks += _end_of_stream(current, expected, previous, heads) if current else []
            current, expected, previous = event.stream, 0, FIRST_PREVIOUS_HASH
            seen.add(current)
        expected += 1
        checked += 1
        breaks += _check_event(event, expected, previous)
        expected, previous = event.sequence, event.hash
    breaks += _end_of_stream(current, expected, previous, heads) if current else []
    removed = sorted(heads.keys() - seen)
    breaks += [_break(name, 0, "整条记录链被删除", "The whole chain was removed") for name in removed]
    return Verification(len(heads.keys() | seen), checked, tuple(breaks))


def _heads(session: Session, stream: str | None) -> dict[str, tuple[int, str]]:
    query = select(AuditStream.name, AuditStream.last_sequence, AuditStream.last_hash)
    if stream is not None:
        query = query.where(AuditStream.name == stream)
    return {name: (sequence, digest) for name, sequence, digest in session.execute(query)}


def _events(session: Session, stream: str | None) -> Iterator[AuditEvent]:
    query = select(AuditEvent).order_by(AuditEvent.stream, AuditEvent.sequence)
    if stream is not None:
        query = query.where(AuditEvent.stream == stream)
    yield from session.scalars(query.execution_options(yield_per=1000))


def _check_event(event: AuditEvent, expected: int, previous: str) -> list[Break]:
    found: list[Break] = []

    def report(zh: str, en: str) -> None:
        found.append(_break(event.stream, event.sequence, zh, en))

    if event.sequence != expected:
        report(f"序号不连续，应为 {expected}", f"The numbering has a gap: expected {expected}")
    if event.previous_hash != previous:
        report("与前一条记录的链接不符", "The link to the event before does not match")
    if event.hash != chain_hash(event.previous_hash, event.content):
        report("记录内容被改动", "The content was altered")
        return found
    content = orjson.loads(event.content)
    for column, name in _COLUMNS_IN_CONTENT.items():
        if _text(getattr(event, column)) != _text(content[name]):
            report(f"检索列 {column} 与记录内容不符", f"The column {column} differs from the content")
    if event.occurred_at.isoformat(timespec="microseconds") != content["occurredAt"]:
        report("时间列与记录内容不符", "The time column differs from the content")
    for name, kept in (event.personal or {}).items():
        if content["personal"].get(name) != commitment(kept):
            report(f"个人信息 {name} 被改动", f"The personal value {name} was altered")
    return found


def _end_of_stream(
    stream: str, last_sequence: int, last_hash: str, heads: dict[str, tuple[int, str]]
) -> list[Break]:
    head = heads.get(stream)
    if head is None:
        return [_break(stream, last_sequence, "缺少链头", "The head of the chain is missing")]
    if head != (last_sequence, last_hash):
        zh = f"链尾与链头不符：链头为第 {head[0]} 条"
        return [_break(stream, last_sequence, zh, f"The end differs from the head, which is event {head[0]}")]
    return []


def _break(stream: str, sequence: int, zh: str, en: str) -> Break:
    return Break(stream, sequence, Text(zh, en))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
