"""Set a new edition of the licence policy."""

import re
from collections.abc import Iterable
from typing import Final

from sqlalchemy.orm import Session

from domain.licences.models import LicencePolicyEdition
from domain.licences.queries import current_policy
from domain.people.permissions import require
from kernel import audit
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import Conflict, FieldProblem, Invalid
from kernel.ids import new_id
from kernel.language import Text

_SPDX_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,99}")
_MOST: Final = 500


def set_policy(
    session: Session,
    actor: Actor,
    allowed: Iterable[str],
    denied: Iterable[str],
    reason: str,
    edition_seen: int,
) -> int:
    """Put a new edition in force; running assessments that read the policy later see it. Return its number.

    Raises:
        NotAllowed: the actor does not keep the baseline.
        Conflict: somebody changed the policy since it was looked at.
        Invalid: an id is malformed, stands on both lists, or the reason is missing.
    """
    require(actor, "baseline.manage")
    standing = current_policy(session)
    if standing.edition != edition_seen:
        raise Conflict(
            Text(
                f"许可证策略已由他人改为第{standing.edition}版，请核对后重试",
                f"Somebody changed the policy to edition {standing.edition} meanwhile: look again",
            )
        )
    yes, no = _ids(allowed, "allowed"), _ids(denied, "denied")
    both = sorted({name.casefold() for name in yes} & {name.casefold() for name in no})
    if both:
        raise _invalid("denied", "licence.both", f"{both[0]} 同时在两个名单中", f"{both[0]} is on both lists")
    if not reason.strip():
        raise _invalid("reason", "reason.required", "请填写修改理由", "Give the reason of the change")
    edition = LicencePolicyEdition(
        id=new_id(),
        edition=standing.edition + 1,
        allowed=yes,
        denied=no,
        reason=reason.strip()[:1000],
        set_by=actor.person_id,
        set_by_name=actor.name,
        effective_at=now(),
    )
    session.add(edition)
    audit.append(
        session,
        audit.AuditEntry(
            action="licence_policy.set",
            actor=actor,
            stream="system:baseline",
            subject_type="licence_policy",
            subject_id=edition.id,
            reason=edition.reason,
            before={"allowed": sorted(standing.allowed), "denied": sorted(standing.denied)},
            after={"edition": edition.edition, "allowed": yes, "denied": no},
            clause="11.6.1a",
        ),
    )
    return edition.edition


def _ids(given: Iterable[str], field: str) -> list[str]:
    names = sorted({name.strip() for name in given if name.strip()})
    if len(names) > _MOST:
        raise _invalid(field, "licence.many", f"名单不超过{_MOST}项", f"A list has at most {_MOST} entries")
    for name in names:
        if not _SPDX_ID.fullmatch(name):
            raise _invalid(
                field,
                "licence.id",
                f"“{name[:60]}”不是 SPDX 许可证标识，如 Apache-2.0",
                f"“{name[:60]}” is no SPDX licence id such as Apache-2.0",
            )
    return names


def _invalid(field: str, rule: str, zh: str, en: str) -> Invalid:
    message = Text(zh, en)
    return Invalid(message, (FieldProblem(field, rule, message, "11.6.1a"),))
