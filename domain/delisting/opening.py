"""Open a case: the grounds that its kind needs at the beginning."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.delisting.errors import DelistingAlreadyOpen, NotDelistable
from domain.delisting.kinds import ASKED_BY, CLAUSES, Kind
from domain.delisting.models import DelistingCase
from domain.people.permissions import PROVIDER, ROLES, require
from domain.version_facts import VersionFacts, append_event
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid, NotAllowed, StaleState
from kernel.ids import new_id
from kernel.language import Text

_LIVE: Final = frozenset({"LISTED", "PUBLISHED", "DEPRECATED", "SUSPENDED"})
_IN_RECOVERY: Final = frozenset({"REWORK", "ASSESSING", "LISTING_REVIEW"})
_NEEDED: Final[Mapping[Kind, tuple[tuple[str, Text], ...]]] = {
    Kind.FORCED: (
        ("cause", Text("请选择立案原因（技术落后或存在漏洞）", "Choose the cause: outdated or vulnerable")),
        ("evidence", Text("请填写立案依据", "Give the evidence")),
    ),
    Kind.IDLE: (),
    Kind.COMPLIANCE: (
        ("regulationTitle", Text("请填写法规名称", "Give the title of the regulation")),
        ("regulationClause", Text("请填写法规条款", "Give the clause of the regulation")),
        ("effectiveDate", Text("请填写施行日期", "Give the day on which it takes effect")),
    ),
    Kind.VOLUNTARY: (("reason", Text("请填写申请理由", "Give the reason")),),
}


def open_case(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    kind: Kind,
    grounds: Mapping[str, Any],
    instance_id: UUID,
    *,
    listed_before: bool,
) -> UUID:
    """Open a case of delisting on a version and return its id; nothing is asked of the version yet.

    Raises:
        NotAllowed: the actor does not hold the role that opens cases of this kind here.
        NotDelistable: the version is not in the catalogue.
        DelistingAlreadyOpen: another case of it is open.
        Invalid: the grounds that the kind needs are missing.
        StaleState: another case was opened at this very moment.
    """
    require(actor, "delisting.open")
    _require_role(actor, version, kind)
    in_recovery = version.state in _IN_RECOVERY and listed_before
    if version.state not in _LIVE and not in_recovery:
        raise NotDelistable
    known = session.scalar(select(DelistingCase.kind).where(DelistingCase.open_version_id == version.id))
    if known is not None:
        raise DelistingAlreadyOpen(Kind(known))
    _refuse_thin_grounds(kind, grounds)
    case = DelistingCase(
        id=new_id(),
        version_id=version.id,
        open_version_id=version.id,
        instance_id=instance_id,
        region_code=version.region_code,
        unit_id=version.unit_id,
        provider_unit_id=version.provider_unit_id,
        kind=kind.value,
        grounds=dict(grounds),
        opened_by=actor.person_id,
        opened_at=now(),
        has_suspended=False,
        opinions={},
        proofs={},
    )
    session.add(case)
    try:
        # Of two cases at once the second must be stopped before anything else happens.
        session.flush()
    except IntegrityError as error:
        raise StaleState(Text("刚有另一下架事项立案", "Another case was opened a moment ago")) from error
    append_event(
        session,
        actor,
        version,
        action="delisting.opened",
        clause=CLAUSES[kind],
        instance_id=instance_id,
        after={"case_id": str(case.id), "kind": kind.value, "grounds": dict(grounds)},
    )
    return case.id


def _require_role(actor: Actor, version: VersionFacts, kind: Kind) -> None:
    if actor.is_system and kind is Kind.IDLE:
        return
    role = ASKED_BY[kind]
    unit_id = version.provider_unit_id if role == PROVIDER else None
    is_bound = role == PROVIDER and unit_id is None
    if is_bound or not actor.has_role(role, version.region_code, unit_id):
        raise NotAllowed(
            Text(
                f"该类下架只能由本组件的{ROLES[role].zh}发起",
                f"Only the {ROLES[role].en.lower()} of this component may start this kind of delisting",
            )
        )


def _refuse_thin_grounds(kind: Kind, grounds: Mapping[str, Any]) -> None:
    problems = [
        FieldProblem(name, "delisting.grounds", message, CLAUSES[kind])
        for name, message in _NEEDED[kind]
        if not str(grounds.get(name) or "").strip()
    ]
    if kind is Kind.COMPLIANCE and not problems:
        try:
            date.fromisoformat(str(grounds["effectiveDate"]))
        except ValueError:
            message = Text("施行日期不存在", "There is no such day")
            problems.append(FieldProblem("effectiveDate", "delisting.grounds", message, "9.2c"))
    if problems:
        raise Invalid(problems[0].message, tuple(problems))
