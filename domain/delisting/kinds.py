"""The four ways out of the catalogue, and when their grounds hold: pure decisions over plain values.

Source: draft standard, clauses 9.2a to 9.2d; readings A31 to A34
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.people.permissions import OPERATOR, PROVIDER, REVIEWER
from kernel.calendar import add_months, day_of
from kernel.language import Text

IDLE_MONTHS: Final = 6
ARCHIVE_AFTER_MONTHS: Final = 6
MAX_NOTICE_DAYS: Final = 365
MAX_GRACE_DAYS: Final = 365
CANNOT_BE_ADAPTED: Final = "cannot_adapt"
NO_VALUE: Final = "delist"
KEEP: Final = "keep"
# What must be proved gone before a version counts as taken down.
PARTS: Final = ("market", "routes", "credentials", "deployments")
# How a case may be stopped before the take-down, by whose word.
REFUSED, WITHDRAWN, CALLS_FOUND, STOPPED = "refused", "withdrawn", "calls_found", "stopped"


class Kind(StrEnum):
    """Why a version is delisted."""

    FORCED = "forced"
    IDLE = "idle"
    COMPLIANCE = "compliance"
    VOLUNTARY = "voluntary"


KIND_TEXT: Final[Mapping[Kind, Text]] = MappingProxyType(
    {
        Kind.FORCED: Text("强制下架", "Forced delisting"),
        Kind.IDLE: Text("资源回收式下架", "Idle delisting"),
        Kind.COMPLIANCE: Text("合规性下架", "Compliance delisting"),
        Kind.VOLUNTARY: Text("主动下架", "Voluntary delisting"),
    }
)
CLAUSES: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.FORCED: "9.2a", Kind.IDLE: "9.2b", Kind.COMPLIANCE: "9.2c", Kind.VOLUNTARY: "9.2d"}
)
# Who asks for the delisting itself (S35, S36); nobody else may, whatever the case says.
ASKED_BY: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.FORCED: REVIEWER,
        Kind.IDLE: OPERATOR,
        Kind.COMPLIANCE: REVIEWER,
        Kind.VOLUNTARY: PROVIDER,
    }
)


def rectification_over(due_at: datetime | None, mended_at: datetime | None, at: datetime) -> bool:
    """Tell whether the deadline of a served notice has passed and the fault was not mended."""
    return due_at is not None and at >= due_at and mended_at is None


def idle_since(*latest_of: datetime | date | None) -> date | None:
    """Return the day in Asia/Shanghai from which the idle clock runs: the latest that is given."""
    days = [day_of(one) if isinstance(one, datetime) else one for one in latest_of if one is not None]
    return max(days) if days else None


def is_idle(since: date | None, today: date) -> bool:
    """Tell whether six calendar months have passed: 31 August and six months are 28 February."""
    return since is not None and add_months(since, IDLE_MONTHS) <= today
