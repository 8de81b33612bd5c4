"""``python -m tools.mutants``: hunt mutants, report survivors, fail below the share that must be killed."""

from __future__ import annotations

import argparse
import random
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tools.mutants.hunt import ENDLESS, KILLED, SURVIVED, Hunt, Verdict
from tools.mutants.operators import Mutant, mutants_of
from tools.mutants.results import Name, named, read_results, write_result

ROOT = Path(__file__).resolve().parents[2]
CODE = ("engine/bpmn", "engine/dmn", "engine/runtime")
TESTS = ("tests/unit/engine/bpmn", "tests/unit/engine/dmn", "tests/unit/engine/runtime", "tests/properties")
EXPLAINED = Path(__file__).with_name("explained.toml")
REQUIRED_SHARE = 0.95


def main() -> int:
    """Read the arguments, hunt, report; the exit code tells whether enough mutants were killed."""
    wanted = _arguments()
    sys.setrecursionlimit(10_000)
    outcomes = read_results(wanted.results)
    every = dict(named([each for folder in wanted.code for each in _mutants_in(folder)]))
    mutants = _wanted_mutants(wanted, every, outcomes)
    tests = [each for each in wanted.tests if (ROOT / each).exists()]
    explained = _explained()
    begin = time.monotonic()
    print(f"{len(mutants)} mutants, sample seed {wanted.seed if wanted.sample else '-'}", flush=True)
    told = 0

    def tell(verdict: Verdict) -> None:
        nonlocal told
        told += 1
        name, mutant = mutants[verdict.number]
        outcomes[name] = verdict.outcome
        write_result(wanted.results, name, verdict.outcome, mutant.line, verdict.tests)
        if verdict.outcome == SURVIVED:
            mark = "explained" if mutant.key in explained else "survived"
            print(f"{mark}: line {mutant.line}, {verdict.tests} tests: {mutant.key}", flush=True)
        if told % 200 == 0:
            print(f"... {told} of {len(mutants)}, {time.monotonic() - begin:.0f} s", flush=True)

    hunt = Hunt(
        ROOT,
        [mutant for _, mutant in mutants],
        tell,
        code=[file for folder in CODE for file in _files_in(folder)],
        paths=tests,
        workers=wanted.workers,
        examples=wanted.examples,
        most=wanted.most,
        noted=wanted.results and wanted.results.with_suffix(".noted.json"),
    )
    if mutants and (pytest.main([*_PYTEST, *tests], plugins=[hunt]) or not told):
        print("The hunt did not run: the tests must pass without mutants first.")
        return 2
    print(f"{told} mutants met in {time.monotonic() - begin:.0f} s")
    return _report({name: outcomes[name] for name in every if name in outcomes}, explained)


_PYTEST = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:playwright", "-s")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--code", nargs="+", default=[each for each in CODE if (ROOT / each).exists()])
    parser.add_argument("--tests", nargs="+", default=TESTS)
    parser.add_argument("--sample", type=int, default=0, help="this many mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--examples", type=int, default=60, help="examples per property, at most its own number"
    )
    parser.add_argument("--most", type=int, help="tests per mutant; meet its survivors again without this")
    parser.add_argument(
        "--results", type=Path, help="keep outcomes in this file and pass over what stands in it"
    )
    parser.add_argument(
        "--survivors", action="store_true", help="meet those again that survived in that file"
    )
    return parser.parse_args()


def _wanted_mutants(
    wanted: argparse.Namespace, every: Mapping[Name, Mutant], outcomes: Mapping[Name, str]
) -> list[tuple[Name, Mutant]]:
    asked = SURVIVED if wanted.survivors else None
    mutants = [(name, mutant) for name, mutant in every.items() if outcomes.get(name) == asked]
    if wanted.sample:
        # Drawn with a seed that is printed, so that a sample can be drawn again.
        mutants = random.Random(wanted.seed).sample(mutants, min(wanted.sample, len(mutants)))  # noqa: S311
    return mutants


def _mutants_in(folder: str) -> Iterator[Mutant]:
    for file in _files_in(folder):
        yield from mutants_of(file, (ROOT / file).read_text(encoding="utf-8"))


def _files_in(folder: str) -> list[str]:
    """Return the Python files of a folder, or the one file named."""
    place = ROOT / folder
    return [
        path.relative_to(ROOT).as_posix()
        for path in sorted(place.rglob("*.py") if place.is_dir() else [place])
    ]


def _explained() -> dict[str, str]:
    """Read why some survivors make no difference: mutant key to reason."""
    entries = tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("survivor", [])
    return {entry["mutant"]: entry["why"] for entry in entries}


def _report(outcomes: Mapping[Name, str], explained: Mapping[str, str]) -> int:
    """Print what became of the mutants of each folder, and of all."""
    of_folder: dict[str, Counter[str]] = defaultdict(Counter)
    for (key, _), outcome in outcomes.items():
        counted = "explained" if outcome == SURVIVED and key in explained else outcome
        of_folder["/".join(key.split("/")[:2])][counted] += 1
    of_folder["together"] = sum((*of_folder.values(),), Counter[str]())
    for folder, counts in of_folder.items():
        killed, total = counts[KILLED] + counts[ENDLESS], counts.total()
        print(
            f"{folder}: {total} mutants, {killed} killed ({killed / total:.1%}; {counts[ENDLESS]} by running"
            f" without end), {counts['explained']} explained, {counts[SURVIVED]} open"
        )
    together = of_folder["together"]
    return int(together[KILLED] + together[ENDLESS] < REQUIRED_SHARE * together.total())


if __name__ == "__main__":
    sys.exit(main())
