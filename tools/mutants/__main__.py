"""``python -m tools.mutants``: hunt mutants, report survivors, fail below the share that must be killed."""

from __future__ import annotations

import argparse
import random
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tools.mutants.hunt import ENDLESS, KILLED, SURVIVED, Hunt, Verdict
from tools.mutants.operators import Mutant, mutants_of

ROOT = Path(__file__).resolve().parents[2]
CODE = ("engine/bpmn", "engine/dmn", "engine/runtime")
TESTS = ("tests/unit/engine/bpmn", "tests/unit/engine/dmn", "tests/unit/engine/runtime", "tests/properties")
EXPLAINED = Path(__file__).with_name("explained.toml")
REQUIRED_SHARE = 0.95


def main() -> int:
    """Read the arguments, hunt, report; the exit code tells whether enough mutants were killed."""
    wanted = _arguments()
    sys.setrecursionlimit(10_000)
    mutants = [
        mutant
        for folder in wanted.code
        for path in sorted((ROOT / folder).rglob("*.py") if (ROOT / folder).is_dir() else [ROOT / folder])
        for mutant in mutants_of(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    ]
    if wanted.sample:
        # Drawn with a seed that is printed, so that a sample can be drawn again.
        mutants = random.Random(wanted.seed).sample(mutants, min(wanted.sample, len(mutants)))  # noqa: S311
    tests = [each for each in wanted.tests if (ROOT / each).exists()]
    explained = _explained()
    verdicts: list[Verdict] = []
    begin = time.monotonic()
    print(f"{len(mutants)} mutants, sample seed {wanted.seed if wanted.sample else '-'}", flush=True)

    def told(verdict: Verdict) -> None:
        verdicts.append(verdict)
        mutant = mutants[verdict.number]
        if verdict.outcome == SURVIVED:
            mark = "explained" if mutant.key in explained else "survived"
            print(f"{mark}: line {mutant.line}, {verdict.tests} tests: {mutant.key}", flush=True)
        if len(verdicts) % 200 == 0:
            print(f"... {len(verdicts)} of {len(mutants)}, {time.monotonic() - begin:.0f} s", flush=True)

    status = pytest.main(
        [*_PYTEST, *tests],
        plugins=[Hunt(ROOT, mutants, told, paths=tests, workers=wanted.workers, examples=wanted.examples)],
    )
    if status or not verdicts:
        print("The hunt did not run: the tests must pass without mutants first.")
        return 2
    return _report(mutants, verdicts, explained, time.monotonic() - begin)


_PYTEST = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:playwright", "-s")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--code", nargs="+", default=[each for each in CODE if (ROOT / each).exists()])
    parser.add_argument("--tests", nargs="+", default=TESTS)
    parser.add_argument("--sample", type=int, default=0, help="this many mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--examples", type=int, default=60, help="examples per property")
    return parser.parse_args()


def _explained() -> dict[str, str]:
    """Read why some survivors make no difference: mutant key to reason."""
    entries = tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("survivor", [])
    return {entry["mutant"]: entry["why"] for entry in entries}


def _report(mutants: list[Mutant], verdicts: list[Verdict], explained: dict[str, str], seconds: float) -> int:
    counts = Counter(verdict.outcome for verdict in verdicts)
    survivors = [mutants[each.number] for each in verdicts if each.outcome not in (KILLED, ENDLESS)]
    known = sum(mutant.key in explained for mutant in survivors)
    killed = counts[KILLED] + counts[ENDLESS]
    share = killed / len(verdicts)
    print(f"{len(verdicts)} mutants in {seconds:.0f} s: {killed} killed ({share:.1%}),")
    print(f"  of these {counts[ENDLESS]} by running without end; {len(survivors)} survived,")
    print(f"  of these {known} explained in {EXPLAINED.relative_to(ROOT)}.")
    return int(share < REQUIRED_SHARE)


if __name__ == "__main__":
    sys.exit(main())
