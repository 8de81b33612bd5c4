"""The exact bytes that are hashed, and the commitments that stand for personal values.

Source: RFC 8785 (JSON Canonicalization Scheme); FIPS 180-4 (SHA-256)
"""

import hashlib
import secrets
from typing import Any, Final

from kernel.canonical import canonical_bytes

SCHEMA_VERSION: Final = 1
HASH_ALGORITHM: Final = "sha-256"
FIRST_PREVIOUS_HASH: Final = "0" * 64
_SALT_BYTES = 16


def canonical(document: dict[str, Any], plain: dict[str, Any] | None = None) -> str:
    """Return the document as canonical JSON text; ``plain`` are members that are plain JSON already."""
    return canonical_bytes({**_plain(document), **(plain or {})}).decode()


def chain_hash(previous_hash: str, content: str) -> str:
    """Return the digest of one link: the digest before it, a line break, the content."""
    return hashlib.sha256(f"{previous_hash}\n{content}".encode()).hexdigest()


def commit_to(value: str) -> dict[str, str]:
    """Return a fresh salt with the value, as it is kept outside the chain."""
    return {"salt": secrets.token_hex(_SALT_BYTES), "value": value}


def commitment(kept: dict[str, str]) -> str:
    """Return the salted digest that the chain holds in the place of the value."""
    return hashlib.sha256(f"{kept['salt']}\n{kept['value']}".encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Return the value with everything that is not JSON turned into text.

    Integers beyond 2^53 lose digits in RFC 8785, so they are kept as text too.
    """
    if value is None or isinstance(value, bool | str | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value)
