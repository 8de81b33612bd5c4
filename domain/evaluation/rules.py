"""The scores of Table 3, and the periods for which they are computed.

Source: TC609-4-2026-XX, 11.5 and Table 3
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from kernel.calendar import add_months
from kernel.clock import SHANGHAI
from kernel.language import Text

_PERIOD: Final = re.compile(r"(20\d\d)(?:-Q([1-4]))?")
_BUILDING_SHARE, _MATURITY_SHARE, _REUSE_SHARE = Decimal("0.4"), Decimal("0.4"), Decimal("0.2")
_PER_COMPONENT, _PER_LEVEL, _HIGHEST = 10, 20, 100

LEVELS: Final = MappingProxyType(
    {
        1: Text("c1 基础级：统一目录、初步归集、标准化服务", "c1 basic: one catalogue, first collection"),
        2: Text("c2 发展级：统一标准与流程，即插即用", "c2 developing: one set of standards, plug and play"),
        3: Text("c3 协同级：跨领域协同，城市内高效复用", "c3 collaborative: across domains, widely reused"),
        4: Text("c4 融合级：自动推荐、组合、弹性调度", "c4 integrated: recommended and combined by need"),
        5: Text("c5 引领级：一地上架、多地复用", "c5 leading: listed once, reused everywhere"),
    }
)


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter or a year by its key (``2026-Q4``, ``2026``); both days are included."""

    key: str
    first: date
    last: date

    @property
    def begins_at(self) -> datetime:
        """Return the instant at which it begins, in Shanghai."""
        return datetime.combine(self.first, time(), SHANGHAI)

    @property
    def ends_at(self) -> datetime:
        """Return the first instant after it: the cut-off."""
        return datetime.combine(self.last + timedelta(days=1), time(), SHANGHAI)


def period(key: str) -> Period | None:
    """Return the period of a key, or None where it is no key."""
    found = _PERIOD.fullmatch(key)
    if found is None:
        return None
    year, quarter = int(found[1]), found[2]
    first = date(year, 1 if quarter is None else 3 * int(quarter) - 2, 1)
    return Period(key, first, add_months(first, 12 if quarter is None else 3) - timedelta(days=1))


def periods_until(day: date) -> list[Period]:
    """Return the running quarter and year, then those before, for two years back; the newest first."""
    found: list[Period] = []
    for year in range(day.year, day.year - 3, -1):
        keys = [f"{year}-Q{quarter}" for quarter in (4, 3, 2, 1)] + [str(year)]
        found += [each for key in keys if (each := period(key)) is not None and each.first <= day]
    return found


def building_score(components: int) -> Decimal:
    """Return 40 % of ten points for each component, of 100 at most."""
    return _BUILDING_SHARE * min(_HIGHEST, _PER_COMPONENT * components)


def maturity_score(level: int) -> Decimal:
    """Return 40 % of twenty points for each level."""
    return _MATURITY_SHARE * _PER_LEVEL * level


def missing_evidence(level: int, proven: Collection[int]) -> list[int]:
    """Return the levels up to this one for which there is no evidence: each needs that of all below."""
    return [each for each in LEVELS if each <= level and each not in proven]


def reuse_score(used: int, required: int) -> Decimal:
    """Return 20 % of the share in use out of 100; where nothing is required, nothing is scored.

    Raises:
        ValueError: more in use than required: what is in use is a part of what is required.
    """
    if not 0 <= used <= required:
        raise ValueError(f"{used} in use of {required} required")
    return _REUSE_SHARE * _HIGHEST * used / required if required else Decimal(0)
