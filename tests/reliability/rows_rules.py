"""Rules about the rows: they say what the state documents say, and something can always go on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Final

from tests.reliability.evidence import Evidence, Row, Violation, moment

OPEN_TASKS: Final = frozenset({"open", "claimed"})
OPEN_JOBS: Final = frozenset({"ready", "running", "failed", "held"})
GRACE: Final = timedelta(seconds=30)
# Other waits, such as those for a condition, have no row: the instance itself looks after them.
_WAITED_FOR_BY: Final = {"timer": "timer", "message": "event", "signal": "event"}


def states(evidence: Evidence) -> Iterator[Violation]:
    """What the state document of an instance says is open has exactly one open row each."""
    tasks = _by_instance(evidence.tasks, "activity_id", lambda row: row["status"] in OPEN_TASKS)
    services = _by_instance(evidence.jobs, "reference", lambda row: _is_open(row, "service"))
    timers = _by_instance(evidence.jobs, "reference", lambda row: _is_open(row, "timer"))
    waits = _by_instance(evidence.subscriptions, "wait_id", lambda _row: True)
    incidents = Counter(row["instance_id"] for row in evidence.incidents if row["status"] == "open")
    for instance in evidence.instances:
        identifier, state = instance["id"], instance["state"]
        is_running = instance["status"] in {"active", "suspended"}
        if is_running != (state["status"] == "running"):
            what = f"the row says {instance['status']}, the state {state['status']}"
            yield Violation("state.status", identifier, what)
        working = _working(state) if is_running else {"user": (), "job": (), "timer": (), "event": ()}
        for rule, said, rows in (
            ("state.tasks", working["user"], tasks[identifier]),
            ("state.jobs", working["job"], services[identifier]),
            ("state.timers", working["timer"], timers[identifier]),
            ("state.subscriptions", working["event"], waits[identifier]),
        ):
            if Counter(said) != rows:
                yield Violation(rule, identifier, f"the state says {sorted(said)}, the rows {dict(rows)}")
        if instance["open_incidents"] != incidents[identifier]:
            what = f"counts {instance['open_incidents']}, has {incidents[identifier]}"
            yield Violation("state.incidents", identifier, what)


def stuck(evidence: Evidence) -> Iterator[Violation]:
    """An instance that has not ended waits for a person, a job, a moment or a message."""
    moving = {row["instance_id"] for row in evidence.tasks if row["status"] in OPEN_TASKS}
    moving |= {row["instance_id"] for row in evidence.jobs if row["status"] in OPEN_JOBS}
    moving |= {row["instance_id"] for row in evidence.subscriptions}
    for instance in evidence.instances:
        if instance["status"] == "active" and instance["id"] not in moving:
            yield Violation("stuck.nothing-open", instance["id"], "active, and nothing can move it")
    open_incidents = {row["job_id"] for row in evidence.incidents if row["status"] == "open"}
    for job in evidence.jobs:
        if job["status"] == "failed" and job["id"] not in open_incidents:
            yield Violation("stuck.job-without-incident", job["id"], "failed, and nobody is told")
        if job["status"] == "running" and job["lease_until"] is None:
            yield Violation("stuck.job-without-lease", job["id"], "running without end")


def unfinished(evidence: Evidence) -> Iterator[Violation]:
    """After all work was done nothing is open, and nothing that was due lies about."""
    for instance in evidence.instances:
        if instance["status"] == "active":
            yield Violation("unfinished.instance", instance["id"], f"of {instance['definition_key']}")
    for job in evidence.jobs:
        due = moment(job["lease_until"] if job["status"] == "running" else job["run_at"])
        if job["status"] in {"ready", "running"} and due is not None and due < evidence.now - GRACE:
            yield Violation("unfinished.job", job["id"], f"{job['status']}, due at {due.isoformat()}")


def effects(evidence: Evidence) -> Iterator[Violation]:
    """What a handler wrote is there once for each job that is done, and for no other."""
    services = {row["id"]: int(row["status"] == "done") for row in evidence.jobs if row["kind"] == "service"}
    written = Counter(row["job_id"] for row in evidence.effects)
    for job_id in services.keys() | written.keys():
        if services.get(job_id, 0) != written[job_id]:
            what = f"{services.get(job_id, 0)} times by its row, {written[job_id]} times in effect"
            yield Violation("effect.count", job_id, what)


def _working(state: Row) -> dict[str, list[str]]:
    """Return the ids of what is open by the state document: by whom or what it is moved."""
    found: dict[str, list[str]] = {"user": [], "job": [], "timer": [], "event": []}
    for identifier, activity in state["activities"].items():
        if "work" in activity:
            found[activity["work"]].append(identifier)
    for identifier, wait in state["waits"].items():
        if wait["kind"] in _WAITED_FOR_BY:
            found[_WAITED_FOR_BY[wait["kind"]]].append(identifier)
    return found


def _is_open(row: Row, kind: str) -> bool:
    return row["kind"] == kind and row["status"] in OPEN_JOBS


def _by_instance(
    rows: Iterable[Row], name: str, wanted: Callable[[Row], bool]
) -> defaultdict[str, Counter[str]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if wanted(row):
            found[row["instance_id"]][row[name]] += 1
    return found
