"""An office at work on one store: people, their commands, and the time each takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from statistics import quantiles
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.api import CompletedTask, Engine, Registry
from engine.user_tasks.models import UserTask
from kernel.actor import Actor, Grant
from kernel.database import Database
from kernel.ids import new_id
from kernel.language import Text
from kernel.unit_of_work import perform
from tests.benchmarks.process import LANES, answer, role_of

CITY = "990200"


@dataclass
class Series:
    """Durations of one kind of command, in seconds: by the clock, and of the processor."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def take(self, work: Callable[[], Any]) -> Any:
        """Run the work and note how long it took."""
        cpu, wall = time.thread_time(), time.perf_counter()
        result = work()
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.thread_time() - cpu)
        return result

    def figures(self) -> dict[str, float]:
        """Return rate, quantiles and the processor's share; times in milliseconds."""
        cuts = quantiles(self.wall, n=100, method="inclusive")
        return {
            "count": len(self.wall),
            "per_second": round(len(self.wall) / sum(self.wall), 1),
            "p50_ms": round(cuts[49] * 1000, 3),
            "p95_ms": round(cuts[94] * 1000, 3),
            "p99_ms": round(cuts[98] * 1000, 3),
            "cpu_ms": round(sum(self.cpu) / len(self.cpu) * 1000, 3),
        }


class Office:
    """An engine on a database with one person in each role."""

    def __init__(self, database: Database) -> None:
        self.database = database
        registry = Registry()
        for role in LANES:
            registry.role(role, Text(role, role))
        self.engine = Engine(registry)
        self.people = {role: self.person(role) for role in LANES}
        self.deployer = Actor(person_id=new_id(), name="部署员", permissions=frozenset({"definition.deploy"}))
        self.supervisor = replace(
            self.person("supervisor", "990000"), permissions=frozenset({"instance.read_all"})
        )

    @staticmethod
    def person(role: str, region: str = CITY, unit_id: UUID | None = None) -> Actor:
        """Return somebody who holds a role in a region, and for a unit where one is given."""
        return Actor(
            person_id=new_id(), name="示例人员", unit_id=unit_id, grants=(Grant(role, region, unit_id),)
        )

    def deploy(self, key: str, files: dict[str, bytes]) -> None:
        """Deploy a process."""
        self._perform(
            self.deployer, lambda session: self.engine.deploy_files(session, self.deployer, key, files)
        )

    def start(self, key: str) -> UUID:
        """Start an instance."""
        actor = self.people["releasing_unit"]
        started = self._perform(
            actor,
            lambda session: self.engine.start_instance(
                session, actor, key, {}, title="统一身份认证组件", region_code=CITY
            ),
        )
        return started.id

    def complete(self, task: tuple[UUID, str], data: dict[str, Any]) -> CompletedTask:
        """Complete a task as whoever works in its lane."""
        actor = self.people[role_of(task[1])]
        return self._perform(
            actor, lambda session: self.engine.complete_user_task(session, actor, task[0], data)
        )

    def open_tasks(self, instance_id: UUID) -> list[tuple[UUID, str]]:
        """Return ids and elements of the open tasks of an instance."""
        query = select(UserTask.id, UserTask.element_id).where(
            UserTask.instance_id == instance_id, UserTask.status == "open"
        )
        with self.database.read() as session:
            return [(row.id, row.element_id) for row in session.execute(query)]

    def run(self, key: str, starts: Series, completions: Series, size: int = 200) -> None:
        """Take one instance from its start to its end."""
        instance_id = starts.take(lambda: self.start(key))
        while tasks := self.open_tasks(instance_id):
            data = answer(size)
            completions.take(lambda task=tasks[0], data=data: self.complete(task, data))

    def _perform(self, actor: Actor, work: Callable[[Any], Any]) -> Any:
        return perform(self.database, "bench", actor, work)
