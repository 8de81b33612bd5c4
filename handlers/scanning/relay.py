"""One address, and no other, for a tool that attacks a running component.

The tool sits in a network of its own in which only this relay answers; every connection goes on to the
one address that was checked. So a redirect or a link into the platform's own network leads nowhere, and
TLS, names and certificates are dealt with here.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
import threading
from dataclasses import dataclass, field

from handlers.checks.addresses import Target

_CHUNK = 64 * 1024
_CONNECT_SECONDS = 5.0
_IDLE_SECONDS = 30.0
_MAX_CONNECTIONS = 64


@dataclass
class Relay:
    """Passes connections to ``target``; ``inside`` says that the tool has a network of its own.

    ``tls`` is the context for targets that speak TLS. ``port`` is where the tool finds the relay.
    """

    target: Target
    tls: ssl.SSLContext | None
    inside: bool
    port: int
    _listener: socket.socket | None = None
    _slots: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_MAX_CONNECTIONS))
    _closing: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def to(cls, target: Target, tls: ssl.SSLContext | None, *, inside: bool, inside_port: int) -> Relay:
        """Prepare a relay; outside a network of its own it listens on a free port at once."""
        if inside:
            return cls(target, tls, inside=True, port=inside_port)
        listener = socket.create_server(("127.0.0.1", 0))
        relay = cls(target, tls, inside=False, port=listener.getsockname()[1])
        relay._serve(listener)
        return relay

    def adopt(self, channel: socket.socket) -> None:
        """Serve the listener that the launcher made inside the tool's network."""
        channel.settimeout(_CONNECT_SECONDS)
        with contextlib.suppress(OSError):
            _message, descriptors, _flags, _address = socket.recv_fds(channel, 64, 1)
            for descriptor in descriptors:
                self._serve(socket.socket(fileno=descriptor))

    def close(self) -> None:
        """Stop accepting and let the open connections end."""
        self._closing.set()
        if self._listener is not None:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()

    def _serve(self, listener: socket.socket) -> None:
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), name="scan-relay", daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while not self._closing.is_set():
            try:
                near, _address = listener.accept()
            except OSError:
                return
            self._slots.acquire()
            threading.Thread(target=self._carry, args=(near,), name="scan-relay", daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        try:
            with near, self._far_side() as far:
                near.settimeout(_IDLE_SECONDS)
                far.settimeout(_IDLE_SECONDS)
                self._pump(near, far)
        except OSError:
            # Refused, reset or silent: the tool sees its connection closed, as it would without us.
            return
        finally:
            self._slots.release()

    def _far_side(self) -> socket.socket:
        plain = socket.create_connection((self.target.address, self.target.port), timeout=_CONNECT_SECONDS)
        if self.tls is None:
            return plain
        try:
            return self.tls.wrap_socket(plain, server_hostname=self.target.host)
        except OSError:
            plain.close()
            raise

    def _pump(self, near: socket.socket, far: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(near, selectors.EVENT_READ, far)
            selector.register(far, selectors.EVENT_READ, near)
            while not self._closing.is_set():
                ready = selector.select(_IDLE_SECONDS)
                if not ready:
                    return
                for key, _events in ready:
                    source, sink = key.fileobj, key.data
                    assert isinstance(source, socket.socket)  # noqa: S101  # only sockets are registered
                    chunk = source.recv(_CHUNK)
                    if not chunk:
                        return
                    sink.sendall(chunk)
                    # What TLS has decrypted already does not wake the selector.
                    while isinstance(source, ssl.SSLSocket) and source.pending():
                        sink.sendall(source.recv(_CHUNK))
