"""What the state machine knows of a version that is suspended, in recovery or on its way out.

Plain facts, gathered before the guards decide, and the decisions over them. The rooms that keep what
people recorded (delisting, suspension, orders, usage) lie below and know no state machine.

Source: docs/reference/component-states.md, S24 to S41; draft standard, clauses 9.2 and 11.6.1
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.delisting import kinds
from domain.delisting.kinds import ARCHIVE_AFTER_MONTHS, ASKED_BY, Kind
from domain.delisting.queries import CaseRow
from domain.people.permissions import OPERATOR, REVIEWER
from domain.suspension.queries import SuspensionRow
from domain.suspension.service import FALSE_ALARM, FAULT_OUTSIDE
from kernel.calendar import add_months

PUBLISHED, DEPRECATED = "PUBLISHED", "DEPRECATED"
_OPINIONS: Final = (OPERATOR, REVIEWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """The facts at one instant; ``case`` is the open case of delisting, ``untold`` live orders not told."""

    at: datetime
    today: date
    case: CaseRow | None = None
    suspension: SuspensionRow | None = None
    record_digest: str = ""
    delist_from: str | None = None
    idle_since: date | None = None
    untold: int = 0
    not_migrated: int = 0
    delisted_on: date | None = None
    unsettled: int = 0


def event_on_record(facts: Leaving) -> bool:
    """Tell whether an incident or security event is on record that has not ended."""
    return facts.suspension is not None


def may_go_on(facts: Leaving) -> bool:
    """Tell whether the fault was none or lay outside, and the record is the one that was suspended."""
    suspension = facts.suspension
    return (
        suspension is not None
        and suspension.finding in (FALSE_ALARM, FAULT_OUTSIDE)
        and suspension.record_digest == facts.record_digest
    )


def is_to_be_mended(facts: Leaving) -> bool:
    """Tell whether it is on record that the same version is to be mended."""
    return facts.suspension is not None and facts.suspension.is_same_version_mended


def asked_by_the_right_side(facts: Leaving, roles: Collection[str]) -> bool:
    """Tell whether the asker holds the role that asks for this kind of delisting."""
    return facts.case is not None and ASKED_BY[facts.case.kind] in roles


def forced_deadline_passed(facts: Leaving) -> bool:
    """Tell whether the deadline of the notice has passed and nothing was mended."""
    case = _of_kind(facts, Kind.FORCED)
    return case is None or kinds.rectification_over(case.due_at, case.mended_at, facts.at)


def idle_long_enough(facts: Leaving) -> bool:
    """Tell whether nothing was called for six calendar months."""
    return _of_kind(facts, Kind.IDLE) is None or kinds.is_idle(facts.idle_since, facts.today)


def both_see_no_value(facts: Leaving) -> bool:
    """Tell whether operator and reviewer both found no reason to keep it."""
    case = _of_kind(facts, Kind.IDLE)
    if case is None:
        return True
    said = [case.opinions.get(side, {}).get("decision") for side in _OPINIONS]
    return said == [kinds.NO_VALUE] * len(_OPINIONS)


def regulation_named(facts: Leaving) -> bool:
    """Tell whether title and clause of the regulation are given."""
    case = _of_kind(facts, Kind.COMPLIANCE)
    return case is None or all(case.grounds.get(name) for name in ("regulationTitle", "regulationClause"))


def cannot_be_adapted(facts: Leaving) -> bool:
    """Tell whether it was concluded that the component cannot be adapted."""
    case = _of_kind(facts, Kind.COMPLIANCE)
    return case is None or case.conclusion == kinds.CANNOT_BE_ADAPTED


def migration_planned(facts: Leaving) -> bool:
    """Tell whether reason and migration plan of a voluntary delisting are there."""
    case = _of_kind(facts, Kind.VOLUNTARY)
    return case is None or all(case.grounds.get(name) for name in ("reason", "migrationPlan"))


def takedown_not_begun(facts: Leaving) -> bool:
    """Tell whether there is still a way back."""
    return facts.case is not None and facts.case.begun_at is None


def keeping_decided(facts: Leaving, decider: UUID | None) -> bool:
    """Tell whether it is on record who keeps the version, and whether that person could say so.

    A refusal is never the word of who opened or asked; a withdrawal is theirs.
    """
    case = facts.case
    if case is None or case.stopped_how is None:
        return False
    said_by = case.stopped_by or decider
    if case.stopped_how == kinds.REFUSED:
        return said_by is not None and said_by not in case.involved
    return True


def is_voluntary_from_market(facts: Leaving) -> bool:
    """Tell whether a voluntary case of a version that was shown in the market is open."""
    is_voluntary = facts.case is not None and facts.case.kind is Kind.VOLUNTARY
    return is_voluntary and facts.delist_from in (PUBLISHED, DEPRECATED)


def grace_over(facts: Leaving) -> bool:
    """Tell whether the grace period ended, or every holder has moved away in a voluntary case."""
    case = facts.case
    if case is None or case.approved_at is None or case.takedown_at is None:
        return False
    if facts.at >= case.takedown_at:
        return True
    return case.kind is Kind.VOLUNTARY and facts.not_migrated == 0


def is_approved(facts: Leaving) -> bool:
    """Tell whether somebody agreed who neither opened nor asked nor evaluated."""
    case = facts.case
    return case is not None and case.approved_by is not None and case.approved_by not in case.involved


def everybody_told(facts: Leaving) -> bool:
    """Tell whether the holders of all live orders were told in this case."""
    return facts.case is not None and facts.case.told_at is not None and facts.untold == 0


def all_parts_gone(facts: Leaving) -> bool:
    """Tell whether every part is proved gone: market, routes, credentials, deployments."""
    return facts.case is not None and all(part in facts.case.proofs for part in kinds.PARTS)


def nothing_pending(facts: Leaving) -> bool:
    """Tell whether no approved delisting stands, or its stop has been consented to."""
    case = facts.case
    return case is None or case.approved_at is None or case.stopped_how == kinds.STOPPED


def rested_and_settled(facts: Leaving) -> bool:
    """Tell whether six calendar months have passed since the delisting and no order is open."""
    if facts.delisted_on is None or facts.unsettled:
        return False
    return add_months(facts.delisted_on, ARCHIVE_AFTER_MONTHS) <= facts.today


def involved(facts: Leaving) -> frozenset[UUID]:
    """Return who opened, asked for, evaluated or concluded: they may not decide."""
    return facts.case.involved if facts.case is not None else frozenset()


def _of_kind(facts: Leaving, kind: Kind) -> CaseRow | None:
    case = facts.case
    return case if case is not None and case.kind is kind else None
