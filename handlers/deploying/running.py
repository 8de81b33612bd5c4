"""From a stored artefact to a process that answers: unpack, start, wait for its health endpoint."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from uuid import UUID

from domain.deployments.service import Log
from handlers.checks.addresses import ProbeGuard, probe_guard
from handlers.checks.calls import Answer, CannotCall, NoAnswer, call
from handlers.deploying.driver import Driver, Launch, Started
from handlers.deploying.packages import Package, open_package
from kernel.ids import new_id
from kernel.language import Text

LOG_TAIL_BYTES = 16_384


class DidNotStart(Exception):
    """The process ended, never listened, or never reported itself as healthy."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Artefact:
    """A stored artefact as it is to be run."""

    path: Path
    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Runner:
    """Starts artefacts with a driver; only their own addresses are ever asked."""

    driver: Driver
    start_seconds: float = 60.0

    @property
    def guard(self) -> ProbeGuard:
        """The guard that permits what this driver started: the loopback interface of this machine."""
        return probe_guard((ip_network("127.0.0.1/32"),))

    def open(self, deployment_id: UUID, artefact: Artefact) -> Package:
        """Unpack the artefact into the folder of its deployment, afresh.

        Raises:
            PackageRefused: it is malformed, hostile, or says nothing of how it is started.
        """
        self.driver.stop(deployment_id)
        self.driver.clear(deployment_id)
        folder = self.driver.folder(deployment_id)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return open_package(artefact.path, artefact.name, folder / "app")

    def start(
        self, deployment_id: UUID, package: Package, environment: Mapping[str, str], health_path: str
    ) -> Started:
        """Start the package and wait until its health endpoint answers 200.

        Raises:
            CannotRun: the driver cannot run it here.
            DidNotStart: it did not come up in time; its processes are ended.
        """
        started = self.driver.deploy(Launch(deployment_id, package, environment))
        try:
            self._wait(deployment_id, started, health_path)
        except DidNotStart:
            self.driver.stop(deployment_id)
            raise
        return started

    def kept_log(self, deployment_id: UUID) -> Log:
        """Return what is recorded of the log of a deployment."""
        log = self.driver.log(deployment_id, LOG_TAIL_BYTES)
        return Log(digest=log.digest, size=log.size, tail=log.tail)

    @contextlib.contextmanager
    def trial(
        self, artefact: Artefact, environment: Mapping[str, str], seconds: float = 15.0
    ) -> Iterator[str | None]:
        """Run the artefact beside its deployment for as long as the block runs.

        Gives its address once it answers anything at all, None where it did not come up.
        """
        trial_id = new_id()
        # A place of their own, and an end of their own should the platform die: no row knows of trials.
        driver = self.driver.for_trials(4 * seconds)
        try:
            driver.folder(trial_id).mkdir(mode=0o700, parents=True)
            package = open_package(artefact.path, artefact.name, driver.folder(trial_id) / "app")
            started = driver.deploy(Launch(trial_id, package, environment))
            until = time.monotonic() + seconds
            while time.monotonic() < until and driver.condition(trial_id).is_running:
                with contextlib.suppress(CannotCall, NoAnswer):
                    call(self.guard, "GET", started.address, timeout_seconds=1.0)
                    break
                time.sleep(0.1)
            yield started.address if driver.condition(trial_id).is_running else None
        finally:
            driver.stop(trial_id)
            driver.forget(trial_id)

    def _wait(self, deployment_id: UUID, started: Started, health_path: str) -> None:
        until = time.monotonic() + self.start_seconds
        said = ""
        while time.monotonic() < until:
            condition = self.driver.condition(deployment_id)
            if not condition.is_running:
                raise DidNotStart(
                    Text(
                        f"进程已退出，退出码 {condition.exit_code}，原因见日志",
                        f"The process ended with code {condition.exit_code}; its log says why",
                    )
                )
            try:
                answer = self._ask(started, health_path)
            except (CannotCall, NoAnswer) as error:
                said = str(error)
            else:
                if answer.status == 200:
                    return
                said = answer.evidence
            time.sleep(0.1)
        raise DidNotStart(
            Text(
                f"{self.start_seconds:g} 秒内健康检查未返回200（应监听环境变量 PORT 指定的端口）：{said}",
                f"No 200 from the health endpoint within {self.start_seconds:g} seconds (listen on the "
                f"port that the variable PORT names): {said}",
            )
        )

    def _ask(self, started: Started, health_path: str) -> Answer:
        return call(self.guard, "GET", started.address + health_path, timeout_seconds=2.0)
