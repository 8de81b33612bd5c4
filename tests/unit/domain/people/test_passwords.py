"""The rules for passwords."""

from __future__ import annotations

import pytest

from domain.people import passwords


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("Abcdefgh12", []),
        ("Abcdefg12", ["password.length"]),
        ("abcdefghij", ["password.classes"]),
        ("abcdefgh12", ["password.classes"]),
        ("示例密码示例密码Ab1", []),
        ("xXfabu1Xx99", ["password.user_name"]),
        ("", ["password.length", "password.classes"]),
    ],
)
def test_a_new_password_meets_every_rule(password: str, broken: list[str]) -> None:
    assert [problem.rule for problem in passwords.problems_of(password, "fabu1", [])] == broken


def test_a_former_password_does_not_come_back() -> None:
    former = passwords.hash_password("Abcdefgh12")

    problems = passwords.problems_of("Abcdefgh12", "fabu1", [former])

    assert [problem.rule for problem in problems] == ["password.former"]


def test_generated_passwords_meet_the_rules_and_differ() -> None:
    made = {passwords.generate_password() for _ in range(50)}

    assert len(made) == 50
    assert all(passwords.problems_of(password, "fabu1", []) == () for password in made)


def test_a_broken_hash_matches_nothing() -> None:
    assert not passwords.matches("not a hash", "Abcdefgh12")
