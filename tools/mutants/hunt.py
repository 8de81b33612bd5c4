"""Running the tests against mutants: a pytest plugin that forks one process per mutant.

The tests are collected once. One run notes which test runs which line, and how long each takes. A mutant
is then met by the tests that run the statement around it, until one fails: first those that killed a
mutant of the same function before, then those of the same file, then the quickest.
"""

from __future__ import annotations

import ast
import gc
import hashlib
import json
import mmap
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import types
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tools.mutants.operators import Mutant

Where = tuple[str, str]  # file within the repository, qualified name of the function
Made = dict[types.CodeType, list[types.FunctionType]]
# A mutant for which a test needs this many times its processor time, and some seconds, does not come back.
PATIENCE, GRACE = 10.0, 2.0
# Should it wait for something instead of working, then this many times as long on the clock.
STILLNESS = 20
SLOW_LIMIT = 600
MOST_MEMORY = 2 * 1024**3
CANNOT_EXCHANGE = 3
KILLED, SURVIVED, ENDLESS = "killed", "survived", "endless"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant (endless means killed by its time), and how many tests reach it."""

    number: int
    outcome: str
    tests: int


class Hunt:
    """The plugin: replaces pytest's loop over the tests by one over the mutants."""

    def __init__(
        self,
        root: Path,
        mutants: Sequence[Mutant],
        told: Callable[[Verdict], None],
        *,
        code: Sequence[str],
        paths: Sequence[str],
        workers: int,
        examples: int,
        most: int | None = None,
        noted: Path | None = None,
    ) -> None:
        """``code`` are the files that may hold mutants; ``noted`` keeps which test runs which line.

        ``most`` is how many tests a mutant meets at most, in a first hunt for those that are left to look at.
        """
        self.root = root
        self.noted = noted
        self.most = most
        self.mutants = mutants
        self.workers = workers
        self.examples = examples
        self.told = told
        self.paths = paths
        self.reached: dict[tuple[str, int], set[int]] = defaultdict(set)
        self.called: set[Where] = set()
        self.seconds: dict[int, float] = {}
        self._killers: dict[Where, list[int]] = defaultdict(list)
        # A child notes here which test failed, counted from one.
        self._killer = mmap.mmap(-1, 8)
        self._made: Made = {}
        self._files = {str(root / file): file for file in code}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Make properties draw the same examples every time, fewer of them, and not look for the smallest."""
        # Here and not above: pytest wants to load its plugins itself.
        from hypothesis import HealthCheck, Phase, settings

        for item in items:
            function = getattr(item, "function", None)
            own = getattr(function, "_hypothesis_internal_use_settings", None)
            if own is not None:
                function._hypothesis_internal_use_settings = settings(  # type: ignore[union-attr]
                    own,
                    derandomize=True,
                    database=None,
                    deadline=None,
                    phases=(Phase.explicit, Phase.generate),
                    max_examples=min(self.examples, own.max_examples),
                    suppress_health_check=list(HealthCheck),
                )

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every test once unchanged, then the mutants.

        Raises:
            pytest.UsageError: a test fails without any mutant.
        """
        if not self._remember(session.items):
            for number, item in enumerate(session.items):
                if not self._profile(number, item):
                    raise pytest.UsageError(f"{item.nodeid} fails without any mutant")
            self._keep(session.items)
        self._hunt(session.items)
        return True

    def _remember(self, items: Sequence[pytest.Item]) -> bool:
        """Take what an earlier run noted of the same tests and the same code, if it was kept."""
        if self.noted is None or not self.noted.exists():
            return False
        kept = json.loads(self.noted.read_text(encoding="utf-8"))
        if kept["of"] != self._fingerprint(items):
            return False
        self.reached.update({(file, line): set(tests) for file, line, tests in kept["reached"]})
        self.called.update((file, name) for file, name in kept["called"])
        self.seconds.update(enumerate(kept["seconds"]))
        return True

    def _keep(self, items: Sequence[pytest.Item]) -> None:
        if self.noted is not None:
            kept = {
                "of": self._fingerprint(items),
                "reached": [[file, line, sorted(tests)] for (file, line), tests in self.reached.items()],
                "called": sorted(self.called),
                "seconds": [self.seconds[number] for number in range(len(items))],
            }
            self.noted.write_text(json.dumps(kept), encoding="utf-8")

    def _fingerprint(self, items: Sequence[pytest.Item]) -> str:
        """Return a digest of the tests, the examples they draw, and every file that they may run."""
        digest = hashlib.sha256(f"{self.examples} {sorted(self._files)}".encode())
        for item in items:
            digest.update(item.nodeid.encode())
        for folder in ("engine", "kernel", "tests"):
            for path in sorted((self.root / folder).rglob("*.py")):
                digest.update(path.read_bytes())
        return digest.hexdigest()

    def _profile(self, number: int, item: pytest.Item) -> bool:
        """Note which lines a test runs and how long it takes; tells whether it passes."""
        lines: set[tuple[types.CodeType, int]] = set()

        def note(frame: types.FrameType, event: str, _argument: Any) -> Any:
            if event == "line":
                lines.add((frame.f_code, frame.f_lineno))
            return note if event != "call" or frame.f_code.co_filename in self._files else None

        begin = time.process_time()
        sys.settrace(note)
        try:
            is_passed = _passes(item)
        finally:
            sys.settrace(None)
        self.seconds[number] = time.process_time() - begin
        for code, line in lines:
            file = self._files[code.co_filename]
            self.reached[file, line].add(number)
            # What a function defines inside belongs to it; it can only be exchanged together with it.
            name, _, inner = code.co_qualname.partition(".<locals>")
            if not inner:
                self.called.add((file, name))
        return is_passed

    def _hunt(self, items: Sequence[pytest.Item]) -> None:
        """Share the mutants among the workers and read their verdicts as they come."""
        self._made = functions_by_code(self._files)
        # What is here stays: without this every child would copy the memory that its collector walks through.
        gc.collect()
        gc.freeze()
        pipes = []
        for worker in range(self.workers):
            reading, writing = os.pipe()
            if os.fork() == 0:
                os.close(reading)
                self._work(worker, items, writing)
                os._exit(0)
            os.close(writing)
            pipes.append(reading)
        rest = dict.fromkeys(pipes, b"")
        while rest:
            for pipe in select.select(list(rest), [], [])[0]:
                chunk = os.read(pipe, 65_536)
                *lines, rest[pipe] = (rest[pipe] + chunk).split(b"\n")
                for line in lines:
                    self.told(Verdict(*json.loads(line)))
                if not chunk:
                    del rest[pipe]
        while True:
            try:
                os.wait()
            except ChildProcessError:
                return

    def _work(self, worker: int, items: Sequence[pytest.Item], writing: int) -> None:
        # Those that need a new interpreter take minutes each, and come last.
        order = sorted(range(len(self.mutants)), key=lambda number: not self._is_called(self.mutants[number]))
        for number in order[worker :: self.workers]:
            mutant = self.mutants[number]
            where = mutant.file, mutant.function
            tests = self._order(mutant)
            if self._is_called(mutant):
                outcome = self._meet(mutant, items, tests)
                if (killer := int.from_bytes(self._killer[:8], "little")) and outcome == KILLED:
                    for place in (where, (mutant.file, "")):
                        killers = self._killers[place]
                        if killer - 1 in killers:
                            killers.remove(killer - 1)
                        killers.insert(0, killer - 1)
            else:
                # Called when the module is imported, if at all.
                outcome = meet_from_the_start(self.root, mutant, self.paths)
            os.write(writing, json.dumps([number, outcome, len(tests)]).encode() + b"\n")

    def _is_called(self, mutant: Mutant) -> bool:
        return (mutant.file, mutant.function) in self.called

    def _order(self, mutant: Mutant) -> list[int]:
        """Return the tests that run the mutant's statement, the likeliest to notice it first."""
        first, last = mutant.lines
        reached = set[int]().union(*(self.reached.get((mutant.file, n), ()) for n in range(first, last + 1)))
        known = (*self._killers[mutant.file, mutant.function], *self._killers[mutant.file, ""])
        before = [each for each in dict.fromkeys(known) if each in reached]
        return [*before, *sorted(reached.difference(before), key=self.seconds.__getitem__)][: self.most]

    def _meet(self, mutant: Mutant, items: Sequence[pytest.Item], tests: Sequence[int]) -> str:
        """Run the tests in a process of their own in which the function is the mutant."""
        self._killer[:8] = bytes(8)
        child = os.fork()
        if child == 0:
            # A mutant that never stops may also never stop growing.
            resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
            os._exit(self._run_mutated(mutant, items, tests))
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return ENDLESS if os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGPROF) else KILLED
        if os.WEXITSTATUS(status) == CANNOT_EXCHANGE:
            return meet_from_the_start(self.root, mutant, [items[number].nodeid for number in tests])
        return SURVIVED if os.WEXITSTATUS(status) == 0 else KILLED

    def _run_mutated(self, mutant: Mutant, items: Sequence[pytest.Item], tests: Sequence[int]) -> int:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            install(mutant, (self.root / mutant.file).read_text(encoding="utf-8"), self._made)
        except ValueError:
            return CANNOT_EXCHANGE
        for number in tests:
            limit = PATIENCE * self.seconds[number] + GRACE
            signal.setitimer(signal.ITIMER_PROF, limit)
            signal.alarm(int(limit * STILLNESS))
            if not _passes(items[number]):
                self._killer[:8] = (number + 1).to_bytes(8, "little")
                return 1
        return 0


def _passes(item: pytest.Item) -> bool:
    """Run one test without pytest's reports, which would cost more than most tests."""
    # What pytest itself does around a test, in ``_pytest.runner``; there is no public way to it.
    test: Any = item
    if not test._request:
        test._initrequest()
    state = item.session._setupstate
    try:
        state.setup(item)
        item.runtest()
    except (Exception, pytest.fail.Exception):
        return False
    finally:
        # Without a next item every fixture is taken down, so that tests can be run in any order.
        state.teardown_exact(None)
        test._request = False
        test.funcargs = None
    return True


def meet_from_the_start(root: Path, mutant: Mutant, paths: Sequence[str]) -> str:
    """Run the tests in a new interpreter over a copy of the code with the mutant; slow, but sees imports."""
    text = (root / mutant.file).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        place = Path(name)
        for entry in root.iterdir():
            if entry.name != "engine" and not entry.name.startswith("."):
                (place / entry.name).symlink_to(entry)
        shutil.copytree(root / "engine", place / "engine", ignore=shutil.ignore_patterns("__pycache__"))
        (place / mutant.file).write_text(ast.unparse(mutant.tree(text)), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *paths]
        try:
            done = subprocess.run(command, cwd=place, capture_output=True, timeout=SLOW_LIMIT)
        except subprocess.TimeoutExpired:
            return ENDLESS
    return SURVIVED if done.returncode == 0 else KILLED


def functions_by_code(files: Collection[str]) -> Made:
    """Return the functions in memory that were made from the code of these files, by their code."""
    made: Made = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, types.FunctionType) and each.__code__.co_filename in files:
            made[each.__code__].append(each)
    return made


def install(mutant: Mutant, text: str, made: Made) -> None:
    """Give the function in memory the mutant's code, so that whoever holds the function runs the mutant.

    Raises:
        ValueError: the change turned the function into another kind (free variables differ).
    """
    module = import_module(mutant.file.removesuffix(".py").replace("/", "."))
    found: Any = module
    for name in mutant.function.split("."):
        found = found.__dict__[name]
    function = _plain(found)
    code = compile(mutant.tree(text), str(function.__code__.co_filename), "exec", dont_inherit=True)
    before, after = function.__code__, _code_named(code, mutant.function)
    function.__code__ = after
    pairs = list(zip(_defined_inside(before), _defined_inside(after), strict=False))
    inner = dict(pairs) if len(pairs) == len(_defined_inside(before)) else {}
    # Functions that it has already made, such as the entries of a table, run the mutant too.
    for old, new in inner.items():
        for each in made.get(old, ()):
            each.__code__ = new


def _defined_inside(code: types.CodeType) -> list[types.CodeType]:
    return [each for each in code.co_consts if isinstance(each, types.CodeType)]


def _plain(found: Any) -> types.FunctionType:
    """Return the function behind property, class method and wrapper."""
    while not isinstance(found, types.FunctionType) or hasattr(found, "__wrapped__"):
        found = getattr(found, "__wrapped__", None) or getattr(found, "fget", None) or found.__func__
    return found


def _code_named(code: types.CodeType, name: str) -> types.CodeType:
    for part in name.split("."):
        code = next(
            each for each in code.co_consts if isinstance(each, types.CodeType) and each.co_name == part
        )
    return code
