"""What an admission needs, and how long it holds.

Source: draft standard, clauses 6.1.3a and 11.6.1a; process P17
"""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from kernel.errors import FieldProblem
from kernel.language import Text

VALID_MONTHS: Final = 12
REMINDED_BEFORE: Final = timedelta(days=30)
PROCURED: Final = "市场采购"
ORIGINS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "own": Text("自研", "Own development"),
        "third_party": Text("第三方", "Third party"),
        "open_source": Text("开源", "Open source"),
        "paas": Text("PaaS", "PaaS"),
    }
)
_REQUIRED: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "origin": Text("来源", "origin"),
        "name": Text("产品名称", "name of the product"),
        "productVersion": Text("版本", "version"),
        "supplier": Text("供应商", "supplier"),
        "licence": Text("许可证", "licence"),
        "digest": Text("摘要（SHA-256）", "digest (SHA-256)"),
        "signature": Text("签名", "signature"),
        "purpose": Text("用途", "purpose"),
    }
)
_PROCUREMENT: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "supplierQualification": Text("供应商资质", "qualification of the supplier"),
        "contractNumber": Text("合同编号", "contract number"),
    }
)
_HEX: Final = frozenset("0123456789abcdef")


def problems_of(given: Mapping[str, Any]) -> list[FieldProblem]:
    """Return what is missing or malformed; every origin needs origin, supplier, digest and signature alike.

    A product bought on the market also needs the qualification of its supplier and the contract.
    """
    required = dict(_REQUIRED)
    if given.get("introductionMode") == PROCURED:
        required |= _PROCUREMENT
    problems = [
        _missing(name, title) for name, title in required.items() if not str(given.get(name) or "").strip()
    ]
    origin = given.get("origin")
    if origin and origin not in ORIGINS:
        problems.append(
            _problem("origin", "admission.origin", "来源不在可选范围内", "The origin is not one of the list")
        )
    digest = str(given.get("digest") or "").strip().lower()
    if digest and (len(digest) != 64 or not set(digest) <= _HEX):
        problems.append(
            _problem(
                "digest",
                "admission.digest",
                "摘要应为 SHA-256 的64位十六进制",
                "The digest is a SHA-256 in 64 hexadecimal digits",
            )
        )
    return problems


def valid_until(decided_on: date) -> date:
    """Return the last day of an admission: the same day twelve calendar months later, or the month's last."""
    months = decided_on.year * 12 + decided_on.month - 1 + VALID_MONTHS
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(decided_on.day, last))


def _missing(name: str, title: Text) -> FieldProblem:
    return _problem(name, "admission.missing", f"请填写{title.zh}", f"Give the {title.en}")


def _problem(path: str, rule: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(path, rule, Text(zh, en), "11.6.1a")
