"""One transaction per command, and the record of what was refused.

Only the edges (a request, a job, a CLI command) call ``perform``; services take the
session and never commit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from kernel.actor import Actor
from kernel.audit.entry import AuditEntry
from kernel.audit.trail import append
from kernel.database import Database
from kernel.errors import Conflict, Invalid, Rejected, StaleState
from kernel.language import Text
from kernel.metrics import COMMAND_RETRIES
from kernel.observing import ObservedCommand

Result = TypeVar("Result")
ATTEMPTS = 10
_AFTER_COMMIT = "zujian_after_commit"
_CONCERN = "zujian_concern"
_IF_REFUSED = "zujian_if_refused"
# PostgreSQL: serialization_failure and deadlock_detected.
_RETRIABLE_SQLSTATES = {"40001", "40P01"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """What a command turned out to be about, as its refusal is recorded; see ``AuditEntry``."""

    instance_id: UUID | None
    element_id: str | None = None
    definition_version: str | None = None
    region_code: str | None = None
    unit_id: UUID | None = None


def perform(
    database: Database,
    action: str,
    actor: Actor,
    work: Callable[[Session], Result],
    *,
    stream: str = "system:commands",
    subject: tuple[str, UUID] | None = None,
    concern: Concern | None = None,
) -> Result:
    """Run ``work`` in one transaction and return its result.

    A transaction that lost a race is run again, so ``work`` must keep no state of its
    own. When ``work`` rejects the request, everything is rolled back and the refusal
    is recorded in a transaction of its own before the rejection rises: in the stream of
    the process instance that the work named by ``concerning``, else that of ``concern``,
    else in ``stream``. What the work asked for with ``if_refused`` is done there too.

    Raises:
        Rejected: whatever ``work`` raised.
        Conflict: the race was lost in every one of ten attempts.
    """
    about: list[Concern] = []
    afterwards: list[Callable[[Session], None]] = []
    with ObservedCommand(action):
        try:
            result, callbacks = _with_retries(database, action, work, about, afterwards, concern)
        except Rejected as refusal:
            known = about[-1] if about else concern
            entry = _refusal(action, actor, refusal, known, stream, subject)

            def record(session: Session) -> None:
                append(session, entry)
                for act in afterwards:
                    act(session)

            _with_retries(database, action, record, [], [], known)
            raise
    for callback in callbacks:
        callback()
    return result


def after_commit(session: Session, callback: Callable[[], None]) -> None:
    """Call ``callback`` once the transaction has been committed."""
    session.info.setdefault(_AFTER_COMMIT, []).append(callback)


def if_refused(session: Session, act: Callable[[Session], None]) -> None:
    """Do something in the transaction that records the refusal, should this command be refused."""
    session.info.setdefault(_IF_REFUSED, []).append(act)


def concerning(session: Session, concern: Concern) -> None:
    """Say what the command is about, as soon as that is known and the actor may know it."""
    session.info.setdefault(_CONCERN, []).append(concern)


def _with_retries(
    database: Database,
    action: str,
    work: Callable[[Session], Result],
    about: list[Concern],
    afterwards: list[Callable[[Session], None]],
    concern: Concern | None,
) -> tuple[Result, list[Callable[[], None]]]:
    contended: Concern | None = None
    for _ in range(ATTEMPTS):
        about.clear()
        afterwards.clear()
        try:
            with database.write() as session:
                session.info[_CONCERN] = about
                session.info[_IF_REFUSED] = afterwards
                if contended is not None:
                    _queue_up(session, contended)
                result = work(session)
            return result, list(session.info.get(_AFTER_COMMIT, []))
        except (StaleState, StaleDataError):
            contended = about[-1] if about else concern
        except OperationalError as error:
            if not _lost_a_race(error):
                raise
            contended = about[-1] if about else concern
        COMMAND_RETRIES.labels(action).inc()
    raise Conflict(
        Text(
            zh="该事项正被他人频繁办理，请稍后重试",
            en="Others are changing this case at the moment; please try again shortly",
        )
    )


def _queue_up(session: Session, contended: Concern) -> None:
    """Let those who lost a race for one instance go one after the other, or the same few lose every time.

    Who has not lost yet does not queue, so that a command without a rival pays nothing. SQLite lets in one
    writer at a time anyhow.
    """
    if contended.instance_id is None or session.get_bind().dialect.name != "postgresql":
        return
    key = int.from_bytes(contended.instance_id.bytes[-8:], signed=True)
    session.execute(select(func.pg_advisory_xact_lock(key)))


def _lost_a_race(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _RETRIABLE_SQLSTATES


def _refusal(
    action: str,
    actor: Actor,
    refusal: Rejected,
    about: Concern | None,
    stream: str,
    subject: tuple[str, UUID] | None,
) -> AuditEntry:
    problems = [
        {"path": problem.path, "rule": problem.rule, "message": problem.message.to_json()}
        for problem in (refusal.problems if isinstance(refusal, Invalid) else ())
    ]
    return AuditEntry(
        action=action,
        actor=actor,
        stream=f"instance:{about.instance_id}" if about and about.instance_id else stream,
        outcome="refused",
        instance_id=about.instance_id if about else None,
        element_id=about.element_id if about else None,
        definition_version=about.definition_version if about else None,
        subject_type=subject[0] if subject else None,
        subject_id=subject[1] if subject else None,
        reason=refusal.message.zh,
        asked={"error": type(refusal).__name__, "message": refusal.message.to_json(), "problems": problems},
        region_code=about.region_code if about else None,
        unit_id=about.unit_id if about else None,
    )
