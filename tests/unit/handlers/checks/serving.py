"""Sample services that answer on this machine while a block runs, and a guard that lets them be asked."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer

from domain.samples.services.serving import Respond, handler
from handlers.checks.addresses import probe_guard

LOOPBACK = probe_guard([ipaddress.ip_network("127.0.0.0/8")])
NOTHING = probe_guard([ipaddress.ip_network("10.1.0.0/16")])


@contextmanager
def answering(respond: Respond) -> Iterator[str]:
    """Serve one sample service and give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(respond)) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
