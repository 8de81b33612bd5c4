"""A local server that answers for the sample components: health, interfaces, an agent, data services.

The host names of the samples end in ``.example`` and resolve nowhere, so the samples are declared at this
server instead. It listens on the loopback interface only and knows nothing of the platform.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import Any

from domain.samples.services.agent import Agent
from domain.samples.services.data_service import DataService
from domain.samples.services.interface import Interface
from domain.samples.services.serving import Answer, Respond, error, handler

HOST = "127.0.0.1"
FICTITIOUS = "示例服务，纯属虚构 / sample service, fictitious"
AGENT = "policy-agent"
DATA_SERVICES = ("population-data", "credit-data")
# Below a data service: the interface from which it takes its data, which asks for the token.
SOURCE = "source"


class SampleServices:
    """Answers ``/<component>/health`` and, below each component, what its kind answers; with one token."""

    def __init__(self, token: str) -> None:
        self._interface: Respond = Interface(token, set()).respond
        self._kinds: dict[str, Respond] = {AGENT: Agent(token, set()).respond}
        self._source: Respond = DataService(set(), token).respond
        for component in DATA_SERVICES:
            self._kinds[component] = DataService(set()).respond

    def respond(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        """Answer one call by the first part of its path."""
        component, _, rest = path.strip("/").partition("/")
        if not component or not rest:
            return error(404, "SAMPLE-REQUEST-NOT_FOUND", "没有该资源")
        if rest.partition("?")[0] == "health":
            return (
                _health(component) if method == "GET" else error(405, "SAMPLE-REQUEST-METHOD", "请使用 GET")
            )
        below, _, inner = rest.partition("/")
        if component in DATA_SERVICES and below == SOURCE:
            return self._source(method, f"/{inner}", body, headers)
        return self._kinds.get(component, self._interface)(method, f"/{rest}", body, headers)


def _health(component: str) -> Answer:
    dependencies = {"database": {"status": "UP"}, "cache": {"status": "UP"}}
    return 200, {"status": "UP", "component": component, "note": FICTITIOUS, "components": dependencies}


@contextmanager
def serving(port: int, token: str) -> Iterator[int]:
    """Serve on the loopback interface while the block runs, and give the port (0 takes a free one)."""
    answers = handler(SampleServices(token).respond, says=False)
    with ThreadingHTTPServer((HOST, port), answers) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
