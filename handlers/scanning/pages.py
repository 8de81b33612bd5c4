"""Attacks on the pages of a running component by wapiti, time-boxed, at a released address only.

Wapiti is a program of its own under the GPL: it is run, never imported or linked.

Source: draft standard, clauses 8.1.1 and 8.2.4 b
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from handlers.scanning import tools
from handlers.scanning.bench import Workbench
from handlers.scanning.child import ChildLimits, ScannerFailed, private_folder, run_child
from handlers.scanning.results import (
    ScanFinding,
    ScanResult,
    ScanSeverity,
    concluded_scan,
    inconclusive_scan,
    not_checked_scan,
)
from handlers.scanning.targets import AttackTarget, NotAttackable, attack_target
from kernel.language import Text

SCAN = "pages"
TITLE = Text("页面安全测试", "Attacks on pages")
LIMITS = ChildLimits(seconds=420, cpu_seconds=400)
CLAUSE = "8.2.4b"
_MODULES = "xss,sql,exec,file,redirect,csp,http_headers,cookieflags"
_CRAWL_SECONDS, _ATTACK_SECONDS = 60, 30


def scan_pages(bench: Workbench, address: str) -> ScanResult:
    """Crawl the pages below an address and attack what they take in."""
    try:
        tool = tools.wapiti()
    except tools.ToolMissing as missing:
        return not_checked_scan(SCAN, ("wapiti", ""), TITLE, missing.cure)
    try:
        target = attack_target(bench, address)
    except NotAttackable as error:
        return not_checked_scan(SCAN, tool.label, TITLE, error.reason)
    with private_folder(bench.scratch) as folder:
        try:
            return _attacked(bench, tool, target, folder)
        except ScannerFailed as failed:
            return inconclusive_scan(SCAN, tool.label, TITLE, failed.cause, seconds=failed.seconds)
        except (OSError, ValueError, KeyError) as error:
            cause = Text(f"报告无法读取：{error}", f"its report cannot be read: {error}")
            return inconclusive_scan(SCAN, tool.label, TITLE, cause)


def _attacked(bench: Workbench, tool: tools.Tool, target: AttackTarget, folder: Path) -> ScanResult:
    relay = target.relay(bench)
    report = folder / "report.json"
    command = [
        *(str(tool.path), "-u", target.address_behind(relay) or "/", "--scope", "folder", "-m", _MODULES),
        *("-H", f"Host: {target.host_header}", "-f", "json", "-o", str(report), "-v", "0", "-t", "5"),
        *("--max-scan-time", str(_CRAWL_SECONDS), "--max-attack-time", str(_ATTACK_SECONDS)),
        *("-d", "5", "--max-links-per-page", "50", "--flush-session", "--no-bugreport"),
        *("--store-session", str(folder / "session"), "--store-config", str(folder / "config")),
    ]
    outcome = run_child(command, folder, LIMITS, relay=relay).require()
    document = json.loads(report.read_bytes())
    pages = int(document["infos"].get("crawled_pages_nbr") or 0)
    nothing = Text("未找到任何页面", "no page was found") if pages == 0 else None
    return concluded_scan(
        SCAN,
        tool.label,
        TITLE,
        _findings(document, tool.label),
        not_checked=nothing,
        looked_at={
            "pages": pages,
            "modules": _MODULES,
            "address": f"{target.host_header}{target.declared.path}",
        },
        report_digest=bench.keep_report(json.dumps(document, ensure_ascii=False, indent=1).encode()),
        seconds=outcome.seconds,
        network_cut=outcome.network_cut,
    )


def _findings(document: Mapping[str, Any], tool: tuple[str, str]) -> Iterator[ScanFinding]:
    for group in ("vulnerabilities", "anomalies"):
        for name, entries in document[group].items():
            for entry in entries:
                place = f"{entry.get('method')} {entry.get('path')} {entry.get('parameter') or ''}".strip()
                module = str(entry.get("module") or "")
                yield ScanFinding(
                    tool=tool[0],
                    version=tool[1],
                    rule=f"WAPITI-{module or name}"[:80],
                    severity=_severity(group, int(entry.get("level") or 0), module),
                    message=_MESSAGES.get(module, Text(f"页面风险：{name}", f"Risk of a page: {name}")),
                    place=place,
                    evidence=str(entry.get("info", ""))[:300],
                    clause=CLAUSE,
                    identifiers=tuple(map(str, entry.get("wstg") or ()))[:3],
                )


def _severity(group: str, level: int, module: str) -> ScanSeverity:
    """Grade a finding: what executes is critical, what injects high, what is merely missing low."""
    if module in ("exec", "sql", "file"):
        return ScanSeverity.CRITICAL if group == "vulnerabilities" else ScanSeverity.MEDIUM
    if module == "xss":
        return ScanSeverity.HIGH
    return ScanSeverity.MEDIUM if level >= 2 else ScanSeverity.LOW


_MESSAGES = {
    "xss": Text("页面把请求内容未经转义写出", "A page writes request data unescaped"),
    "sql": Text("页面参数可注入 SQL", "A parameter of a page lets SQL be injected"),
    "exec": Text("页面参数可执行系统命令", "A parameter of a page lets commands be run"),
    "file": Text("页面参数可读取系统文件", "A parameter of a page lets files be read"),
    "redirect": Text("页面可被用于跳转到任意地址", "A page redirects to any address"),
    "csp": Text("页面未设置内容安全策略", "A page sets no content security policy"),
    "http_headers": Text("页面缺少安全响应头", "A page lacks a security header"),
    "cookieflags": Text("Cookie 缺少安全属性", "A cookie lacks its security flags"),
}
