"""The network declaration, rule by rule."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.checks.declaration import check_declaration, is_health_path, read_service_address
from handlers.checks.results import Status

ZONES = ("政务外网区", "互联网区")


def policy(**changes: Any) -> dict[str, Any]:
    """Return a policy without fault, changed as told."""
    return {"sourceCidr": "192.0.2.0/24", "port": 443, "protocol": "TCP", **changes}


def declaration(**changes: Any) -> dict[str, Any]:
    """Return a declaration without fault, changed as told."""
    clean = {
        "networkZone": "政务外网区",
        "serviceAddress": "https://unified-auth.svc.example",
        "healthPath": "/health",
        "accessPolicies": [policy()],
    }
    return {**clean, **changes}


def rules(**changes: Any) -> list[str]:
    """Return the ids of the broken rules of a changed declaration."""
    return [finding.rule for finding in check_declaration(declaration(**changes), ZONES).findings]


def test_clean_declaration_passes_without_a_finding() -> None:
    result = check_declaration(declaration(), ZONES)

    assert (result.status, result.findings) == (Status.PASSED, ())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"networkZone": "火星区"}, ["N-ZONE"]),
        ({"networkZone": None}, ["N-ZONE"]),
        ({"serviceAddress": "https://192.0.2.7"}, ["N-ADDRESS-IP", "N-ADDRESS-ACKNOWLEDGED"]),
        ({"serviceAddress": "https://[2001:db8::1]"}, ["N-ADDRESS-IP", "N-ADDRESS-ACKNOWLEDGED"]),
        ({"serviceAddress": "http://a.example:443"}, ["N-ADDRESS-TLS"]),
        ({"serviceAddress": "https://a.example:8443"}, ["N-PORT-CLOSED"]),
        ({"healthPath": "health"}, ["N-HEALTH-PATH"]),
        ({"healthPath": "/a/../admin"}, ["N-HEALTH-PATH"]),
        ({"healthPath": "//evil.example/health"}, ["N-HEALTH-PATH"]),
        ({"healthPath": None}, ["N-HEALTH-PATH"]),
        ({"accessPolicies": []}, ["N-POLICIES"]),
        ({"accessPolicies": "any"}, ["N-POLICIES"]),
        ({"accessPolicies": [None]}, ["N-POLICIES"]),
        ({"accessPolicies": [policy()] * 201}, ["N-POLICIES"]),
        ({"accessPolicies": [policy(sourceCidr="192.0.2.0")]}, ["N-CIDR"]),
        ({"accessPolicies": [policy(sourceCidr="192.0.2.5/24")]}, ["N-CIDR"]),
        ({"accessPolicies": [policy(sourceCidr="300.0.2.0/24")]}, ["N-CIDR"]),
        ({"accessPolicies": [policy(sourceCidr=None)]}, ["N-CIDR"]),
        ({"accessPolicies": [policy(sourceCidr="0.0.0.0/0")]}, ["N-CIDR-BROAD"]),
        ({"accessPolicies": [policy(sourceCidr="::/0")]}, ["N-CIDR-BROAD"]),
        ({"accessPolicies": [policy(sourceCidr="10.0.0.0/8")]}, ["N-CIDR-WIDE"]),
        ({"accessPolicies": [policy(sourceCidr="224.0.0.0/16")]}, ["N-CIDR-SPECIAL"]),
        ({"accessPolicies": [policy(), policy(port=0)]}, ["N-PORT"]),
        ({"accessPolicies": [policy(port=65536)]}, ["N-PORT"]),
        ({"accessPolicies": [policy(port="443")]}, ["N-PORT"]),
        ({"accessPolicies": [policy(port=True)]}, ["N-PORT"]),
        ({"accessPolicies": [policy(protocol="ICMP")]}, ["N-PROTOCOL"]),
        ({"accessPolicies": [policy(), policy()]}, ["N-DUPLICATE"]),
        ({"accessPolicies": [policy(), policy(sourceCidr="192.0.2.128/25")]}, ["N-COVERED"]),
        ({"accessPolicies": [policy(), policy(protocol="UDP")]}, []),
        ({"accessPolicies": [policy(), policy(port=8443, sourceCidr="2001:db8::/48")]}, []),
    ],
)
def test_each_fault_is_named_by_its_rule(changes: dict[str, Any], expected: list[str]) -> None:
    assert rules(**changes) == expected


@pytest.mark.parametrize(
    "address",
    [
        "",
        None,
        "ftp://a.example",
        "https://",
        "https://user@a.example",
        "https://a.example/?q=1",
        "https://a.example/#x",
        "https://a.example:99999",
        "https://a.example:0",
        "https://a.example:port",
        "https://a b.example",
        "https://a.example\\@evil",
        "https://-a.example",
        "https://a..example",
        "https://[::1",
    ],
)
def test_improper_service_address_is_refused(address: object) -> None:
    assert read_service_address(address) is None
    assert "N-ADDRESS" in rules(serviceAddress=address)


def test_every_finding_says_where_and_by_which_clause() -> None:
    result = check_declaration(declaration(accessPolicies=[policy(), policy(port=0)]), ZONES)

    assert result.status is Status.FAILED
    assert [(finding.place, finding.clause) for finding in result.errors] == [
        ("accessPolicies[1].port", "8.1.2b")
    ]


def test_health_path_must_be_plain() -> None:
    assert is_health_path("/status")
    assert not is_health_path("/health?token=1")
    assert not is_health_path("/health\n")
