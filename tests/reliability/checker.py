"""The judge: reads a database with plain SQL, and the ledger, and finds what must not be.

It imports nothing of the product on purpose: a rule that both had wrong would go unnoticed. Run it by hand
on any database of these tests with ``python -m tests.reliability.checker URL [LEDGER] [--ended]``; it exits
with 1 when it finds a violation.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.reliability import rows_rules, trail_rules
from tests.reliability.evidence import Evidence, Violation
from tests.reliability.ledger import read_ledger


def check(url: str, ledger: Path | None = None, *, ended: bool = False) -> list[Violation]:
    """Return every violation; ``ended``: all work was done, so that nothing may be open any more."""
    with Evidence(url) as evidence:
        return [
            *trail_rules.chains(evidence),
            *trail_rules.instances(evidence),
            *trail_rules.tasks(evidence),
            *trail_rules.jobs(evidence),
            *trail_rules.incidents(evidence),
            *rows_rules.states(evidence),
            *rows_rules.stuck(evidence),
            *rows_rules.effects(evidence),
            *(rows_rules.unfinished(evidence) if ended else ()),
            *(against_ledger(evidence, ledger) if ledger else ()),
        ]


def against_ledger(evidence: Evidence, folder: Path) -> Iterator[Violation]:
    """Compare what people were told with what the database holds."""
    entries = list(read_ledger(folder))
    acknowledged = [entry for entry in entries if entry["entry"] == "acknowledged"]
    asked = {entry.get("mark") for entry in entries if entry["entry"] == "asked"}
    for entry in entries:
        if entry["entry"] == "crashed":
            yield Violation("process.unexpected-error", entry["what"], entry["error"])
    yield from _completions(evidence, acknowledged, asked)
    instances = {row["id"] for row in evidence.instances}
    for entry in acknowledged:
        if entry["what"] == "started" and entry["instance"] not in instances:
            yield Violation("ledger.start-lost", entry["instance"], "an acknowledged instance is missing")
    yield from _messages(evidence, acknowledged, entries)


def _completions(
    evidence: Evidence, acknowledged: list[dict[str, str]], asked: set[str | None]
) -> Iterator[Violation]:
    tasks = {row["id"]: row for row in evidence.tasks}
    completed = [entry for entry in acknowledged if entry["what"] == "completed"]
    for task_id, times in Counter(entry["task"] for entry in completed).items():
        if times > 1:
            yield Violation("ledger.two-winners", task_id, f"{times} people were told that they completed it")
    for entry in completed:
        row = tasks.get(entry["task"])
        if row is None or row["status"] != "completed" or row["opinion"] != entry["mark"]:
            found = "missing" if row is None else f"{row['status']}, opinion {row['opinion']}"
            yield Violation("ledger.completion-lost", entry["task"], f"told {entry['mark']}, found {found}")
    for row in evidence.tasks:
        if row["status"] == "completed" and row["opinion"] not in asked:
            yield Violation("ledger.completion-unasked", row["id"], f"nobody asked for {row['opinion']}")


def _messages(
    evidence: Evidence, acknowledged: list[dict[str, str]], entries: list[dict[str, str]]
) -> Iterator[Violation]:
    received = Counter(
        event["content"]["asked"]["key"] for event in evidence.events if event["action"] == "message.received"
    )
    told = Counter(entry["key"] for entry in acknowledged if entry["what"] == "message")
    sent = Counter(e["key"] for e in entries if e["what"] == "message" and e["entry"] == "asked")
    for key in sent | told:
        if not told[key] <= received[key] <= sent[key]:
            what = f"sent {sent[key]}, acknowledged {told[key]}, received {received[key]}"
            yield Violation("ledger.message-count", key, what)


def main() -> int:
    """Check the database named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("url", help="as in ZUJIAN_DATABASE_URL")
    parser.add_argument("ledger", nargs="?", type=Path, help="the folder of the ledger")
    parser.add_argument("--ended", action="store_true", help="nothing may be open any more")
    given = parser.parse_args()
    found = check(given.url, given.ledger, ended=given.ended)
    for violation in found:
        sys.stdout.write(json.dumps(violation._asdict(), ensure_ascii=False) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
