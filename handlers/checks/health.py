"""The health endpoint of a service, asked over HTTP.

One short GET to the address that the guard has checked: no proxy, no redirect to another host, no
more than 64 kB, five seconds for everything.

Source: draft standard, clause 8.1.2 c
"""

from __future__ import annotations

import json
import ssl
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from handlers.checks.addresses import NotAllowedToProbe, NotResolved, ProbeGuard, Target
from handlers.checks.declaration import ServiceAddress, is_health_path, read_service_address
from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded
from kernel.language import Text

CHECK = "health"
TIMEOUT_SECONDS = 5.0
SLOW_SECONDS = 2.0
MAX_BYTES = 64 * 1024
MAX_REDIRECTS = 2

_UP = {"up", "ok", "pass", "healthy", "running", "green"}
_DOWN = {"down", "fail", "error", "unhealthy", "out_of_service", "red"}
_DEPENDENCIES = {"checks", "components", "dependencies", "details"}


def _rule(rule: str, severity: Severity, zh: str, en: str) -> Rule:
    return Rule(rule, severity, "8.1.2c", Text(zh, en))


H_ADDRESS = _rule(
    "H-ADDRESS",
    Severity.ERROR,
    "服务地址或健康检查路径有误，无法探测",
    "The service address or the health path is malformed and cannot be probed",
)
H_NO_ANSWER = _rule(
    "H-NO-ANSWER",
    Severity.ERROR,
    "健康检查接口无响应，请确认服务已启动且网络已连通",
    "The health endpoint does not answer, check that the service runs and is reachable",
)
H_NOT_YET = _rule(
    "H-NOT-YET",
    Severity.INFO,
    "防火墙开通前无响应，记录备查，开通后复测",
    "No answer before the firewall is open; noted, and probed again afterwards",
)
H_SKIPPED = _rule(
    "H-SKIPPED",
    Severity.INFO,
    "该地址不在允许探测的网段内，未检测",
    "The address is outside the networks that may be probed, not checked",
)
H_STATUS = _rule(
    "H-STATUS",
    Severity.ERROR,
    "健康检查接口应返回2xx状态码",
    "The health endpoint must answer with a 2xx status",
)
H_REDIRECT = _rule(
    "H-REDIRECT",
    Severity.ERROR,
    "健康检查接口不得重定向到其他主机或反复重定向",
    "The health endpoint must not redirect to another host or again and again",
)
H_SIZE = _rule(
    "H-SIZE",
    Severity.ERROR,
    "健康检查接口应为轻量级，响应不得超过64 KB",
    "The health endpoint must be light: at most 64 kB",
)
H_TIME = _rule(
    "H-TIME",
    Severity.ERROR,
    "健康检查接口未在5秒内完成响应",
    "The health endpoint did not finish its answer within 5 seconds",
)
H_SLOW = _rule(
    "H-SLOW",
    Severity.WARNING,
    "健康检查接口响应超过2秒，宜优化",
    "The health endpoint took more than 2 seconds",
)
H_TLS = _rule(
    "H-TLS",
    Severity.ERROR,
    "TLS 连接失败，请检查证书与域名是否相符、是否由受信机构签发",
    "The TLS connection failed, check that the certificate fits the name and its issuer is trusted",
)
H_DOWN = _rule(
    "H-DOWN", Severity.ERROR, "组件自报不健康，请恢复后再提交", "The component reports itself as unhealthy"
)
H_DEPENDENCIES = _rule(
    "H-DEPENDENCIES",
    Severity.INFO,
    "响应未说明核心依赖服务的健康状态",
    "The answer does not tell the health of the core services it depends on",
)


@dataclass(frozen=True)
class _Answer:
    """What came back in the end."""

    url: str
    status: int
    body: bytes
    seconds: float


class _Misbehaved(Exception):
    """The endpoint broke a rule of the exchange itself."""

    def __init__(self, rule: Rule, evidence: str) -> None:
        super().__init__(evidence)
        self.rule = rule


def check_health(
    guard: ProbeGuard, service_address: object, health_path: object, *, firewall_open: bool
) -> CheckResult:
    """Ask the health endpoint once and judge the answer."""
    looked_at = Text("健康检查接口", "Health endpoint")
    address = read_service_address(service_address)
    if address is None or not is_health_path(health_path):
        broken = H_ADDRESS.broken(place="healthPath", evidence=f"{service_address}{health_path}")
        return concluded(CHECK, looked_at, [broken])
    try:
        target = guard.target(address.host, address.port)
        answer = _ask(address, target, str(health_path))
    except NotAllowedToProbe as error:
        skipped = H_SKIPPED.broken(place="healthPath", evidence=error.reason)
        return concluded(CHECK, looked_at, [skipped], error.reason)
    except _Misbehaved as error:
        return concluded(CHECK, looked_at, [error.rule.broken(place="healthPath", evidence=error)])
    except (NotResolved, httpx.TransportError) as error:
        return _silent(looked_at, str(service_address), error, firewall_open)
    return concluded(CHECK, looked_at, _judge(answer))


def _silent(looked_at: Text, address: str, error: Exception, firewall_open: bool) -> CheckResult:
    evidence = f"{address}: {str(error) or type(error).__name__}"
    if _is_tls(error):
        return concluded(CHECK, looked_at, [H_TLS.broken(place="healthPath", evidence=evidence)])
    if not firewall_open:
        noted = H_NOT_YET.broken(place="healthPath", evidence=evidence)
        return concluded(
            CHECK, looked_at, [noted], Text("防火墙开通前无响应", "no answer before the firewall is open")
        )
    return concluded(CHECK, looked_at, [H_NO_ANSWER.broken(place="healthPath", evidence=evidence)])


def _ask(address: ServiceAddress, target: Target, health_path: str) -> _Answer:
    """Get the endpoint, following at most two redirects on the same origin."""
    url = f"{_origin(address)}{address.path}{health_path}"
    started = time.monotonic()
    with httpx.Client(
        verify=ssl.create_default_context(), trust_env=False, follow_redirects=False, http2=False
    ) as client:
        for _ in range(MAX_REDIRECTS + 1):
            response_status, location, body = _get(client, url, address, target, started)
            if not 300 <= response_status < 400 or not location:
                return _Answer(url, response_status, body, time.monotonic() - started)
            url = urljoin(url, location)
            if not _same_origin(url, address):
                raise _Misbehaved(H_REDIRECT, url)
    raise _Misbehaved(H_REDIRECT, url)


def _get(
    client: httpx.Client, url: str, address: ServiceAddress, target: Target, started: float
) -> tuple[int, str | None, bytes]:
    """Send one GET to the checked address with the declared host in its header (and in SNI)."""
    parts = urlsplit(url)
    pinned = parts._replace(netloc=f"{target.netloc_address}:{target.port}", fragment="").geturl()
    request = client.build_request(
        "GET",
        pinned,
        headers={"Host": parts.netloc, "Accept": "application/json, */*", "Accept-Encoding": "identity"},
        extensions={
            "timeout": dict.fromkeys(("connect", "read", "write", "pool"), _left(started, url)),
            "sni_hostname": address.host,
        },
    )
    response = client.send(request, stream=True)
    try:
        return response.status_code, response.headers.get("location"), _read(response, started, url)
    except httpx.ReadTimeout as error:
        raise _Misbehaved(H_TIME, url) from error
    finally:
        response.close()


def _read(response: httpx.Response, started: float, url: str) -> bytes:
    body = b""
    for chunk in response.iter_raw(8192):
        body += chunk
        if len(body) > MAX_BYTES:
            raise _Misbehaved(H_SIZE, f"{url}: > {MAX_BYTES} bytes")
        _left(started, url)
    return body


def _left(started: float, url: str) -> float:
    left = TIMEOUT_SECONDS - (time.monotonic() - started)
    if left <= 0:
        raise _Misbehaved(H_TIME, url)
    return left


def _judge(answer: _Answer) -> list[Finding]:
    evidence = f"{answer.url}: HTTP {answer.status}, {answer.seconds * 1000:.0f} ms"
    if not 200 <= answer.status < 300:
        return [H_STATUS.broken(place="healthPath", evidence=evidence)]
    findings = []
    if answer.seconds > SLOW_SECONDS:
        findings.append(H_SLOW.broken(place="healthPath", evidence=evidence))
    said = _document(answer.body)
    status = str(said.get("status", "")).lower()
    if status in _DOWN:
        findings.append(H_DOWN.broken(place="healthPath", evidence=f"{evidence}, status={status}"))
    elif status not in _UP or not _DEPENDENCIES & said.keys():
        findings.append(H_DEPENDENCIES.broken(place="healthPath", evidence=evidence))
    return findings


def _document(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _origin(address: ServiceAddress) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{address.scheme}://{host}:{address.port}"


def _same_origin(url: str, address: ServiceAddress) -> bool:
    other = read_service_address(url.partition("?")[0].partition("#")[0])
    return other is not None and (other.scheme, other.host, other.port) == (
        address.scheme,
        address.host,
        address.port,
    )


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError) or "SSL" in str(error)[:40].upper():
            return True
        error = error.__cause__ or error.__context__
    return False
