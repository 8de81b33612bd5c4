"""The states of an order as one table; a pair that is not in it is refused.

Source: draft standard, clauses 9.3 and 9.2
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kernel.language import Text


class OrderState(StrEnum):
    """Where an order stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    SUPPLEMENT = "SUPPLEMENT"
    ACTIVE = "ACTIVE"
    REJECTED = "REJECTED"
    SUSPENDED = "SUSPENDED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


S = OrderState
LIVE: Final = (S.ACTIVE, S.SUSPENDED)
NEXT: Final[Mapping[OrderState, frozenset[OrderState]]] = MappingProxyType(
    {
        S.DRAFT: frozenset({S.SUBMITTED, S.CANCELLED}),
        S.SUBMITTED: frozenset({S.SUPPLEMENT, S.ACTIVE, S.REJECTED, S.CANCELLED}),
        S.SUPPLEMENT: frozenset({S.SUBMITTED, S.CANCELLED}),
        S.ACTIVE: frozenset({S.SUSPENDED, S.EXPIRED, S.CANCELLED}),
        S.SUSPENDED: frozenset({S.ACTIVE, S.EXPIRED, S.CANCELLED}),
        # Once, on a granted appeal.
        S.REJECTED: frozenset({S.SUBMITTED}),
        S.EXPIRED: frozenset(),
        S.CANCELLED: frozenset(),
    }
)
STATE_TEXT: Final[Mapping[OrderState, Text]] = MappingProxyType(
    {
        S.DRAFT: Text("草稿", "Draft"),
        S.SUBMITTED: Text("已提交", "Submitted"),
        S.SUPPLEMENT: Text("补正", "To be completed"),
        S.ACTIVE: Text("有效", "Active"),
        S.REJECTED: Text("未通过", "Rejected"),
        S.SUSPENDED: Text("已暂停", "Suspended"),
        S.EXPIRED: Text("已过期", "Expired"),
        S.CANCELLED: Text("已取消", "Cancelled"),
    }
)
