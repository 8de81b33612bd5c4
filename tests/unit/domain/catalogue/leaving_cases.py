"""Facts under which a version may be suspended, recovered, delisted or archived."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from domain.catalogue.leaving import Leaving
from domain.catalogue.states import Event, Transition
from domain.delisting import kinds
from domain.delisting.kinds import Kind
from domain.delisting.queries import CaseRow
from domain.suspension.queries import SuspensionRow

NOW = datetime(2026, 9, 1, 2, tzinfo=UTC)
OPENER, APPROVER = uuid4(), uuid4()
# The guards over these facts.
LEAVING = {
    "no_delisting_pending",
    "incident_recorded",
    "fault_gone_unchanged",
    "same_version_mended",
    "delisting_case",
    "forced_deadline",
    "idle_months",
    "idle_opinions",
    "regulation_named",
    "cannot_be_adapted",
    "migration_planned",
    "takedown_not_begun",
    "keeping_decided",
    "voluntary_from_market",
    "not_involved",
    "grace_over",
    "delisting_approved",
    "notice_given",
    "taken_down",
    "rested_and_settled",
}


def case(kind: Kind = Kind.FORCED, **changes: Any) -> CaseRow:
    """Return a case that is ready for its next step, with some things changed."""
    opinion = {"by": str(uuid4()), "decision": kinds.NO_VALUE}
    row = CaseRow(
        id=uuid4(),
        version_id=uuid4(),
        instance_id=uuid4(),
        region_code="330100",
        kind=kind,
        grounds={
            "regulationTitle": "数据条例",
            "regulationClause": "第十二条",
            "reason": "业务调整",
            "migrationPlan": "file:x",
        },
        opened_by=OPENER,
        opened_at=NOW - timedelta(days=60),
        severity="high",
        has_suspended=False,
        served_at=NOW - timedelta(days=31),
        due_at=NOW,
        replied_at=None,
        mended_at=None,
        opinions={"operator": opinion, "reviewer": opinion},
        conclusion=kinds.CANNOT_BE_ADAPTED,
        concluded_by=OPENER,
        requested_by=OPENER,
        requested_at=NOW,
        approved_by=APPROVER,
        approved_at=NOW,
        grace_days=0,
        takedown_at=NOW,
        told_at=NOW,
        stopped_how=None,
        stopped_by=None,
        begun_at=None,
        proofs={part: {"at": NOW.isoformat()} for part in kinds.PARTS},
        closed_at=None,
        outcome=None,
        reason=None,
        retained_on=None,
    )
    return replace(row, **changes)


def suspension(**changes: Any) -> SuspensionRow:
    """Return a suspension that may end either way, with some things changed."""
    row = SuspensionRow(
        id=uuid4(),
        version_id=uuid4(),
        cause="incident",
        description="服务不可用",
        record_digest="digest",
        began_at=NOW,
        recovery_due_at=NOW,
        is_same_version_mended=True,
        finding="false_alarm",
        finding_note="监测误报",
        ended_at=None,
    )
    return replace(row, **changes)


def leaving_well(row: Transition) -> Leaving:
    """Return facts under which the transition takes place."""
    voluntary = {Event.APPROVE_VOLUNTARY, Event.END_GRACE, Event.START_DELISTING, Event.ABANDON_RECOVERY}
    kind = Kind.VOLUNTARY if row.event in voluntary else Kind.FORCED
    stopped = {"stopped_how": kinds.REFUSED, "stopped_by": APPROVER} if row.event is Event.KEEP else {}
    if row.event is Event.UNDEPRECATE:
        stopped = {"stopped_how": kinds.STOPPED, "stopped_by": APPROVER}
    return Leaving(
        at=NOW,
        today=date(2026, 9, 1),
        case=case(kind, **stopped),
        suspension=suspension(),
        record_digest="digest",
        delist_from="PUBLISHED",
        idle_since=date(2026, 3, 1),
        delisted_on=date(2026, 3, 1),
    )
