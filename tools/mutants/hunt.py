"""Running the tests against mutants: a pytest plugin that forks one process per mutant.

The tests are collected once. One run with a profiler notes which test calls which function, and how
long each takes; a mutant is then met by the tests that reach its function, the quickest first, until
one fails.
"""

from __future__ import annotations

import ast
import gc
import json
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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tools.mutants.operators import Mutant

Where = tuple[str, str]  # file within the repository, qualified name of the function
# A mutant that takes this many times as long as its tests, and some seconds, does not come back.
PATIENCE, GRACE = 10.0, 10.0
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
        paths: Sequence[str],
        workers: int,
        examples: int,
    ) -> None:
        self.root = root
        self.mutants = mutants
        self.workers = workers
        self.examples = examples
        self.told = told
        self.paths = paths
        self.reached: dict[Where, set[int]] = defaultdict(set)
        self.called: set[Where] = set()
        self.seconds: dict[int, float] = {}
        self._files = {str(root / mutant.file): mutant.file for mutant in mutants}
        self._failed = False

    def pytest_configure(self) -> None:
        """Make properties draw the same examples every time, and fewer of them."""
        # Here and not above: pytest wants to load its plugins itself.
        from hypothesis import HealthCheck, settings

        settings.register_profile(
            "mutants",
            derandomize=True,
            database=None,
            deadline=None,
            max_examples=self.examples,
            suppress_health_check=list(HealthCheck),
        )
        settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure; setup and teardown count as well."""
        self._failed = self._failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every test once unchanged, then the mutants.

        Raises:
            pytest.UsageError: a test fails without any mutant.
        """
        for number, item in enumerate(session.items):
            self._profile(number, item)
            if self._failed:
                raise pytest.UsageError(f"{item.nodeid} fails without any mutant")
        self._hunt(session.items)
        return True

    def _profile(self, number: int, item: pytest.Item) -> None:
        calls: set[types.CodeType] = set()

        def note(frame: types.FrameType, event: str, _argument: Any) -> None:
            if event == "call":
                calls.add(frame.f_code)

        begin = time.perf_counter()
        sys.setprofile(note)
        try:
            _run(item)
        finally:
            sys.setprofile(None)
        self.seconds[number] = time.perf_counter() - begin
        for code in calls:
            file = self._files.get(code.co_filename)
            if file is not None:
                # What a function defines inside belongs to it.
                name, _, inner = code.co_qualname.partition(".<locals>")
                self.reached[file, name].add(number)
                if not inner:
                    self.called.add((file, name))

    def _hunt(self, items: Sequence[pytest.Item]) -> None:
        """Share the mutants among the workers and read their verdicts as they come."""
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
        for number in range(worker, len(self.mutants), self.workers):
            mutant = self.mutants[number]
            tests = sorted(self.reached.get((mutant.file, mutant.function), ()), key=self.seconds.__getitem__)
            if (mutant.file, mutant.function) in self.called:
                outcome = self._meet(mutant, [items[each] for each in tests], tests)
            else:
                # Called when the module is imported, if at all.
                outcome = meet_from_the_start(self.root, mutant, self.paths)
            os.write(writing, json.dumps([number, outcome, len(tests)]).encode() + b"\n")

    def _meet(self, mutant: Mutant, items: Sequence[pytest.Item], numbers: Sequence[int]) -> str:
        """Run the tests in a process of their own in which the function is the mutant."""
        limit = PATIENCE * sum(self.seconds[each] for each in numbers) + GRACE
        child = os.fork()
        if child == 0:
            signal.alarm(int(limit) + 1)
            # A mutant that never stops may also never stop growing.
            resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
            os._exit(self._run_mutated(mutant, items))
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return ENDLESS if os.WTERMSIG(status) == signal.SIGALRM else KILLED
        if os.WEXITSTATUS(status) == CANNOT_EXCHANGE:
            return meet_from_the_start(self.root, mutant, self.paths)
        return SURVIVED if os.WEXITSTATUS(status) == 0 else KILLED

    def _run_mutated(self, mutant: Mutant, items: Sequence[pytest.Item]) -> int:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            install(mutant, (self.root / mutant.file).read_text(encoding="utf-8"))
        except ValueError:
            return CANNOT_EXCHANGE
        for item in items:
            _run(item)
            if self._failed:
                return 1
        return 0


def _run(item: pytest.Item) -> None:
    # Without a next item every fixture is taken down, so that tests can be run in any order.
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)


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


def install(mutant: Mutant, text: str) -> None:
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
    for made in gc.get_objects():
        if isinstance(made, types.FunctionType) and made.__code__ in inner:
            made.__code__ = inner[made.__code__]


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
