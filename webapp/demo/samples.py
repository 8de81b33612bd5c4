"""Pointing sample records at services that really answer: those of the local sample server."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from webapp.demo.sample_server import HOST

Record = dict[str, Any]
HOST_NAME = "localhost"


def at_local_services(records: Iterable[Mapping[str, Any]], port: int) -> list[Record]:
    """Return the records with address, health path, policies and targets declared at the sample server.

    The names of the shipped samples resolve nowhere on purpose. A component without an API is known to
    the server by the first label of its host name.
    """
    return [_at_local_service(record, port) for record in records]


def _at_local_service(record: Mapping[str, Any], port: int) -> Record:
    moved = copy.deepcopy(dict(record))
    extension = moved.get("extension")
    if not isinstance(extension, dict):
        return moved
    label = str(extension.get("serviceAddress", "")).partition("://")[2].partition(".")[0]
    extension["serviceAddress"] = f"http://{HOST_NAME}:{port}/{label}"
    extension["healthPath"] = "/health"
    extension["accessPolicies"] = [{"sourceCidr": f"{HOST}/32", "port": port, "protocol": "TCP"}]
    api = moved.get("apiInfo")
    if isinstance(api, dict) and api.get("targetServers"):
        api["targetServers"] = [{"host": f"{HOST_NAME}:{port}", "rank": 100}]
    return moved
