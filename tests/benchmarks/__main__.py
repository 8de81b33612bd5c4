"""Measure, print and write a file: ``make bench`` or ``make bench LONG=1``."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy

from tests.benchmarks import cases
from tests.benchmarks.office import Office
from tests.benchmarks.stores import STORES, store
from tests.benchmarks.yardsticks import bare_commits, runtime_in_memory, spiff_in_memory

SHORT_SIZES, LONG_SIZES = (1_000, 100_000), (1_000, 100_000, 1_000_000)
REQUIRED = {"SQLite FULL": 700, "SQLite NORMAL": 1_000, "PostgreSQL": 300}


def main() -> None:
    """Run what was asked for and write the result beside the others."""
    parser = argparse.ArgumentParser(description="Measure the engine.")
    parser.add_argument("--long", action="store_true", help="also a million stored instances (some minutes)")
    parser.add_argument("--seconds", type=float, default=10, help="length of each measurement of a rate")
    parser.add_argument("--only", choices=STORES, action="append", help="only this store")
    parser.add_argument("--out", type=Path, help="where the result is written")
    options = parser.parse_args()
    begin = time.monotonic()
    result: dict[str, Any] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": _machine()}
    result["in_memory"] = {
        "spiffworkflow": round(spiff_in_memory(2)),
        "runtime": round(runtime_in_memory(2)),
    }
    print(f"in memory, nothing stored, completions/s: {result['in_memory']}", flush=True)
    for name in options.only or STORES:
        result[name] = _measure(name, options.seconds, options.long, result["in_memory"]["spiffworkflow"])
    result["memory_mb"] = cases.memory_mb()
    print(f"largest memory of the process: {result['memory_mb']} MB")
    out = options.out or Path("build") / f"bench-{datetime.now(UTC):%Y%m%dT%H%M%S}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=1, ensure_ascii=False), encoding="utf-8")
    print(f"written to {out} after {time.monotonic() - begin:.0f} s")


def _measure(name: str, seconds: float, is_long: bool, spiff: float) -> dict[str, Any]:
    print(f"\n{name}", flush=True)
    with store(name) as database:
        office = Office(database)
        commits = bare_commits(database, min(3, seconds))
        found: dict[str, Any] = {"bare_commits_per_second": round(commits), **cases.rates(office, seconds)}
        _print_rates(name, found, commits, spiff)
        for case in (cases.costs, cases.flatness, cases.large_forms, cases.parallel, cases.cold_load):
            found[case.__name__] = case(office)
            print(f"  {case.__name__}: {json.dumps(found[case.__name__])}", flush=True)
        # One journal mode is enough for the lists; PostgreSQL takes longer to fill.
        if name == "SQLite FULL":
            found["stored"] = cases.stored(office, LONG_SIZES if is_long else SHORT_SIZES)
        elif name == "PostgreSQL":
            found["stored"] = cases.stored(office, SHORT_SIZES if is_long else SHORT_SIZES[:1])
    return found


def _print_rates(name: str, found: dict[str, Any], commits: float, spiff: float) -> None:
    for kind in ("starts", "completions"):
        figures = found[kind]
        print(
            f"  {kind:<12}{figures['per_second']:>8.0f}/s   p50 {figures['p50_ms']} ms   "
            f"p95 {figures['p95_ms']} ms   p99 {figures['p99_ms']} ms   processor {figures['cpu_ms']} ms"
        )
    rate = found["completions"]["per_second"]
    found["of_bare_commits"] = round(rate / commits, 3)
    found["of_spiffworkflow_in_memory"] = round(rate / spiff, 3)
    print(
        f"  required {REQUIRED[name]}/s: {'reached' if rate >= REQUIRED[name] else 'NOT reached'}; "
        f"{rate / commits:.0%} of {commits:.0f} bare commits/s; "
        f"{rate / spiff:.0%} of SpiffWorkflow in memory",
        flush=True,
    )


def _machine() -> dict[str, Any]:
    return {
        "cpus": os.cpu_count(),
        "load": [round(value, 1) for value in os.getloadavg()],
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "sqlalchemy": sqlalchemy.__version__,
        "psycopg": psycopg.__version__,
    }


if __name__ == "__main__":
    main()
