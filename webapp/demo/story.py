"""What happens once the components are in the market: use, late plans, and the four ways out (P05, P06, P09).

Days are those since the last component was published. People answer what is open whenever time has moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from domain.catalogue.queries import version_detail
from domain.catalogue.states import State
from domain.delisting.kinds import ASKED_BY, Kind
from kernel.actor import system_actor
from kernel.calendar import day_of
from kernel.clock import now
from kernel.errors import Rejected
from kernel.language import Text
from webapp.catalogue.starting import COMPLIANCE, FORCED, VOLUNTARY
from webapp.demo.driver import Driver
from webapp.demo.story_clock import StoryClock
from webapp.demo.usage import Usage

LEAVING: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "统一网络资源服务": Kind.FORCED,
        "城市地图服务": Kind.IDLE,
        "企业信用数据服务": Kind.COMPLIANCE,
        "自然语言处理": Kind.VOLUNTARY,
    }
)
LATE: Final = "政策咨询智能体"
# Six calendar months without a call, the evaluation, the days of grace, and some to spare.
LENGTH: Final = timedelta(days=235)
WEEK: Final = 7
_PROCESS: Final = {Kind.FORCED: FORCED, Kind.COMPLIANCE: COMPLIANCE, Kind.VOLUNTARY: VOLUNTARY}
# What the people concerned do not do in time.
_UNMENDED, _UNFILED = "forced-delisting/rectify", "emergency-plan-filing/fill-plan"


def is_told_of(names: Mapping[str, object]) -> bool:
    """Tell whether any component of the story is among the names."""
    return any(name in LEAVING or name == LATE for name in names)


@dataclass(slots=True)
class Story:
    """Lets time pass over published versions (by name), and their people act."""

    driver: Driver
    clock: StoryClock
    versions: Mapping[str, UUID]
    problems: list[Text] = field(default_factory=list)

    def prepare(self) -> None:
        """Say beforehand who will be late: the filing of a plan begins with the listing."""
        if LATE in self.versions:
            self.driver.left_lying[self.versions[LATE]] = _UNFILED

    def play(self, tell: Callable[[Text], None]) -> list[Text]:
        """Play everything until today; return what stood against it (the rest shows in the states)."""
        usage = Usage(self.driver.platform, self.driver.cast)
        usage.order([self.versions[name] for name in self._live() if name in LEAVING])
        days = 0
        for day, text, act in self._acts():
            self._pass(day - days, usage)
            days = day
            tell(text)
            act()
        while self.clock.left:
            self._pass(WEEK, usage)
        self._act_all()
        return [*self.problems, *usage.refused]

    def _acts(self) -> list[tuple[int, Text, Callable[[], None]]]:
        return [
            (3, Text("发起强制、合规性、主动下架", "Three delistings are opened"), self._open),
            (17, Text("预案逾期：处置", "A plan is overdue"), self._act_all),
            (20, Text("逾期预案补报", "The late plan is filed"), self._file_late),
            (36, Text("整改期满未整改", "Not mended in time"), self._act_all),
        ]

    def _open(self) -> None:
        for name in self._live():
            if LEAVING.get(name) in _PROCESS:
                self._open_one(self.versions[name], LEAVING[name])
        self._act_all()

    def _open_one(self, version_id: UUID, kind: Kind) -> None:
        if kind is Kind.FORCED:
            self.driver.left_lying[version_id] = _UNMENDED
        self.driver.start_by(ASKED_BY[kind], version_id, _PROCESS[kind], self._grounds(kind))

    def _grounds(self, kind: Kind) -> dict[str, Any]:
        match kind:
            case Kind.FORCED:
                return {"cause": "vulnerable", "evidence": "检测报告第3章（示例，纯属虚构）"}
            case Kind.COMPLIANCE:
                effective = day_of(now() + timedelta(days=60)).isoformat()
                return {
                    "regulationTitle": "示例省公共数据条例（虚构）",
                    "regulationClause": "第十二条",
                    "effectiveDate": effective,
                }
            case _:
                return {"reason": "业务调整，由新版本承接（示例）"}

    def _file_late(self) -> None:
        if LATE in self.versions:
            self.driver.take_up(self.versions[LATE])
        self._act_all()

    def _pass(self, days: int, usage: Usage) -> None:
        """Let days pass by weeks; those who use components go on calling them."""
        while days > 0 and self.clock.left:
            self.clock.leap(timedelta(days=min(days, WEEK)))
            days -= WEEK
            usage.call(self._called())
            self._act_all()

    def _called(self) -> list[UUID]:
        """Return the versions that are called: those in the market, but for the ones that are leaving."""
        return [self.versions[name] for name in self._live() if name not in LEAVING]

    def _live(self) -> list[str]:
        """Return the names of what is in the market."""
        with self.driver.platform.database.read() as session:
            details = [version_detail(session, system_actor(), one) for one in self.versions.values()]
        return [detail.name for detail in details if detail.state is State.PUBLISHED]

    def _act_all(self) -> None:
        self.driver.run_jobs()
        waited_for = self.driver.cast.waited_for(self.driver.platform)
        for name, version_id in self.versions.items():
            if version_id in waited_for:
                self._act(name, version_id)

    def _act(self, name: str, version_id: UUID) -> None:
        """Let the people of a version do what is open, and note what stands against it."""
        try:
            _steps, stopped = self.driver.answer_all(version_id, Counter())
        except Rejected as refusal:
            stopped = refusal.message
        if stopped is not None:
            self.problems.append(Text(f"{name}：{stopped.zh}", f"{name}: {stopped.en}"))
