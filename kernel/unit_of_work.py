"""One transaction per command, and the record of what was refused.

Only the edges (a request, a job, a CLI command) call ``perform``; services take the
session and never commit.
"""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from kernel.actor import Actor
from kernel.audit.entry import AuditEntry
from kernel.audit.trail import append
from kernel.database import Database
from kernel.errors import Conflict, Invalid, Rejected, StaleState
from kernel.language import Text

Result = TypeVar("Result")
ATTEMPTS = 10
_AFTER_COMMIT = "zujian_after_commit"
# PostgreSQL: serialization_failure and deadlock_detected.
_RETRIABLE_SQLSTATES = {"40001", "40P01"}


def perform(
    database: Database,
    action: str,
    actor: Actor,
    work: Callable[[Session], Result],
    *,
    stream: str = "system:commands",
    subject: tuple[str, UUID] | None = None,
    instance_id: UUID | None = None,
) -> Result:
    """Run ``work`` in one transaction and return its result.

    A transaction that lost a race is run again, so ``work`` must keep no state of its
    own. When ``work`` rejects the request, everything is rolled back and the refusal
    is recorded in a transaction of its own before the rejection rises.

    Raises:
        Rejected: whatever ``work`` raised.
        Conflict: the race was lost in every one of ten attempts.
    """
    try:
        result, callbacks = _with_retries(database, work)
    except Rejected as refusal:
        _record_refusal(database, action, actor, refusal, stream, subject, instance_id)
        raise
    for callback in callbacks:
        callback()
    return result


def after_commit(session: Session, callback: Callable[[], None]) -> None:
    """Call ``callback`` once the transaction of this session has been committed."""
    session.info.setdefault(_AFTER_COMMIT, []).append(callback)


def _with_retries(
    database: Database, work: Callable[[Session], Result]
) -> tuple[Result, list[Callable[[], None]]]:
    for _ in range(ATTEMPTS):
        try:
            with database.write() as session:
                result = work(session)
            return result, list(session.info.get(_AFTER_COMMIT, []))
        except (StaleState, StaleDataError):
            continue
        except OperationalError as error:
            if not _lost_a_race(error):
                raise
    raise Conflict(
        Text(
            zh="该事项正被他人频繁办理，请稍后重试",
            en="Others are changing this case at the moment; please try again shortly",
        )
    )


def _lost_a_race(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _RETRIABLE_SQLSTATES


def _record_refusal(
    database: Database,
    action: str,
    actor: Actor,
    refusal: Rejected,
    stream: str,
    subject: tuple[str, UUID] | None,
    instance_id: UUID | None,
) -> None:
    problems = [
        {"path": problem.path, "rule": problem.rule, "message": problem.message.to_json()}
        for problem in (refusal.problems if isinstance(refusal, Invalid) else ())
    ]
    entry = AuditEntry(
        action=action,
        actor=actor,
        stream=f"instance:{instance_id}" if instance_id else stream,
        outcome="refused",
        instance_id=instance_id,
        subject_type=subject[0] if subject else None,
        subject_id=subject[1] if subject else None,
        reason=refusal.message.zh,
        asked={"error": type(refusal).__name__, "message": refusal.message.to_json(), "problems": problems},
    )
    with database.write() as session:
        append(session, entry)
