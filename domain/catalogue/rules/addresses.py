"""Addresses in a record: the trial address and the hosts behind an API."""

import ipaddress
import re
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from domain.catalogue.rules.texts import has_space

MAX_URL_LENGTH: Final = 500
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST: Final = re.compile(
    rf"(?:https?://)?(?P<name>{_LABEL}(?:\.{_LABEL})*)(?::(?P<port>[0-9]{{1,5}}))?", re.IGNORECASE
)
_NUMERIC_LABEL: Final = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")


def web_address(value: Any) -> SplitResult | None:
    """Return the parts of an http or https address with a host, or None when it is none."""
    if not isinstance(value, str) or len(value) > MAX_URL_LENGTH or has_space(value):
        return None
    if not value.lower().startswith(("http://", "https://")):
        return None
    try:
        parts = urlsplit(value)
        # Reading the port is what makes the library look at it.
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.hostname else None


def is_ip_address(host: str) -> bool:
    """Tell whether a browser would take the host for an IP address.

    Source: WHATWG URL, host parsing: a host whose last label is a number is IPv4
    """
    bare = host.strip("[]").partition("%")[0].removesuffix(".")
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        return _NUMERIC_LABEL.fullmatch(bare.rpartition(".")[2]) is not None
    return True


def is_target_host(value: Any) -> bool:
    """Tell whether the value is ``[http(s)://]name-or-IPv4[:port]`` without a path (A17)."""
    if not isinstance(value, str):
        return False
    match = _HOST.fullmatch(value)
    if match is None or (match["port"] is not None and not 1 <= int(match["port"]) <= 65535):
        return False
    name = match["name"]
    if not all(label.isdigit() for label in name.split(".")):
        return True
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True
