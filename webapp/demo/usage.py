"""Who uses the components: orders that were granted elsewhere, and the log of a gateway, both imported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from domain.orders.registering import RowResult
from domain.usage.service import LineResult
from kernel.calendar import day_of
from kernel.clock import now
from kernel.ids import new_id
from kernel.language import Text
from kernel.unit_of_work import perform
from webapp.demo.cast import Cast
from webapp.orders.importing import import_calls, import_orders
from webapp.wiring import Platform

HOLDER: Final = "示例市政务服务中心"
APPLICATION: Final = "一网通办（示例）"
SOURCE: Final = "sample-gateway"


@dataclass(frozen=True, slots=True)
class Usage:
    """Brings in orders and calls in the name of an operator. All of them are fictitious."""

    platform: Platform
    cast: Cast
    refused: list[Text] = field(default_factory=list)

    def order(self, versions: Sequence[UUID]) -> None:
        """Register an order of the sample user on each version."""
        rows = [
            {
                "versionId": str(version_id),
                "number": f"示例-{now():%Y}-{str(version_id)[-8:]}",
                "holderUnit": HOLDER,
                "application": APPLICATION,
                "purpose": "示例用途",
                "grantedOn": day_of(now()).isoformat(),
            }
            for version_id in versions
        ]
        operator = self.cast.permitted("order.register")
        results = perform(
            self.platform.database,
            "order.register",
            operator,
            lambda session: import_orders(session, operator, rows),
        )
        self._look_at(results)

    def call(self, versions: Sequence[UUID]) -> None:
        """Take in the log of the last hours: a call of each version."""
        lines = [
            {
                "versionId": str(version_id),
                "calledAt": (now() - timedelta(hours=1)).isoformat(),
                "traceId": str(new_id()),
                "application": APPLICATION,
                "resultCode": 200,
                "latencyMs": 42,
                "bytes": 512,
            }
            for version_id in versions
        ]
        if not lines:
            return
        operator = self.cast.permitted("usage.record")
        results = perform(
            self.platform.database,
            "usage.record",
            operator,
            lambda session: import_calls(session, operator, lines, SOURCE),
        )
        self._look_at(results)

    def _look_at(self, results: Iterable[RowResult | LineResult]) -> None:
        self.refused.extend(problem.message for result in results for problem in result.problems)
