"""Probes reach what they may reach, and say plainly what they did not look at."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

import pytest

from handlers.checks import health
from handlers.checks.addresses import (
    NotAllowedToProbe,
    NotResolved,
    ProbeGuard,
    connect_tcp,
    parse_address,
    probe_guard,
)
from handlers.checks.health import check_health
from handlers.checks.reachability import check_reachability
from handlers.checks.results import CheckResult, Status
from tests.unit.handlers.checks.servers import endpoint

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


def names(host: str, port: int) -> list[str]:
    """Resolve test names without asking anybody."""
    known = {
        "service.example": ["127.0.0.1"],
        "intranet.example": ["10.0.0.8"],
        "both.example": ["10.0.0.8", "127.0.0.1"],
        "mapped.example": ["::ffff:127.0.0.1"],
    }
    if host not in known:
        raise NotResolved(host)
    return known[host]


@pytest.fixture
def guard() -> ProbeGuard:
    """Allow the loopback interface only."""
    return ProbeGuard(LOOPBACK, names, connect_tcp)


@pytest.fixture
def service() -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Serve a health endpoint."""
    with endpoint() as served:
        yield served


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(guard: ProbeGuard, port: int, path: str, host: str = "service.example") -> CheckResult:
    return check_health(guard, f"http://{host}:{port}", path, firewall_open=True)


def test_healthy_endpoint_passes_and_sees_the_declared_host(
    guard: ProbeGuard, service: tuple[int, list[tuple[str, str]]]
) -> None:
    port, seen = service

    result = ask(guard, port, "/health")

    assert (result.status, result.findings) == (Status.PASSED, ())
    assert seen == [("/health", f"service.example:{port}")]


@pytest.mark.parametrize(
    ("path", "rule", "status"),
    [
        ("/plain", "H-DEPENDENCIES", Status.PASSED),
        ("/down", "H-DOWN", Status.FAILED),
        ("/broken", "H-STATUS", Status.FAILED),
        ("/missing", "H-STATUS", Status.FAILED),
        ("/large", "H-SIZE", Status.FAILED),
        ("/loop", "H-REDIRECT", Status.FAILED),
        ("/away", "H-REDIRECT", Status.FAILED),
        ("/inside", "H-REDIRECT", Status.FAILED),
    ],
)
def test_faulty_endpoint_is_told_by_its_rule(
    guard: ProbeGuard, service: tuple[int, list[tuple[str, str]]], path: str, rule: str, status: Status
) -> None:
    result = ask(guard, service[0], path)

    assert [finding.rule for finding in result.findings] == [rule]
    assert result.status is status


def test_redirect_on_the_same_host_is_followed(
    guard: ProbeGuard, service: tuple[int, list[tuple[str, str]]]
) -> None:
    port, seen = service

    assert ask(guard, port, "/moved").status is Status.PASSED
    assert [path for path, _ in seen] == ["/moved", "/health"]


def test_redirect_to_another_host_is_never_followed(
    guard: ProbeGuard, service: tuple[int, list[tuple[str, str]]]
) -> None:
    port, seen = service

    ask(guard, port, "/inside")

    assert [path for path, _ in seen] == ["/inside"]


@pytest.mark.parametrize("path", ["/drip", "/silent"])
def test_slow_endpoint_is_given_up_after_the_time_limit(
    guard: ProbeGuard,
    service: tuple[int, list[tuple[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    monkeypatch.setattr(health, "TIMEOUT_SECONDS", 0.4)

    result = ask(guard, service[0], path)

    assert result.status is Status.FAILED
    assert result.findings[0].rule in {"H-TIME", "H-NO-ANSWER"}


def test_http_where_tls_is_declared_is_a_tls_finding(
    guard: ProbeGuard, service: tuple[int, list[tuple[str, str]]]
) -> None:
    result = check_health(guard, f"https://service.example:{service[0]}", "/health", firewall_open=False)

    assert [finding.rule for finding in result.findings] == ["H-TLS"]
    assert result.status is Status.FAILED


def test_address_outside_the_allowed_networks_is_not_checked_and_not_contacted(
    service: tuple[int, list[tuple[str, str]]],
) -> None:
    port, seen = service
    elsewhere = ProbeGuard((ipaddress.ip_network("10.0.0.0/8"),), names, connect_tcp)

    result = ask(elsewhere, port, "/health")

    assert result.status is Status.NOT_CHECKED
    assert [finding.rule for finding in result.findings] == ["H-SKIPPED"]
    assert "127.0.0.1" in result.findings[0].evidence
    assert seen == []


def test_without_allowed_networks_nothing_is_resolved_or_contacted() -> None:
    def must_not_be_called(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    closed = ProbeGuard((), must_not_be_called, connect_tcp)

    result = check_health(closed, "https://a.example", "/health", firewall_open=True)

    assert result.status is Status.NOT_CHECKED
    assert "probe_allowed_networks" in result.summary.en


def test_silent_service_is_noted_before_and_failed_after_the_firewall_is_open(guard: ProbeGuard) -> None:
    address = f"http://service.example:{free_port()}"

    before = check_health(guard, address, "/health", firewall_open=False)
    after = check_health(guard, address, "/health", firewall_open=True)

    assert (before.status, before.findings[0].rule) == (Status.NOT_CHECKED, "H-NOT-YET")
    assert (after.status, after.findings[0].rule) == (Status.FAILED, "H-NO-ANSWER")


def test_malformed_address_fails_without_a_probe(guard: ProbeGuard) -> None:
    result = check_health(guard, "https://a.example/?x=1", "/health", firewall_open=True)

    assert [finding.rule for finding in result.findings] == ["H-ADDRESS"]


def test_guard_picks_the_address_that_is_allowed(guard: ProbeGuard) -> None:
    assert guard.target("both.example", 80).address == "127.0.0.1"
    assert guard.target("mapped.example", 80).address == "127.0.0.1"
    with pytest.raises(NotAllowedToProbe):
        guard.target("intranet.example", 80)


def test_mapped_and_scoped_addresses_count_as_what_they_are() -> None:
    assert str(parse_address("::ffff:10.0.0.8")) == "10.0.0.8"
    assert str(parse_address("fe80::1%eth0")) == "fe80::1"


def test_reachable_endpoint_passes(guard: ProbeGuard, service: tuple[int, list[tuple[str, str]]]) -> None:
    endpoints = [("serviceAddress", "service.example", service[0])]

    assert check_reachability(guard, endpoints, firewall_open=True).status is Status.PASSED


@pytest.mark.parametrize(
    ("host", "firewall_open", "status", "rule"),
    [
        ("service.example", False, Status.NOT_CHECKED, "R-NOT-YET"),
        ("service.example", True, Status.FAILED, "R-TCP"),
        ("nowhere.example", False, Status.NOT_CHECKED, "R-NOT-YET"),
        ("nowhere.example", True, Status.FAILED, "R-DNS"),
        ("intranet.example", True, Status.NOT_CHECKED, "R-SKIPPED"),
    ],
)
def test_silent_endpoint_is_judged_by_the_stage(
    guard: ProbeGuard, host: str, firewall_open: bool, status: Status, rule: str
) -> None:
    result = check_reachability(guard, [("x", host, free_port())], firewall_open=firewall_open)

    assert (result.status, [finding.rule for finding in result.findings]) == (status, [rule])


def test_one_skipped_endpoint_keeps_the_check_from_passing(
    guard: ProbeGuard, service: tuple[int, list[tuple[str, str]]]
) -> None:
    endpoints = [("a", "service.example", service[0]), ("b", "intranet.example", 443)]

    assert check_reachability(guard, endpoints, firewall_open=True).status is Status.NOT_CHECKED


def test_no_more_than_twenty_endpoints_are_tried_and_the_rest_keeps_the_check_from_passing(
    guard: ProbeGuard, service: tuple[int, list[tuple[str, str]]]
) -> None:
    endpoints = [("a", "service.example", service[0])] * 25

    result = check_reachability(guard, endpoints, firewall_open=True)

    assert result.status is Status.NOT_CHECKED
    assert "first 20" in result.summary.en


def test_system_resolver_knows_localhost_and_refuses_nonsense() -> None:
    real = probe_guard(LOOPBACK)

    assert real.target("localhost", 80).address == "127.0.0.1"
    with pytest.raises(NotResolved):
        real.target("no such host", 80)
