"""DNS and TCP: is the declared service where the provider says it is?

Before the firewall is open nobody expects an answer, so a silent address is noted and the check is
*not checked*; afterwards the same silence fails it.

Source: draft standard, clauses 8.1.2 a, b and 8.2.3 a; process P02b, steps 3 and 6
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.checks.addresses import NotAllowedToProbe, NotReachable, NotResolved, ProbeGuard
from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded
from kernel.language import Text

CHECK = "network.reachability"
TIMEOUT_SECONDS = 3.0
MAX_ENDPOINTS = 20

R_DNS = Rule(
    "R-DNS",
    Severity.ERROR,
    "8.1.2a",
    Text(
        "服务地址的域名无法解析，请核对域名或DNS配置",
        "The name of the address does not resolve, check name and DNS",
    ),
)
R_TCP = Rule(
    "R-TCP",
    Severity.ERROR,
    "8.2.3a",
    Text(
        "无法建立TCP连接，请确认服务已启动、防火墙已开通",
        "No TCP connection, check that the service runs and is let through",
    ),
)
R_NOT_YET = Rule(
    "R-NOT-YET",
    Severity.INFO,
    "8.1.2b",
    Text(
        "防火墙开通前暂不可达，记录备查，开通后复测",
        "Not reachable before the firewall is open; noted, and checked again afterwards",
    ),
)
R_SKIPPED = Rule(
    "R-SKIPPED",
    Severity.INFO,
    "8.1.2",
    Text(
        "该地址不在允许探测的网段内，未检测",
        "The address is outside the networks that may be probed, not checked",
    ),
)


def check_reachability(
    guard: ProbeGuard, endpoints: Sequence[tuple[str, str, int]], *, firewall_open: bool
) -> CheckResult:
    """Resolve and connect to every endpoint, given as (place, host, port)."""
    looked_at = Text(f"连通性（{len(endpoints)} 个地址）", f"Reachability ({len(endpoints)} addresses)")
    if not endpoints:
        return concluded(CHECK, looked_at, (), Text("未声明地址", "no address is declared"))
    findings: list[Finding] = []
    reasons: list[Text] = []
    if len(endpoints) > MAX_ENDPOINTS:
        limit = MAX_ENDPOINTS
        reasons.append(Text(f"只试连前 {limit} 个地址", f"only the first {limit} addresses were tried"))
    for place, host, port in endpoints[:MAX_ENDPOINTS]:
        found, reason = _knock(guard, place, host, port, firewall_open)
        findings.extend(found)
        if reason is not None:
            reasons.append(reason)
    return concluded(CHECK, looked_at, findings, reasons[0] if reasons else None)


def _knock(
    guard: ProbeGuard, place: str, host: str, port: int, firewall_open: bool
) -> tuple[list[Finding], Text | None]:
    """Try one endpoint; return its findings, and why it counts as not checked, if it does."""
    seen_at = f"{host}:{port}"
    try:
        guard.connect(guard.target(host, port), TIMEOUT_SECONDS)
    except NotAllowedToProbe as error:
        return [R_SKIPPED.broken(place=place, evidence=error.reason)], error.reason
    except (NotResolved, NotReachable) as error:
        if not firewall_open:
            not_yet = Text("防火墙开通前不可达", "unreachable before the firewall is open")
            return [R_NOT_YET.broken(place=place, evidence=f"{seen_at}: {error}")], not_yet
        rule = R_DNS if isinstance(error, NotResolved) else R_TCP
        return [rule.broken(place=place, evidence=f"{seen_at}: {error}")], None
    return [], None
