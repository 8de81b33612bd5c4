"""What people state item by item, put into findings: the words of the items and of their results.

The items stand in the forms of the processes (``items``, ``tests``, ``records``); a test holds this table
to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.checks.service import Finding
from handlers.checks.results import Severity
from kernel.language import Text

RULE: Final = "STATED"
FAILED: Final = "failed"

ITEMS: Final = {
    # The first six were stated before the onboarding assessed; cases begun then still state them.
    "composition": (Text("软件成分分析（SCA）", "Composition analysis (SCA)"), "8.2.4a"),
    "dependencyVulnerabilities": (Text("依赖漏洞库比对", "Dependency vulnerabilities"), "8.1.1"),
    "staticAnalysis": (Text("静态应用安全测试（SAST）", "Static testing (SAST)"), "8.1.1"),
    "secrets": (Text("密钥与敏感信息监测", "Secrets and sensitive data"), "8.2.4c"),
    "dynamicAnalysis": (Text("动态应用安全测试（DAST）", "Dynamic testing (DAST)"), "8.2.4b"),
    "apiRisk": (Text("API风险检测", "API risk"), "8.3.1"),
    "functional": (Text("功能测试", "Functional test"), "9.1b"),
    "performance": (Text("性能测试", "Performance test"), "9.1b"),
    "security": (Text("安全测试", "Security test"), "9.1b"),
    "secondConsent": (Text("二次授权调用测试", "Test of the second-consent call"), "8.2.2"),
    "offline": (Text("线下测试验证", "Offline verification"), "11.6.1d"),
    "trialRun": (Text("线上预运行", "Online trial run"), "11.6.1d"),
    "evaluation": (Text("预运行评估", "Evaluation of the trial run"), "11.6.1d"),
    "networkZone": (Text("网络区域", "Network zone"), "8.1.2a"),
    "serviceAddress": (Text("服务访问地址", "Service address"), "8.1.2a"),
    "accessPolicies": (Text("访问策略", "Access policies"), "8.1.2b"),
    "healthCheck": (Text("健康检查接口", "Health endpoint"), "8.1.2c"),
    "apiInfo": (Text("API信息", "API data"), "8.3.1"),
    "overreach": (Text("越权", "Overreach"), "8.3.2"),
    "promptInjection": (Text("提示注入", "Prompt injection"), "8.3.2"),
    "contentSafety": (Text("内容安全", "Content safety"), "8.3.2"),
    "productionDeployment": (Text("生产部署（托管）", "Production deployment (hosted)"), "8.2.3b"),
}
RESULTS: Final = {
    "passed": Text("通过", "passed"),
    "passed_by_report": Text("依报告通过", "passed by report"),
    "confirmed": Text("已确认", "confirmed"),
    "failed": Text("未通过", "failed"),
    "not_checked": Text("未检测", "not checked"),
    "not_applicable": Text("不适用", "not applicable"),
}


def stated_findings(details: object) -> list[Finding]:
    """Return one finding per item; what the table does not know keeps its own word."""
    if not isinstance(details, Mapping):
        return []
    return [_finding(str(name), value) for name, value in details.items()]


def _finding(name: str, value: Any) -> Finding:
    said = value if isinstance(value, Mapping) else {"result": value}
    result = str(said.get("result", ""))
    item, clause = ITEMS.get(name, (Text(name, name), ""))
    outcome = RESULTS.get(result, Text(result, result))
    return Finding(
        rule=RULE,
        severity=(Severity.ERROR if result == FAILED else Severity.INFO).value,
        evidence=str(said.get("evidence") or "")[:500],
        place=name,
        clause=clause,
        message=Text(f"{item.zh}：{outcome.zh}", f"{item.en}: {outcome.en}"),
    )
