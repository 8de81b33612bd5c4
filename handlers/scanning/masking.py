"""Showing where a secret is without showing it."""

from __future__ import annotations

import re

_SHOWN = 2
_LONG = 12
_ASSIGNED = re.compile(
    r"""(?ix) ((?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key)[\w.-]*["']?\s*[:=]\s*["']?)
        ([^\s"',;]{3,})"""
)
_IN_ADDRESS = re.compile(r"(?i)\b([a-z][a-z0-9+.:-]{1,40}://[^\s:/@\"']{0,64}:)([^\s/@\"']{1,128})(@)")


def masked(secret: str) -> str:
    """Return a secret with its middle hidden; a short one is hidden whole."""
    if len(secret) < _LONG:
        return "***"
    return f"{secret[:_SHOWN]}***{secret[-_SHOWN:]} ({len(secret)})"


def without_secrets(text: str, secrets: tuple[str, ...] = ()) -> str:
    """Hide known secrets, values assigned to telling names, and passwords in addresses."""
    for secret in sorted((it for it in secrets if it), key=len, reverse=True):
        text = text.replace(secret, masked(secret))
    text = _IN_ADDRESS.sub(lambda it: f"{it[1]}***{it[3]}", text)
    return _ASSIGNED.sub(lambda it: f"{it[1]}***" if "***" not in it[2] else it[0], text)
