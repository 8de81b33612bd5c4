"""What a driver does: start a prepared package, tell how it is, stop it, show its log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from handlers.deploying.packages import Package
from kernel.language import Text


class CannotRun(Exception):
    """The package cannot be run here; ``reason`` says what is missing. Nobody is to blame."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Started:
    """A process as it was started: where it listens and how to find it again."""

    address: str
    port: int
    process: Mapping[str, int]
    confined: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """How a deployment is: running, or ended with an exit code (None: nobody saw it end)."""

    is_running: bool
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class DeploymentLog:
    """The end of a log, its whole size and digest; ``is_cut`` when its beginning was dropped."""

    tail: str
    size: int
    digest: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Launch:
    """What to start: the package, unpacked in the deployment's folder, and the injected settings."""

    deployment_id: UUID
    package: Package
    environment: Mapping[str, str] = field(default_factory=dict)


class Driver(Protocol):
    """Runs deployments somewhere; every call may be made again after a crash."""

    @property
    def name(self) -> str:
        """What stands with a deployment, so that it is found again."""

    def deploy(self, launch: Launch) -> Started:
        """Start the package; an earlier process of the same deployment is stopped first.

        Raises:
            CannotRun: this driver cannot run a package of this kind here.
        """

    def condition(self, deployment_id: UUID) -> Condition:
        """Tell whether the deployment runs."""

    def stop(self, deployment_id: UUID) -> Condition:
        """End the deployment with all its processes; ending an ended one changes nothing."""

    def log(self, deployment_id: UUID, tail_bytes: int = 16_384) -> DeploymentLog:
        """Return the end of the deployment's log."""

    def folder(self, deployment_id: UUID) -> Path:
        """Return the folder into which the package of a deployment is unpacked, as ``app``."""

    def manifest(self, deployment_id: UUID) -> dict[str, Any]:
        """Return what the package of a deployment says of itself; nothing where it says nothing."""

    def content(self, deployment_id: UUID, name: object) -> bytes | None:
        """Return a file of the unpacked package; None where there is no such file."""

    def clear(self, deployment_id: UUID) -> None:
        """Remove the unpacked package of an ended deployment; its log stays."""

    def forget(self, deployment_id: UUID) -> None:
        """Remove everything of an ended deployment, its log too."""

    def known(self) -> list[UUID]:
        """Return the deployments of which there is anything here."""

    def for_trials(self, seconds: float) -> Driver:
        """Return a driver like this one whose deployments are beside its own and end after that time."""
