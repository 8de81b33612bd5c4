"""Rules about the audit trail: whole chains, and exactly one event for everything that was committed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping

from tests.reliability.evidence import Evidence, Violation

_FIRST = "0" * 64
_COLUMNS = {
    "id": "id",
    "actor_id": "actorId",
    "instance_id": "instanceId",
    "stream": "stream",
    "sequence": "sequence",
    "action": "action",
    "outcome": "outcome",
    "element_id": "elementId",
}


def chains(evidence: Evidence) -> Iterator[Violation]:
    """Every stream is numbered without gaps, each link fits the one before, and the head names the end."""
    ends: dict[str, tuple[int, str]] = {}
    for event in evidence.events:
        sequence, previous = ends.get(event["stream"], (0, _FIRST))
        where = f"{event['stream']}#{event['sequence']}"
        if event["sequence"] != sequence + 1:
            yield Violation("chain.gap", where, f"follows number {sequence}")
        if event["previous_hash"] != previous:
            yield Violation("chain.link", where, "does not continue the event before")
        if event["hash"] != _digest(event["previous_hash"], event["text"]):
            yield Violation("chain.content", where, "the content does not give the hash")
        for column, name in _COLUMNS.items():
            if _text(event[column]) != _text(event["content"][name]):
                yield Violation("chain.column", where, f"the column {column} differs from the content")
        ends[event["stream"]] = (event["sequence"], event["hash"])
    heads = {head["name"]: (head["last_sequence"], head["last_hash"]) for head in evidence.heads}
    for stream in sorted(heads.keys() | ends.keys()):
        if heads.get(stream) != ends.get(stream):
            what = f"head {heads.get(stream)}, end {ends.get(stream)}"
            yield Violation("chain.head", stream, what)


def instances(evidence: Evidence) -> Iterator[Violation]:
    """Each instance was started once; each ended one ended once, and no other did."""
    started = _count(evidence, "instance.started")
    ended = _count(evidence, "instance.ended") + _count(evidence, "instance.cancelled")
    known = {
        row["id"]: int(row["status"] in {"completed", "failed", "cancelled"}) for row in evidence.instances
    }
    yield from _differences("trail.instance-started", dict.fromkeys(known, 1), started)
    yield from _differences("trail.instance-ended", known, ended)


def tasks(evidence: Evidence) -> Iterator[Violation]:
    """Each completed task has one event with its opinion and one step in the path, and no event has none."""
    done = [row for row in evidence.tasks if row["status"] == "completed"]
    events = Counter(
        (event["instance_id"], event["element_id"], event["content"]["reason"])
        for event in evidence.events
        if event["action"] == "user_task.completed" and event["outcome"] == "done"
    )
    rows = Counter((row["instance_id"], row["element_id"], row["opinion"]) for row in done)
    yield from _differences("trail.task-completed", rows, events)
    steps = Counter(
        (step["instance_id"], step["activity_id"]) for step in evidence.history if step["kind"] == "completed"
    )
    for row in evidence.tasks:
        times = steps[row["instance_id"], row["activity_id"]]
        if times != int(row["status"] == "completed"):
            yield Violation("path.task-completed", row["id"], f"{row['status']}, completed {times} times")


def jobs(evidence: Evidence) -> Iterator[Violation]:
    """Each service job that is done was recorded once; each timer that is done fired once."""
    recorded = Counter(
        _hex(event["content"]["asked"]["job"])
        for event in evidence.events
        if event["action"] in {"job.completed", "job.error_thrown"} and event["outcome"] == "done"
    )
    services = {row["id"]: int(row["status"] == "done") for row in evidence.jobs if row["kind"] == "service"}
    yield from _differences("trail.job-completed", services, recorded)
    fired = Counter(
        (event["instance_id"], event["element_id"])
        for event in evidence.events
        if event["action"] == "timer.fired" and event["outcome"] == "done"
    )
    timers = Counter(
        (row["instance_id"], row["element_id"])
        for row in evidence.jobs
        if row["kind"] == "timer" and row["status"] == "done"
    )
    yield from _differences("trail.timer-fired", timers, fired)


def incidents(evidence: Evidence) -> Iterator[Violation]:
    """Each incident was recorded when it opened."""
    rows = Counter(row["instance_id"] for row in evidence.incidents)
    yield from _differences("trail.incident-opened", rows, _count(evidence, "incident.opened"))


def _count(evidence: Evidence, action: str) -> Counter[str]:
    return Counter(
        event["instance_id"]
        for event in evidence.events
        if event["action"] == action and event["outcome"] == "done"
    )


def _differences(
    rule: str, expected: Mapping[object, int], found: Mapping[object, int]
) -> Iterator[Violation]:
    for key in expected.keys() | found.keys():
        wanted, there = expected.get(key, 0), found.get(key, 0)
        if wanted != there:
            yield Violation(rule, str(key), f"{wanted} by the rows, {there} by the trail")


def _digest(previous: str, text: str) -> str:
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def _hex(identifier: str) -> str:
    return identifier.replace("-", "")


def _text(value: object) -> str | None:
    return None if value is None else str(value).replace("-", "")
