"""The risk of a change as a sum of weighted factors, so that everybody can see why it is what it is.

The weights and limits are proposed values.

Source: TC609-4-2026-XX, clause 11.4d (risk controlled)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from domain.catalogue.semantics import Level
from domain.changes.kinds import Kind, Risk
from kernel.language import Text

MEDIUM_FROM: Final = 30
HIGH_FROM: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFacts:
    """What the factors look at. ``contract`` is None where no two contracts were compared."""

    kind: Kind
    changed: frozenset[str] = frozenset()
    is_mandatory: bool = False
    is_provincial: bool = False
    live_orders: int = 0
    contract: Level | None = None
    is_rate_lowered: bool = False
    becomes_charged: bool = False


@dataclass(frozen=True, slots=True)
class Factor:
    """One reason for risk, with its weight."""

    name: str
    weight: int
    text: Text
    applies: Callable[[RiskFacts], bool]


def _touches(*paths: str) -> Callable[[RiskFacts], bool]:
    return lambda facts: any(one.startswith(paths) for one in facts.changed)


def _of(kind: Kind) -> Callable[[RiskFacts], bool]:
    return lambda facts: facts.kind is kind


def _factor(name: str, weight: int, zh: str, en: str, applies: Callable[[RiskFacts], bool]) -> Factor:
    return Factor(name, weight, Text(zh, en), applies)


FACTORS: Final = (
    _factor("configuration", 20, "改动运行配置", "Changes how it runs", _of(Kind.CONFIGURATION)),
    _factor("policy", 15, "改动访问或调用策略", "Changes who may call and how often", _of(Kind.POLICY)),
    _factor("version", 20, "引入新版本", "Brings a new version", _of(Kind.VERSION)),
    _factor(
        "targets",
        25,
        "流量指向其他服务器或地址",
        "Traffic goes to other servers",
        _touches("apiInfo.targetServers", "apiInfo.forwardPath", "extension.serviceAddress"),
    ),
    _factor("zone", 30, "改换网络区域", "Another network zone", _touches("extension.networkZone")),
    _factor("access", 20, "改动访问策略", "Other access policies", _touches("extension.accessPolicies")),
    _factor("rate", 25, "调低调用频率", "Fewer calls allowed", lambda facts: facts.is_rate_lowered),
    _factor("charge", 30, "由免费改为收费", "Was free, is charged", lambda facts: facts.becomes_charged),
    _factor("breaking", 40, "接口不兼容", "The contract breaks", lambda facts: facts.contract is Level.MAJOR),
    _factor("growing", 10, "接口有新增", "The contract grows", lambda facts: facts.contract is Level.MINOR),
    _factor(
        "unknown_contract",
        15,
        "接口契约未比对",
        "The contracts were not compared",
        lambda facts: facts.kind is Kind.VERSION and facts.contract is None,
    ),
    _factor("mandatory", 20, "强制类组件", "A mandatory component", lambda facts: facts.is_mandatory),
    _factor("provincial", 10, "全省使用", "Used in the whole province", lambda facts: facts.is_provincial),
    _factor("orders", 10, "有在用订单", "Has live orders", lambda facts: facts.live_orders > 0),
    _factor(
        "many_orders", 10, "在用订单超过20个", "More than 20 orders", lambda facts: facts.live_orders > 20
    ),
)
FACTOR_TEXT: Final[Mapping[str, Text]] = MappingProxyType({one.name: one.text for one in FACTORS})


@dataclass(frozen=True, slots=True)
class RiskAssessment:
    """The score (0 to 100), its level, and the names of the factors that made it."""

    score: int
    level: Risk
    factors: tuple[str, ...]


def assess(facts: RiskFacts) -> RiskAssessment:
    """Add up the factors that apply; catalogue texts of a quiet component score 0."""
    found = [factor for factor in FACTORS if factor.applies(facts)]
    score = min(100, sum(factor.weight for factor in found))
    level = Risk.HIGH if score >= HIGH_FROM else Risk.MEDIUM if score >= MEDIUM_FROM else Risk.LOW
    return RiskAssessment(score, level, tuple(factor.name for factor in found))
