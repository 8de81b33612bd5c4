"""Whether the step from one version to the next fits what changed in the API document."""

from __future__ import annotations

from collections.abc import Iterator

from domain.catalogue.versions import canonical_version, core_of
from handlers.checks.openapi import DocumentUnreadable
from handlers.scanning.contracts.changes import ContractComparison, Weight
from handlers.scanning.contracts.comparing import compare_contracts
from handlers.scanning.intake import ScanRule
from handlers.scanning.results import ScanFinding, ScanResult, ScanSeverity, concluded_scan, not_checked_scan
from kernel.language import Text

SCAN = "contract"
TITLE = Text("接口契约比对", "Contract against the version before")
TOOL = ("zujian-contract", "1")
CLAUSE = "6.2d"
MAX_SHOWN = 100

K_BREAKING = ScanRule(
    "K-BREAKING",
    ScanSeverity.HIGH,
    CLAUSE,
    Text(
        "同一主版本内不得有不兼容的变更：请恢复兼容，或升级主版本号",
        "A breaking change within one major version: restore what was there, or raise the major version",
    ),
)
K_ADDED = ScanRule(
    "K-ADDED",
    ScanSeverity.MEDIUM,
    CLAUSE,
    Text("新增内容应升级次版本号", "An addition asks for a new minor version"),
)


def check_contract(old: bytes, new: bytes, old_version: str, new_version: str) -> ScanResult:
    """Compare with the version before of the same line; the documents may be in JSON or YAML."""
    before, now = canonical_version(old_version), canonical_version(new_version)
    if before is None or now is None:
        said = old_version if before is None else new_version
        reason = Text(f"版本号 {said} 无效", f"{said} is no semantic version")
        return not_checked_scan(SCAN, TOOL, TITLE, reason)
    try:
        compared = compare_contracts(old, new)
    except DocumentUnreadable as error:
        reason = Text(f"接口文档无法读取：{error}", f"an API document cannot be read: {error}")
        return not_checked_scan(SCAN, TOOL, TITLE, reason)
    return concluded_scan(
        SCAN,
        TOOL,
        TITLE,
        list(_findings(compared, _numbers(before), _numbers(now)))[:MAX_SHOWN],
        looked_at={
            "from": before,
            "to": now,
            "needed": compared.needed.value,
            "changes": len(compared.changes),
        },
    )


def _findings(
    compared: ContractComparison, before: tuple[int, ...], now: tuple[int, ...]
) -> Iterator[ScanFinding]:
    if before[0] != now[0]:
        return
    for change in compared.changes:
        shown = f"{change.message.zh} / {change.message.en} {change.evidence}".strip()
        if change.weight is Weight.MAJOR:
            yield K_BREAKING.found(tool=TOOL, place=change.place, evidence=shown)
        elif change.weight is Weight.MINOR and before[:2] == now[:2]:
            yield K_ADDED.found(tool=TOOL, place=change.place, evidence=shown)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in core_of(version).partition("-")[0].split("."))
