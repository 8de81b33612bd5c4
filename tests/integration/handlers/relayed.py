"""A loopback port in front of a server that listens on a local socket only, as the tests' PostgreSQL does."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def on_a_port(socket_file: str) -> Iterator[int]:
    """Pass connections to a port of the loopback interface on to a local socket, and give the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, socket_file), daemon=True).start()
        yield int(listening.getsockname()[1])
        listening.shutdown(socket.SHUT_RDWR)


def _accept(listening: socket.socket, socket_file: str) -> None:
    while True:
        try:
            near, _address = listening.accept()
        except OSError:
            return  # the block has ended
        threading.Thread(target=_pass_on, args=(near, socket_file), daemon=True).start()


def _pass_on(near: socket.socket, socket_file: str) -> None:
    with near, socket.socket(socket.AF_UNIX) as far:
        far.connect(socket_file)
        other = {near: far, far: near}
        while True:
            for source in select.select([near, far], [], [])[0]:
                chunk = source.recv(65536)
                if not chunk:
                    return
                other[source].sendall(chunk)
