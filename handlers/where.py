"""Where a service under test answers: at the declared address, else where its own deployment runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.deployments import queries
from engine.api import JobContext
from handlers.checks.addresses import ProbeGuard
from handlers.environment import Environment


@dataclass(frozen=True)
class Place:
    """The whole address to call, the guard that decides about it, and what the package says of itself."""

    url: str
    guard: ProbeGuard
    manifest: dict[str, Any]


def place_of(
    environment: Environment, job: JobContext, version_id: UUID, declared: object, key: str, default: str
) -> Place | None:
    """Return where to call, or None where nothing was declared and nothing runs.

    A deployment answers below its address at the path that its manifest gives under ``key``.
    """
    if isinstance(declared, str) and declared.strip():
        return Place(declared.strip(), environment.guard, {})
    with job.database.read() as session:
        row = queries.running(session, version_id)
    if row is None or row.address is None:
        return None
    manifest = environment.runner.driver.manifest(row.id)
    path = manifest.get(key)
    below = path if isinstance(path, str) and path.startswith("/") else default
    guard = environment.runner.guard if row.driver == environment.runner.driver.name else environment.guard
    return Place(row.address + below, guard, manifest)
