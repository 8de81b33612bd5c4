"""Route conflicts: with routing by prefix, one public path must not lie inside another's.

Source: draft standard, Table 1 (publicPath) and clause 8.3.1; docs/reference/table-1-rules.md, V-API-16
"""

from __future__ import annotations

from collections.abc import Iterable

from handlers.checks.results import CheckResult, Rule, Severity, concluded
from kernel.language import Text

CHECK = "gateway.routes"

G_TAKEN = Rule(
    "G-TAKEN",
    Severity.ERROR,
    "8.3.1",
    Text("公开路径已登记给其他组件", "The public path is registered for another component"),
)
G_NESTED = Rule(
    "G-NESTED",
    Severity.ERROR,
    "8.3.1",
    Text(
        "公开路径与其他组件的路径互相包含，按前缀路由会冲突，请改用其他路径",
        "The path and another component's lie one inside the other, a clash under prefix routing",
    ),
)


def check_routes(public_path: str, taken: Iterable[tuple[str, str]]) -> CheckResult:
    """Compare a public path with those of other components, given as (path, component name)."""
    looked_at = Text(f"路由 {public_path}", f"Route {public_path}")
    mine = _segments(public_path)
    findings = []
    for path, component in taken:
        other = _segments(path)
        shorter = min(len(mine), len(other))
        if mine == other:
            findings.append(G_TAKEN.broken(place="apiInfo.publicPath", evidence=f"{path} ({component})"))
        elif mine[:shorter] == other[:shorter]:
            findings.append(G_NESTED.broken(place="apiInfo.publicPath", evidence=f"{path} ({component})"))
    return concluded(CHECK, looked_at, findings)


def _segments(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part)
