"""Passwords: the rules for a new one, its hash, and generated ones.

Source: GB/T 22239—2019 level 3, 身份鉴别; the numbers are defaults of this product
"""

import secrets
import string
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kernel.clock import now
from kernel.errors import FieldProblem
from kernel.language import Text

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 200
MIN_CLASSES: Final = 3
REMEMBERED: Final = 5
MAX_FAILURES: Final = 5
LOCK_FOR: Final = timedelta(minutes=30)
VALID_FOR: Final = timedelta(days=90)
UNUSED_FOR: Final = timedelta(days=90)
_GENERATED_LENGTH: Final = 16
# Without characters that are mistaken for each other on paper.
_LETTERS: Final = "".join(c for c in string.ascii_letters if c not in "lIO")
_DIGITS: Final = "23456789"
_hasher: Final = PasswordHasher()


def hash_password(password: str) -> str:
    """Return the argon2id hash, with its parameters and salt inside."""
    return _hasher.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Tell whether the password is the one that was hashed."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    """Tell whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def has_expired(set_at: datetime | None) -> bool:
    """Tell whether a password is older than 90 days and must be changed."""
    return set_at is not None and now() - set_at > VALID_FOR


def is_unused(last_sign_in_at: datetime | None, password_set_at: datetime) -> bool:
    """Tell whether nobody came in for 90 days: neither signed in nor was given a new password."""
    latest = max(password_set_at, last_sign_in_at) if last_sign_in_at else password_set_at
    return now() - latest > UNUSED_FOR


def spend_time(password: str) -> None:
    """Take as long as a real check, so that an unknown user name cannot be told by the time."""
    matches(_hash_of_nobody(), password)


@cache
def _hash_of_nobody() -> str:
    return hash_password(secrets.token_urlsafe(16))


def generate_password() -> str:
    """Return a random password that meets the rules (about 90 bits)."""
    while True:
        alphabet = _LETTERS + _DIGITS
        password = "".join(secrets.choice(alphabet) for _ in range(_GENERATED_LENGTH))
        if _classes(password) >= MIN_CLASSES:
            return password


def problems_of(password: str, user_name: str, former_hashes: Iterable[str]) -> tuple[FieldProblem, ...]:
    """Return every rule that a new password breaks."""
    broken = []
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        broken.append(_LENGTH)
    if _classes(password) < MIN_CLASSES:
        broken.append(_CLASSES)
    if user_name.casefold() in password.casefold():
        broken.append(_USER_NAME)
    if any(matches(former, password) for former in former_hashes):
        broken.append(_FORMER)
    return tuple(broken)


def _classes(password: str) -> int:
    kinds = {
        "lower" if c.islower() else "upper" if c.isupper() else "digit" if c.isdigit() else "other"
        for c in password
    }
    return len(kinds)


def _problem(rule: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem("password", f"password.{rule}", Text(zh, en))


_LENGTH = _problem("length", f"密码长度应为 {MIN_LENGTH} 至 {MAX_LENGTH} 个字符", "Use 10 to 200 characters")
_CLASSES = _problem(
    "classes",
    "应包含大写字母、小写字母、数字、其他字符中的至少三类",
    "Use at least three of: capital letters, small letters, digits, other characters",
)
_USER_NAME = _problem("user_name", "密码不得包含用户名", "The password must not contain the user name")
_FORMER = _problem(
    "former", f"不得使用最近 {REMEMBERED} 次用过的密码", f"Not one of the last {REMEMBERED} passwords"
)
