"""One HTTP call to an address that may be probed: pinned, no proxy, no redirect, bounded in time and size."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from handlers.checks.addresses import NotAllowedToProbe, NotResolved, ProbeGuard
from handlers.checks.declaration import read_service_address
from kernel.language import Text

MAX_BYTES = 4 * 1024 * 1024


class CannotCall(Exception):
    """Nothing was asked, because nothing may or can be: ``reason`` says why. The item is *not checked*."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class NoAnswer(Exception):
    """The address was asked and did not answer properly; ``evidence`` says what was seen."""

    def __init__(self, evidence: str) -> None:
        super().__init__(evidence)
        self.evidence = evidence


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers, content, and after how many seconds."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode("utf-8", "replace")

    @property
    def document(self) -> Any:
        """The content as JSON, or None where it is none."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return None

    @property
    def evidence(self) -> str:
        """What a finding says about the answer."""
        return f"{self.url}: HTTP {self.status}, {self.seconds * 1000:.0f} ms"


def call(
    guard: ProbeGuard,
    method: str,
    url: str,
    *,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    timeout_seconds: float = 10.0,
) -> Answer:
    """Call the address, when the guard lets it, and return whatever it answers.

    Raises:
        CannotCall: the address is malformed or outside the networks that may be probed.
        NoAnswer: it does not resolve, connect, finish in time, or stops at no size.
    """
    address = read_service_address(url.partition("?")[0].partition("#")[0])
    if address is None:
        raise NoAnswer(f"{url[:200]}: no http or https address")
    started = time.monotonic()
    try:
        target = guard.target(address.host, address.port)
    except NotAllowedToProbe as error:
        raise CannotCall(error.reason) from error
    except NotResolved as error:
        raise NoAnswer(str(error)) from error
    parts = urlsplit(url)
    pinned = parts._replace(netloc=f"{target.netloc_address}:{target.port}", fragment="").geturl()
    content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    sent = {"Host": parts.netloc, "Accept": "application/json, */*", "Accept-Encoding": "identity"}
    if content is not None:
        sent["Content-Type"] = "application/json"
    try:
        with httpx.Client(verify=_trusted(), trust_env=False, follow_redirects=False, http2=False) as client:
            request = client.build_request(
                method,
                pinned,
                content=content,
                headers={**sent, **(headers or {})},
                extensions={
                    "timeout": dict.fromkeys(("connect", "read", "write", "pool"), timeout_seconds),
                    "sni_hostname": address.host,
                },
            )
            response = client.send(request, stream=True)
            try:
                received = _read(response, started, timeout_seconds, url)
            finally:
                response.close()
    except httpx.HTTPError as error:
        raise NoAnswer(f"{url}: {str(error) or type(error).__name__}") from error
    return Answer(url, response.status_code, dict(response.headers), received, time.monotonic() - started)


@cache
def _trusted() -> ssl.SSLContext:
    """Return the authorities that this machine trusts; reading them costs more than a call."""
    return ssl.create_default_context()


def joined(address: str, path: str) -> str:
    """Return a path below a service address, with exactly one slash between them."""
    return f"{address.rstrip('/')}/{path.lstrip('/')}"


def _read(response: httpx.Response, started: float, timeout_seconds: float, url: str) -> bytes:
    received = b""
    for chunk in response.iter_raw(65536):
        received += chunk
        if len(received) > MAX_BYTES:
            raise NoAnswer(f"{url}: > {MAX_BYTES} bytes")
        if time.monotonic() - started > timeout_seconds:
            raise NoAnswer(f"{url}: > {timeout_seconds:g} s")
    return received
