"""The seven checks of a security assessment, and what their results and severities are called.

Source: draft standard, clauses 8.1.1, 8.2.3b, 8.2.4 and 8.3.1; readings A22 to A24
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kernel.language import Text


class Item(StrEnum):
    """One check of the assessment; the union of what four clauses ask for (A22)."""

    COMPOSITION = "composition"
    ARTEFACT = "artefact"
    STATIC = "static"
    DYNAMIC = "dynamic"
    VULNERABILITIES = "vulnerabilities"
    SECRETS = "secrets"
    API_RISK = "api_risk"


class ItemStatus(StrEnum):
    """What came of one check. Only ``passed`` and ``substituted`` let an assessment pass.

    ``running`` until the tool reports; ``substituted``: a third-party report stands in, accepted by two.
    """

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    DISPUTED = "disputed"
    INCONCLUSIVE = "inconclusive"
    NOT_CHECKED = "not_checked"
    NOT_APPLICABLE = "not_applicable"
    SUBSTITUTED = "substituted"


class Severity(StrEnum):
    """How bad a finding is; the baseline limits the first four, information is only shown."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Standing(StrEnum):
    """Where an assessment stands."""

    RUNNING = "running"
    IN_REVIEW = "in_review"
    PASSED = "passed"
    FAILED = "failed"
    # Its case ended before it was decided: nobody examines it any more.
    CANCELLED = "cancelled"


ITEMS: Final = tuple(item.value for item in Item)
LIMITED_SEVERITIES: Final = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
# Whoever may hand in a report instead of a check (A22, A23): attacking the running component is ours.
REPLACEABLE: Final = frozenset({Item.COMPOSITION, Item.VULNERABILITIES, Item.STATIC, Item.SECRETS})

ITEM_TEXT: Final[Mapping[str, Text]] = MappingProxyType(
    {
        Item.COMPOSITION: Text("软件成分分析（SCA）与许可证", "Composition analysis (SCA) and licences"),
        Item.ARTEFACT: Text("制品检测", "Inspection of the artefact"),
        Item.STATIC: Text("静态应用安全测试（SAST）", "Static testing (SAST)"),
        Item.DYNAMIC: Text(
            "动态应用安全测试（DAST）与漏洞扫描", "Dynamic testing (DAST), vulnerability scan"
        ),
        Item.VULNERABILITIES: Text("依赖漏洞库比对", "Dependencies against the vulnerability database"),
        Item.SECRETS: Text("密钥与敏感信息检测", "Secrets and sensitive data"),
        Item.API_RISK: Text("API风险检测", "API risk check"),
    }
)
ITEM_CLAUSE: Final[Mapping[str, str]] = MappingProxyType(
    {
        Item.COMPOSITION: "8.1.1 8.2.4a",
        Item.ARTEFACT: "8.2.3b 8.3.1a",
        Item.STATIC: "8.1.1",
        Item.DYNAMIC: "8.1.1 8.2.4b",
        Item.VULNERABILITIES: "8.1.1 11.6.1a",
        Item.SECRETS: "8.2.4c 6.2b",
        Item.API_RISK: "8.3.1",
    }
)
STATUS_TEXT: Final[Mapping[str, Text]] = MappingProxyType(
    {
        ItemStatus.RUNNING: Text("检测中", "Running"),
        ItemStatus.PASSED: Text("通过", "Passed"),
        ItemStatus.FAILED: Text("未通过", "Failed"),
        ItemStatus.DISPUTED: Text("有争议", "Disputed"),
        ItemStatus.INCONCLUSIVE: Text("无结论", "Inconclusive"),
        ItemStatus.NOT_CHECKED: Text("未检测", "Not checked"),
        ItemStatus.NOT_APPLICABLE: Text("不适用", "Not applicable"),
        ItemStatus.SUBSTITUTED: Text("第三方报告替代", "Third-party report instead"),
    }
)
SEVERITY_TEXT: Final[Mapping[str, Text]] = MappingProxyType(
    {
        Severity.CRITICAL: Text("严重", "Critical"),
        Severity.HIGH: Text("高危", "High"),
        Severity.MEDIUM: Text("中危", "Medium"),
        Severity.LOW: Text("低危", "Low"),
        Severity.INFO: Text("提示", "Information"),
    }
)
STANDING_TEXT: Final[Mapping[str, Text]] = MappingProxyType(
    {
        Standing.RUNNING: Text("评估中", "Under way"),
        Standing.IN_REVIEW: Text("人工复核中", "Being examined by people"),
        Standing.PASSED: Text("通过", "Passed"),
        Standing.FAILED: Text("未通过", "Not passed"),
        Standing.CANCELLED: Text("已终止", "Cancelled"),
    }
)
