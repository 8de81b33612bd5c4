"""Which addresses the platform may knock at: resolve first, then connect to the checked address only.

A component's address comes from outside; without this guard a declared host could point the platform
at its own database (server-side request forgery). Nothing outside ``allowed`` is ever connected to.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kernel.language import Text

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Sequence[str]]
Connector = Callable[[str, int, float], None]


class NotResolved(Exception):
    """The name has no address in the DNS that the platform uses."""


class NotAllowedToProbe(Exception):
    """No address of the host lies in a network that may be probed; ``reason`` says why not."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class NotReachable(Exception):
    """No connection came about within the time limit."""


@dataclass(frozen=True)
class Target:
    """A host as declared and the one address that was checked for it."""

    host: str
    port: int
    address: str

    @property
    def netloc_address(self) -> str:
        """The address as it stands in a URL."""
        return f"[{self.address}]" if ":" in self.address else self.address


@dataclass(frozen=True)
class ProbeGuard:
    """Decides what may be probed, and does the connecting."""

    allowed: tuple[IPNetwork, ...]
    resolver: Resolver
    connector: Connector

    def target(self, host: str, port: int) -> Target:
        """Resolve a host and return the first of its addresses that may be probed.

        Raises:
            NotResolved: the name has no address.
            NotAllowedToProbe: none of its addresses is inside an allowed network.
        """
        if not self.allowed:
            raise NotAllowedToProbe(
                Text(
                    "未设置允许探测的网段（probe_allowed_networks）",
                    "no network may be probed (setting probe_allowed_networks)",
                )
            )
        addresses = [parse_address(text) for text in self.resolver(host, port)]
        for address in addresses:
            if self.permits(address):
                return Target(host, port, str(address))
        seen = ", ".join(str(address) for address in addresses)
        raise NotAllowedToProbe(
            Text(
                f"{host}（{seen}）不在允许探测的网段内",
                f"{host} ({seen}) is outside the networks that may be probed",
            )
        )

    def permits(self, address: IPAddress) -> bool:
        """Say whether an address lies in an allowed network."""
        return any(address.version == network.version and address in network for network in self.allowed)

    def connect(self, target: Target, timeout_seconds: float) -> None:
        """Open and close one TCP connection to the checked address.

        Raises:
            NotReachable: refused, timed out, or no route.
        """
        try:
            self.connector(target.address, target.port, timeout_seconds)
        except OSError as error:
            raise NotReachable(str(error) or type(error).__name__) from error


def probe_guard(allowed: Sequence[IPNetwork]) -> ProbeGuard:
    """Return the guard that uses the system's resolver and real connections."""
    return ProbeGuard(tuple(allowed), resolve, connect_tcp)


def resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver for the addresses of a host, IPv4 first.

    Raises:
        NotResolved: there is none.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotResolved(f"{host}: {error}") from error
    ordered = sorted(answers, key=lambda answer: answer[0] != socket.AF_INET)
    return list(dict.fromkeys(str(answer[4][0]) for answer in ordered))


def connect_tcp(address: str, port: int, timeout_seconds: float) -> None:
    """Open one TCP connection and close it again."""
    with socket.create_connection((address, port), timeout=timeout_seconds):
        return


def parse_address(text: str) -> IPAddress:
    """Read an address; an IPv4 address written as IPv6 counts as what it is."""
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped if mapped is not None else address


def is_address(host: str) -> bool:
    """Say whether a host is written as an IP address instead of a DNS name."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
