"""The settings that a deployment injects: environment variables, and nothing that ought to be secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from handlers.checks.declaration import is_health_path
from handlers.checks.results import Finding, Rule, Severity
from kernel.language import Text

RESERVED = frozenset({"PORT", "HOST", "HOME", "PATH", "TMPDIR", "LANG"})
MAX_SETTINGS = 100
MAX_VALUE = 2000
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_SECRET = re.compile(r"PASSW|SECRET|TOKEN|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY", re.IGNORECASE)


def _rule(rule: str, zh: str, en: str) -> Rule:
    return Rule(rule, Severity.ERROR, "6.2b", Text(zh, en))


D_SETTING_NAME = _rule(
    "D-SETTING-NAME",
    "环境变量名应为字母、数字、下划线，不以数字开头，不重复，"
    "且不是平台注入的 PORT、HOST、HOME、PATH、TMPDIR、LANG",
    "Names of variables are letters, digits and underscores, no two alike, and none of those that the "
    "platform injects: PORT, HOST, HOME, PATH, TMPDIR, LANG",
)
D_SETTING_VALUE = _rule(
    "D-SETTING-VALUE",
    f"环境变量的取值应为不超过{MAX_VALUE}个字符的文本，最多{MAX_SETTINGS}项",
    f"Values of variables are texts of at most {MAX_VALUE} characters, {MAX_SETTINGS} at most",
)
D_SETTING_SECRET = _rule(
    "D-SETTING-SECRET",
    "口令、密钥不得以明文环境变量填写，请放入统一配置中心",
    "Passwords and keys must not stand here in clear: keep them in the configuration centre",
)
D_HEALTH_PATH = _rule(
    "D-HEALTH-PATH",
    "健康检查路径应以“/”开头（如 /health）",
    "The health path must start with / (such as /health)",
)


def read_settings(settings: Mapping[str, Any]) -> tuple[dict[str, str], list[Finding]]:
    """Return the variables to inject, and what is wrong with those that were declared."""
    variables: dict[str, str] = {}
    findings = []
    rows = settings.get("environment") or []
    if not isinstance(rows, list) or len(rows) > MAX_SETTINGS:
        return {}, [D_SETTING_VALUE.broken(place="environment")]
    for position, row in enumerate(rows):
        name = row.get("name") if isinstance(row, Mapping) else None
        value = row.get("value") if isinstance(row, Mapping) else None
        place = f"environment.{position}"
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name in RESERVED or name in variables:
            findings.append(D_SETTING_NAME.broken(place=place, evidence=name))
        elif not isinstance(value, str) or len(value) > MAX_VALUE or "\0" in value:
            findings.append(D_SETTING_VALUE.broken(place=place, evidence=name))
        elif _SECRET.search(name) and value:
            findings.append(D_SETTING_SECRET.broken(place=place, evidence=name))
        else:
            variables[name] = value
    if not is_health_path(settings.get("healthPath") or "/health"):
        findings.append(D_HEALTH_PATH.broken(place="healthPath", evidence=settings.get("healthPath")))
    return variables, findings
