"""What is measured."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import Any

import orjson
from sqlalchemy import select

from engine.api import InboxFilter, InstanceFilter
from engine.definitions import pinned
from engine.instances.models import ProcessInstance
from engine.instances.running import load_instance
from engine.jobs.locking import due_jobs
from kernel.actor import Actor
from kernel.clock import now
from kernel.database import Database
from tests.benchmarks.office import CITY, Office, Series
from tests.benchmarks.process import APPROVAL, BRANCHES, ROUNDS, answer, approval, branches, rounds
from tests.benchmarks.seeding import UNITS, seed
from tests.benchmarks.stores import bytes_written, reset_log
from tests.counting import counted

Figures = dict[str, Any]
ROUND_MARKS = (0, 10, 100, 1_000)
SAMPLES = 40


def rates(office: Office, seconds: float) -> Figures:
    """Take instances through the approval for some seconds."""
    office.deploy(APPROVAL, approval())
    office.run(APPROVAL, Series(), Series())
    starts, completions = Series(), Series()
    begin = time.perf_counter()
    while time.perf_counter() - begin < seconds:
        office.run(APPROVAL, starts, completions)
    return {"starts": starts.figures(), "completions": completions.figures()}


def costs(office: Office) -> Figures:
    """Count what a completion asks of the store, for each element of the approval."""
    by_element = {}
    instance_id = office.start(APPROVAL)
    while tasks := office.open_tasks(instance_id):
        with counted(office.database) as count:
            office.complete(tasks[0], answer())
        by_element[tasks[0][1]] = [len(count.statements), count.commits, count.round_trips]
    return {
        "statements_commits_round_trips": by_element,
        "bytes_written": _bytes(office, lambda: office.run(APPROVAL, Series(), Series()), 7),
    }


def flatness(office: Office) -> Figures:
    """Send one instance round and round, and look at the cost of a completion on the way."""
    office.deploy(ROUNDS, rounds())
    instance_id = office.start(ROUNDS)
    done, found = 0, {}
    for mark in ROUND_MARKS:
        while done < mark:
            _round(office, instance_id, Series())
            done += 1
        series = Series()
        for _ in range(SAMPLES // 2):
            _round(office, instance_id, series)
        done += SAMPLES // 2
        with counted(office.database) as count:
            _round(office, instance_id, Series())
        with office.database.read() as session:
            state = session.scalar(select(ProcessInstance.state).where(ProcessInstance.id == instance_id))
        found[str(mark)] = {
            **series.figures(),
            "statements_of_two": len(count.statements),
            "bytes_written": _bytes(office, lambda: _round(office, instance_id, Series()), 2),
            "state_bytes": len(orjson.dumps(state)),
        }
    return found


def large_forms(office: Office) -> Figures:
    """Complete tasks with ten kilobytes of data."""
    starts, completions = Series(), Series()
    for _ in range(SAMPLES // 4):
        office.run(APPROVAL, starts, completions, 10_000)
    return completions.figures()


def parallel(office: Office) -> Figures:
    """Open eight branches with one completion, and complete each of them."""
    office.deploy(BRANCHES, branches())
    split, rest = Series(), Series()
    for _ in range(SAMPLES // 4):
        instance_id = office.start(BRANCHES)
        (first,) = office.open_tasks(instance_id)
        split.take(lambda task=first: office.complete(task, answer()))
        while tasks := office.open_tasks(instance_id):
            rest.take(lambda task=tasks[0]: office.complete(task, answer()))
    return {"split_into_8": split.figures(), "each_branch": rest.figures()}


def cold_load(office: Office) -> Figures:
    """Compile a definition from the store, as a process that has just started must."""
    series = Series()
    instance_id = office.start(APPROVAL)
    for _ in range(10):
        pinned._cache.clear()
        with office.database.read() as session:
            series.take(lambda session=session: load_instance(session, instance_id))
    return {"p50_ms": series.figures()["p50_ms"]}


def stored(office: Office, sizes: tuple[int, ...]) -> Figures:
    """Look at lists and completions while the store grows."""
    found: Figures = {}
    already = 0
    for size in sizes:
        begin = time.perf_counter()
        seed(office, size, already)
        already = size
        completions = Series()
        for _ in range(SAMPLES):
            office.run(APPROVAL, Series(), completions)
        found[str(size)] = {
            "seeded_in_s": round(time.perf_counter() - begin, 1),
            "completions": completions.figures(),
            **_lists(office),
        }
        print(f"    {size:>9,} stored: {found[str(size)]}", flush=True)
    return found


def memory_mb() -> float:
    """Return the largest memory that this process has had."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _lists(office: Office) -> Figures:
    """Return the median time of the first page of each list, in milliseconds."""
    people: dict[str, Actor] = {
        "city": office.people["reviewer"],
        "province": office.person("reviewer", "990000"),
        "unit": office.person("provider", CITY, UNITS[7]),
        "other_unit": office.person("provider", CITY, office.deployer.person_id),
    }
    found: Figures = {}
    for name, person in people.items():
        for view in ("claimable", "due_today", "overdue"):
            wanted = InboxFilter(view=view)  # type: ignore[arg-type]  # one of the views
            found[f"inbox_{view}_{name}_ms"] = _median(
                office.database, lambda s, p=person, w=wanted: office.engine.inbox(s, p, w)
            )
        found[f"inbox_counts_{name}_ms"] = _median(
            office.database, lambda s, p=person: office.engine.inbox_counts(s, p)
        )
    found["instances_page_ms"] = _median(
        office.database, lambda s: office.engine.instances(s, office.supervisor, InstanceFilter())
    )
    found["due_timer_poll_ms"] = _median(office.database, lambda s: due_jobs(s, now(), 50))
    return found


def _median(database: Database, look: Callable[[Any], Any]) -> float:
    times = []
    for _ in range(5):
        with database.read() as session:
            begin = time.perf_counter()
            look(session)
            times.append(time.perf_counter() - begin)
    return round(sorted(times)[2] * 1000, 2)


def _round(office: Office, instance_id: Any, series: Series) -> None:
    """Fill in and send back."""
    for outcome in ("agree", "return"):
        (task,) = office.open_tasks(instance_id)
        series.take(lambda task=task, outcome=outcome: office.complete(task, answer(outcome=outcome)))


def _bytes(office: Office, work: Callable[[], Any], commands: int) -> int:
    """Return the bytes that go to the log for each command, over ten times the work."""
    reset_log(office.database)
    before = bytes_written(office.database)
    for _ in range(10):
        work()
    return round((bytes_written(office.database) - before) / commands / 10)
