"""Agents against their interface: the good one passes, each planted mistake is found by its rule."""

from __future__ import annotations

import pytest

from domain.samples.services.agent import Agent as SampleAgent
from handlers.checks.agents_interface import Agent, check_agent_contract, check_agent_controls
from handlers.checks.results import CheckResult, Status
from tests.unit.handlers.checks.serving import LOOPBACK, NOTHING, answering

TOKEN = "for-the-tests"


def contract(planted: str = "", mode: str = "chat", token: str | None = TOKEN) -> CheckResult:
    with answering(SampleAgent(TOKEN, set(planted.split())).respond) as address:
        return check_agent_contract(LOOPBACK, Agent(address, mode, token), "agent.contract")


def controls(planted: str = "", mode: str = "chat", token: str | None = TOKEN) -> CheckResult:
    with answering(SampleAgent(TOKEN, set(planted.split())).respond) as address:
        return check_agent_controls(LOOPBACK, Agent(address, mode, token), "agent.controls")


@pytest.mark.parametrize("mode", ["chat", "task"])
def test_a_good_agent_passes(mode: str) -> None:
    assert contract(mode=mode).status is Status.PASSED, contract(mode=mode).findings
    assert controls(mode=mode).status is Status.PASSED


@pytest.mark.parametrize(
    ("planted", "mode", "rules"),
    [
        ("no-reply", "chat", {"I-SHAPE"}),
        ("no-trace", "task", {"I-TRACE"}),
        ("empty-trace", "chat", {"I-TRACE"}),
        ("no-stop", "task", {"I-SHAPE"}),
        ("lax", "chat", {"I-ERROR"}),
        ("plain-errors", "task", {"I-ERROR"}),
    ],
)
def test_a_breach_of_the_contract_is_found(planted: str, mode: str, rules: set[str]) -> None:
    result = contract(planted, mode)

    assert result.status is Status.FAILED
    assert {finding.rule for finding in result.findings} == rules


@pytest.mark.parametrize(
    ("planted", "rule"),
    [
        ("open", "I-OPEN"),
        ("any-token", "I-OPEN"),
        ("deaf", "I-STOP"),
        ("no-stop", "I-STOP"),
        ("no-trace", "I-TRACE"),
    ],
)
def test_an_agent_that_cannot_be_kept_in_hand_is_found(planted: str, rule: str) -> None:
    result = controls(planted)

    assert result.status is Status.FAILED
    assert [finding.rule for finding in result.findings] == [rule]


def test_without_a_token_the_provider_is_told_to_give_one() -> None:
    assert "I-TOKEN" in {finding.rule for finding in contract(token=None).findings}


def test_an_address_that_was_not_released_is_not_asked_and_nothing_passes() -> None:
    result = check_agent_contract(NOTHING, Agent("http://127.0.0.1:1", "chat", TOKEN), "agent.contract")

    assert result.status is Status.NOT_CHECKED


def test_an_agent_that_is_away_fails() -> None:
    result = check_agent_controls(LOOPBACK, Agent("http://127.0.0.1:1", "chat", TOKEN), "agent.controls")

    assert {finding.rule for finding in result.findings} == {"I-ANSWER"}


def test_the_token_of_the_tests_is_in_no_finding() -> None:
    assert TOKEN not in str(contract("no-reply lax").findings)
