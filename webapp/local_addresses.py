"""Addresses to go back to: only ever of this site, whatever a form or a query says."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_address(wanted: str | None, default: str = "/") -> str:
    """Return the wanted path when it is one of this site, else the default."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return default
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or any(ord(sign) < 32 for sign in wanted):
        return default
    return wanted.rstrip("?") or default
