"""The kinds of change, the way of one through its life, and their words."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kernel.language import Text


class Kind(StrEnum):
    """What is changed, in the words of the standard."""

    CATALOGUE = "目录信息"
    CONFIGURATION = "配置"
    POLICY = "策略"
    VERSION = "版本"


class Status(StrEnum):
    """Where a change stands."""

    PREPARING = "preparing"
    SUBMITTED = "submitted"
    APPLIED = "applied"
    FINISHED = "finished"
    REFUSED = "refused"
    ROLLED_BACK = "rolled_back"


class Risk(StrEnum):
    """How much could go wrong; a high risk is approved by the reviewer as well."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


OPEN: Final = (Status.PREPARING, Status.SUBMITTED, Status.APPLIED)
KIND_TEXT: Final[Mapping[Kind, Text]] = MappingProxyType(
    {
        Kind.CATALOGUE: Text("目录信息", "Catalogue data"),
        Kind.CONFIGURATION: Text("配置", "Configuration"),
        Kind.POLICY: Text("策略", "Policy"),
        Kind.VERSION: Text("版本", "New version"),
    }
)
STATUS_TEXT: Final[Mapping[Status, Text]] = MappingProxyType(
    {
        Status.PREPARING: Text("填写中", "Being prepared"),
        Status.SUBMITTED: Text("已提交", "Submitted"),
        Status.APPLIED: Text("已下发", "Applied"),
        Status.FINISHED: Text("已完成", "Finished"),
        Status.REFUSED: Text("未成", "Refused or withdrawn"),
        Status.ROLLED_BACK: Text("已回退", "Rolled back"),
    }
)
RISK_TEXT: Final[Mapping[Risk, Text]] = MappingProxyType(
    {
        Risk.LOW: Text("低", "Low"),
        Risk.MEDIUM: Text("中", "Medium"),
        Risk.HIGH: Text("高", "High"),
    }
)
