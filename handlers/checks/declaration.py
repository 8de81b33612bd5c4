"""The network declaration of a provider, before anything is connected to: form, breadth, duplicates.

Source: draft standard, clause 8.1.2 a (zone and address), b (access policies), c (health check)
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from handlers.checks.addresses import IPNetwork, is_address
from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded
from kernel.language import Text

CHECK = "network.declaration"

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\Z")
_HEALTH_PATH = re.compile(r"/[A-Za-z0-9._~/-]*\Z")
_MAX_POLICIES = 200
# Wider than this is refused, or asked about (proposed; the standard gives no numbers).
_REFUSED_BELOW = {4: 8, 6: 24}
_ASKED_BELOW = {4: 16, 6: 40}


def _error(rule: str, clause: str, zh: str, en: str) -> Rule:
    return Rule(rule, Severity.ERROR, clause, Text(zh, en))


def _warning(rule: str, clause: str, zh: str, en: str) -> Rule:
    return Rule(rule, Severity.WARNING, clause, Text(zh, en))


N_ZONE = _error(
    "N-ZONE",
    "8.1.2a",
    "应声明部署的网络区域，从字典中选择",
    "Declare the network zone, one of the dictionary",
)
N_ADDRESS = _error(
    "N-ADDRESS",
    "8.1.2a",
    "服务地址应为有效的 http 或 https 地址，不含用户名、查询与片段",
    "The service address must be a valid http or https URL without user name, query or fragment",
)
N_ADDRESS_IP = _warning(
    "N-ADDRESS-IP", "8.1.2a", "服务地址宜使用DNS域名而非IP地址", "Prefer a DNS name to an IP address"
)
N_ADDRESS_ACKNOWLEDGED = _error(
    "N-ADDRESS-ACKNOWLEDGED",
    "8.1.2a",
    "服务地址使用IP地址的，须勾选“确认使用IP地址”，或改用DNS域名",
    "A service address by IP has to be confirmed in the form, or use a DNS name",
)
N_ADDRESS_TLS = _warning(
    "N-ADDRESS-TLS", "10.1d", "服务地址宜使用 https", "Prefer https for the service address"
)
N_HEALTH_PATH = _error(
    "N-HEALTH-PATH",
    "8.1.2c",
    "健康检查路径应以“/”开头（如 /health），不含特殊字符、“//”和“..”",
    "The health path must start with / (such as /health), without special characters, // or ..",
)
N_POLICIES = _error(
    "N-POLICIES",
    "8.1.2b",
    "应以清单形式提供访问策略：每项含源IP地址段、目标端口、协议，1至200项",
    "List the access policies, 1 to 200 entries with source range, port and protocol",
)
N_CIDR = _error(
    "N-CIDR",
    "8.1.2b",
    "源IP地址段应为有效的CIDR，如 10.1.2.0/24，主机位应为0",
    "The source range must be valid CIDR such as 10.1.2.0/24 with no host bits set",
)
N_CIDR_BROAD = _error(
    "N-CIDR-BROAD",
    "8.1.2b",
    "源IP地址段过宽（如 0.0.0.0/0），请按实际来源收窄",
    "The source range is over-broad (such as 0.0.0.0/0), narrow it to the real sources",
)
N_CIDR_WIDE = _warning(
    "N-CIDR-WIDE",
    "8.1.2b",
    "源IP地址段较宽，请确认是否必要",
    "The source range is wide, confirm that it is needed",
)
N_CIDR_SPECIAL = _error(
    "N-CIDR-SPECIAL",
    "8.1.2b",
    "源IP地址段不得为组播、保留或未指定地址",
    "The source range must not be multicast, reserved or unspecified",
)
N_PORT = _error(
    "N-PORT", "8.1.2b", "目标端口应为1至65535的整数", "The port must be an integer from 1 to 65535"
)
N_PROTOCOL = _error("N-PROTOCOL", "8.1.2b", "协议类型应为 TCP 或 UDP", "The protocol must be TCP or UDP")
N_DUPLICATE = _error(
    "N-DUPLICATE", "8.1.2b", "访问策略重复，请删除其一", "The policy is listed twice, remove one"
)
N_COVERED = _warning(
    "N-COVERED", "8.1.2b", "访问策略已被另一项涵盖", "The policy is already covered by another one"
)
N_PORT_CLOSED = _warning(
    "N-PORT-CLOSED",
    "8.1.2b",
    "访问策略清单未开放服务地址所用端口",
    "No listed policy opens the port of the service address",
)


@dataclass(frozen=True)
class ServiceAddress:
    """A service address taken apart; ``port`` is the default one where none is written."""

    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True)
class _Policy:
    place: str
    network: IPNetwork
    port: int
    protocol: str


def check_declaration(declaration: Mapping[str, Any], zones: Sequence[str]) -> CheckResult:
    """Check the form of a declaration: networkZone, serviceAddress, healthPath, accessPolicies."""
    findings = [
        *_zone(declaration.get("networkZone"), zones),
        *_service_address(declaration.get("serviceAddress"), declaration.get("ipAddressAcknowledged")),
        *_health_path(declaration.get("healthPath")),
        *_policies(declaration.get("accessPolicies"), declaration.get("serviceAddress")),
    ]
    return concluded(CHECK, Text("网络声明", "Network declaration"), findings)


def read_service_address(value: object) -> ServiceAddress | None:
    """Take a service address apart, or return None where it is not a proper one."""
    if not isinstance(value, str) or not value or any(c.isspace() or ord(c) < 32 for c in value):
        return None
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or parts.query or parts.fragment:
        return None
    if not host or port == 0 or "\\" in value or not (is_address(host) or _HOST_NAME.match(host)):
        return None
    return ServiceAddress(
        scheme=parts.scheme,
        host=host,
        port=port or (443 if parts.scheme == "https" else 80),
        path=parts.path.rstrip("/"),
    )


def is_health_path(value: object) -> bool:
    """Say whether a value is a plain absolute path."""
    if not isinstance(value, str) or len(value) > 200 or not _HEALTH_PATH.match(value):
        return False
    return "//" not in value and not {".", ".."} & set(value.split("/"))


def _zone(value: object, zones: Sequence[str]) -> Iterator[Finding]:
    if value not in zones:
        yield N_ZONE.broken(place="networkZone", evidence=value)


def _service_address(value: object, acknowledged: object) -> Iterator[Finding]:
    address = read_service_address(value)
    if address is None:
        yield N_ADDRESS.broken(place="serviceAddress", evidence=value)
        return
    if is_address(address.host):
        yield N_ADDRESS_IP.broken(place="serviceAddress", evidence=address.host)
        if acknowledged is not True:
            yield N_ADDRESS_ACKNOWLEDGED.broken(place="ipAddressAcknowledged", evidence=address.host)
    if address.scheme != "https":
        yield N_ADDRESS_TLS.broken(place="serviceAddress", evidence=value)


def _health_path(value: object) -> Iterator[Finding]:
    if not is_health_path(value):
        yield N_HEALTH_PATH.broken(place="healthPath", evidence=value)


def _policies(value: object, service_address: object) -> Iterator[Finding]:
    if not isinstance(value, list) or not 1 <= len(value) <= _MAX_POLICIES:
        yield N_POLICIES.broken(place="accessPolicies", evidence=value)
        return
    policies: list[_Policy] = []
    for index, entry in enumerate(value):
        place = f"accessPolicies[{index}]"
        broken, policy = _policy(entry, place)
        yield from broken
        if policy is not None:
            policies.append(policy)
    yield from _overlaps(policies)
    address = read_service_address(service_address)
    opened = {policy.port for policy in policies if policy.protocol == "TCP"}
    if address is not None and len(policies) == len(value) and address.port not in opened:
        yield N_PORT_CLOSED.broken(place="accessPolicies", evidence=address.port)


def _policy(entry: object, place: str) -> tuple[list[Finding], _Policy | None]:
    if not isinstance(entry, Mapping):
        return [N_POLICIES.broken(place=place, evidence=entry)], None
    port, protocol = entry.get("port"), entry.get("protocol")
    findings, network = _network(entry.get("sourceCidr"), f"{place}.sourceCidr")
    if type(port) is not int or not 1 <= port <= 65535:
        findings.append(N_PORT.broken(place=f"{place}.port", evidence=port))
        port = None
    if protocol not in {"TCP", "UDP"}:
        findings.append(N_PROTOCOL.broken(place=f"{place}.protocol", evidence=protocol))
        protocol = None
    if network is None or port is None or protocol is None:
        return findings, None
    return findings, _Policy(place, network, port, protocol)


def _network(value: object, place: str) -> tuple[list[Finding], IPNetwork | None]:
    if not isinstance(value, str) or "/" not in value:
        return [N_CIDR.broken(place=place, evidence=value)], None
    try:
        network = ipaddress.ip_network(value)
    except ValueError as error:
        return [N_CIDR.broken(place=place, evidence=error)], None
    if network.prefixlen < _REFUSED_BELOW[network.version]:
        return [N_CIDR_BROAD.broken(place=place, evidence=value)], network
    if network.is_multicast or network.is_unspecified or (network.version == 4 and network.is_reserved):
        return [N_CIDR_SPECIAL.broken(place=place, evidence=value)], network
    if network.prefixlen < _ASKED_BELOW[network.version]:
        return [N_CIDR_WIDE.broken(place=place, evidence=value)], network
    return [], network


def _overlaps(policies: Sequence[_Policy]) -> Iterator[Finding]:
    for index, policy in enumerate(policies):
        same = [other for other in policies if (other.port, other.protocol) == (policy.port, policy.protocol)]
        earlier = [other for other in policies[:index] if other in same]
        if any(other.network == policy.network for other in earlier):
            yield N_DUPLICATE.broken(place=policy.place, evidence=policy.network)
        elif any(
            other.network != policy.network and _covers(other.network, policy.network) for other in same
        ):
            yield N_COVERED.broken(place=policy.place, evidence=policy.network)


def _covers(wide: IPNetwork, narrow: IPNetwork) -> bool:
    if isinstance(wide, ipaddress.IPv4Network) and isinstance(narrow, ipaddress.IPv4Network):
        return narrow.subnet_of(wide)
    if isinstance(wide, ipaddress.IPv6Network) and isinstance(narrow, ipaddress.IPv6Network):
        return narrow.subnet_of(wide)
    return False
