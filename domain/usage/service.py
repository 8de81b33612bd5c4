"""Record calls: one by one, or the lines of a gateway's log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.people.permissions import require
from domain.usage.models import CallRecord
from domain.usage.rules import Call, read_call
from domain.version_facts import VersionFacts
from kernel import audit
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid
from kernel.ids import new_id
from kernel.language import Text

MAX_LINES: Final = 10_000


@dataclass(frozen=True, slots=True)
class LineResult:
    """What became of one line: ``recorded``, ``known`` (recorded before) or ``refused``."""

    number: int
    outcome: str
    problems: tuple[FieldProblem, ...] = ()


def record_call(session: Session, call: Call, source: str) -> bool:
    """Record a call once and tell whether it was new."""
    known = select(CallRecord.id).where(CallRecord.source == source, CallRecord.trace_id == call.trace_id)
    if session.scalar(known) is not None:
        return False
    session.add(
        CallRecord(
            id=new_id(),
            version_id=call.version_id,
            called_at=call.called_at,
            kind=call.kind,
            source=source,
            trace_id=call.trace_id,
            application=call.application,
            api_code=call.api_code,
            source_ip=call.source_ip,
            result_code=call.result_code,
            latency_ms=call.latency_ms,
            bytes_sent=call.bytes_sent,
            order_id=call.order_id,
            recorded_at=now(),
        )
    )
    # The next line of the same log may carry the same trace id.
    session.flush()
    return True


def import_calls(
    session: Session, actor: Actor, lines: Sequence[object], source: str, versions: Iterable[VersionFacts]
) -> tuple[LineResult, ...]:
    """Record the lines of a log; ``versions`` are those that the actor may see, others are refused.

    Raises:
        NotAllowed: the actor may not report calls.
        Invalid: no source named, or too many lines at once.
    """
    require(actor, "usage.record")
    _refuse_whole(lines, source)
    known = {version.id for version in versions}
    results = []
    for number, line in enumerate(lines, start=1):
        call, problems = read_call(line)
        if call is not None and call.version_id not in known:
            message = Text("没有该组件版本，或您无权查看", "No such version, or you may not see it")
            problems = [FieldProblem("versionId", "usage.version", message, "9.4a")]
        if call is None or problems:
            results.append(LineResult(number, "refused", tuple(problems)))
            continue
        recorded = record_call(session, call, source)
        results.append(LineResult(number, "recorded" if recorded else "known"))
    audit.append(
        session,
        audit.AuditEntry(
            action="usage.recorded",
            actor=actor,
            stream="system:usage",
            asked={"source": source, "lines": len(lines)},
            after={name: count_of(results, name) for name in ("recorded", "known", "refused")},
            clause="9.4a",
        ),
    )
    return tuple(results)


def count_of(results: Iterable[LineResult], outcome: str) -> int:
    """Return how many lines had an outcome."""
    return sum(result.outcome == outcome for result in results)


def _refuse_whole(lines: Sequence[object], source: str) -> None:
    if not source.strip() or len(source) > 60:
        message = Text("请填写日志来源，至多60个字符", "Name the source of the log, at most 60 characters")
        raise Invalid(message, (FieldProblem("source", "usage.source", message, "9.4a"),))
    if len(lines) > MAX_LINES:
        message = Text(f"一次至多导入{MAX_LINES}行", f"At most {MAX_LINES} lines at once")
        raise Invalid(message, (FieldProblem("", "usage.lines", message, "9.4a"),))
