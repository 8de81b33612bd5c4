"""Whether sensitive fields are known as such and come out masked, by a sample of what the service answers.

Source: draft standard, clause 8.3.4 c
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.checks.personal_data import covered, fields_in, kind_of_field, kinds_in
from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded
from kernel.language import Text

LEVELS = {"1", "2", "3", "4"}
_MASKING = {"mask", "hash", "truncate", "remove"}


def _rule(rule: str, severity: Severity, zh: str, en: str) -> Rule:
    return Rule(rule, severity, "8.3.4c", Text(zh, en))


K_DECLARED = _rule(
    "K-DECLARED",
    Severity.ERROR,
    "每个字段应有级别（1至4）和类别，并至少有一条访问策略",
    "Each field needs its level (1 to 4) and category, and there must be an access policy",
)
K_RULE = _rule("K-RULE", Severity.ERROR, "敏感字段应有脱敏规则", "A sensitive field needs a masking rule")
K_SENSITIVE = _rule(
    "K-SENSITIVE",
    Severity.ERROR,
    "该字段按名称或内容属于个人信息，应标为敏感字段",
    "By its name or content the field is personal; mark it as sensitive",
)
K_UNMASKED = _rule(
    "K-UNMASKED",
    Severity.ERROR,
    "抽样中敏感字段未脱敏",
    "In the sample a sensitive field came unmasked",
)
K_UNKNOWN = _rule(
    "K-UNKNOWN",
    Severity.ERROR,
    "服务返回了未申报的字段",
    "The service returns a field that was not declared",
)
NO_SAMPLE = Text("没有可抽样的服务应答", "the service gave no answer to sample")


def check_masking(
    permissions: Mapping[str, Any], document: Any, check: str, reason: Text | None
) -> CheckResult:
    """Judge the declared fields, and a sample of the service's answer where there is one."""
    fields = {str(row.get("name")): row for row in _rows(permissions.get("fields"))}
    findings = _declared(fields, permissions)
    if document is not None:
        findings += _sampled(fields, document)
    missing = None if document is not None else (reason or NO_SAMPLE)
    return concluded(check, Text("敏感字段与脱敏抽样", "Sensitive fields and masking"), findings, missing)


def _declared(fields: Mapping[str, Mapping[str, Any]], permissions: Mapping[str, Any]) -> list[Finding]:
    findings = []
    if not fields or not _rows(permissions.get("policies")):
        findings.append(K_DECLARED.broken(place="permissions"))
    for name, row in fields.items():
        if str(row.get("level")) not in LEVELS or not str(row.get("category") or "").strip():
            findings.append(K_DECLARED.broken(place=name))
        sensitive = row.get("isSensitive") is True
        if sensitive and row.get("maskingRule") not in _MASKING:
            findings.append(K_RULE.broken(place=name))
        if not sensitive and kind_of_field(name):
            findings.append(K_SENSITIVE.broken(place=name, evidence=kind_of_field(name)))
        if sensitive and kinds_in(str(row.get("sample") or "")):
            findings.append(K_UNMASKED.broken(place=name, evidence=covered(str(row.get("sample")))))
    return findings


def _sampled(fields: Mapping[str, Mapping[str, Any]], document: Any) -> list[Finding]:
    found: dict[tuple[str, str], Finding] = {}
    for name, value in fields_in(document):
        row = fields.get(name)
        text = str(value)
        kinds = kinds_in(text)
        if row is None:
            found.setdefault((name, "unknown"), K_UNKNOWN.broken(place=name))
        elif row.get("isSensitive") is True:
            if kinds or not _is_masked(text, str(row.get("maskingRule"))):
                found.setdefault((name, "unmasked"), K_UNMASKED.broken(place=name, evidence=covered(text)))
        elif kinds:
            found.setdefault(
                (name, "sensitive"), K_SENSITIVE.broken(place=name, evidence=", ".join(sorted(kinds)))
            )
    return list(found.values())


def _is_masked(text: str, rule: str) -> bool:
    """Tell whether a value looks as its rule says: covered by stars, a digest, or gone."""
    if rule == "mask":
        return "*" in text or not text
    if rule == "hash":
        return len(text) >= 32 and all(character in "0123456789abcdefABCDEF" for character in text)
    return text in ("", "None") if rule == "remove" else True


def _rows(value: object) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
