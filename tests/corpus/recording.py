"""Record what the tests of the runtime do, as states for the corpus. A plugin of pytest::

    pytest -p tests.corpus.recording --corpus=tests/corpus/schema-<n> \
        tests/unit/engine/runtime tests/processes

Run it with the last code before ``engine.runtime.state.SCHEMA`` changes. Instances that a test leaves
open are walked on at random, with the data that the tests of the same diagram used, until they end.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.model import Net
from engine.runtime.advance import advance
from engine.runtime.commands import (
    Cancel,
    Command,
    CompleteActivity,
    DeliverMessage,
    DeliverSignal,
    FireTimer,
)
from engine.runtime.errors import Incident
from engine.runtime.state import State
from tests.corpus.moves import Move, written
from tests.processes import story
from tests.unit.engine import diagram, instance

MOST_STEPS = 60
MOST_MOVES = 40
TRIES = 40
# A shipped process has a dozen stories, each some pages long; the longest show the most.
MOST_STORIES = 3
SHIPPED = {path.stem for path in story.PROCESSES.glob("*/*.bpmn")}


class Recording:
    """The steps of one instance: each a move, its moment and the state that followed."""

    def __init__(self, net: Net, name: str) -> None:
        self.net = net
        self.name = name
        self.steps: list[Move] = []
        self.state: State | None = None

    def add(self, command: Command, at: datetime, state: State) -> None:
        """Keep one step."""
        move = written(self.state, command)
        self.state = json.loads(json.dumps(state))
        self.steps.append({**move, "at": at.isoformat(), "state": self.state})

    @property
    def is_ended(self) -> bool:
        """Tell whether the instance has ended."""
        return self.state is not None and self.state["status"] == "ended"

    def walk_to_the_end(self, data: list[Mapping[str, Any]]) -> None:
        """Go on at random until the end; cancel where no walk finds it."""
        steps, state = list(self.steps), self.state
        for seed in range(TRIES):
            chance = random.Random(seed)
            self.steps, self.state = list(steps), state
            for _ in range(MOST_MOVES):
                if self.is_ended or not self._move(chance, data):
                    break
            if self.is_ended:
                return
        self.steps, self.state = steps, state
        self._carry_out(Cancel())

    def _move(self, chance: random.Random, data: list[Mapping[str, Any]]) -> bool:
        commands = list(self._possible(chance.choice(data)))
        chance.shuffle(commands)
        return any(self._carry_out(command) for command in commands)

    def _possible(self, data: Mapping[str, Any]) -> Iterator[Command]:
        if self.state is None:
            return
        for key, activity in self.state["activities"].items():
            if "work" in activity:
                yield CompleteActivity(key, data)
        kinds = {"timer": FireTimer, "message": DeliverMessage, "signal": DeliverSignal}
        for key, wait in self.state["waits"].items():
            yield kinds[wait["kind"]](key)

    def _carry_out(self, command: Command) -> bool:
        at = datetime.fromisoformat(self.steps[-1]["at"]) + timedelta(minutes=1)
        try:
            state, _ = advance(self.net, self.state, command, at)
        except Incident:
            return False
        self.add(command, at, state)
        return True


def _longest(recordings: list[Recording]) -> list[Recording]:
    """Choose some stories of each process."""
    ordered = sorted(recordings, key=lambda each: -len(each.steps))
    chosen: dict[str, list[Recording]] = {}
    for each in ordered:
        chosen.setdefault(each.steps[0]["process"], []).append(each)
    return [each for found in chosen.values() for each in found[:MOST_STORIES]]


class Recorder:
    """Listens to the instances of the tests and writes the corpus."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.test = ""
        self.files: dict[int, tuple[Net, dict[str, bytes]]] = {}
        self.recordings: dict[int, tuple[Any, Recording]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Remember which test runs."""
        self.test = item.name

    def pytest_sessionfinish(self) -> None:
        """Write one file for each set of diagrams."""
        groups: dict[str, tuple[dict[str, bytes], list[Recording]]] = {}
        for _teller, recording in self.recordings.values():
            files = self.files[id(recording.net)][1]
            key = str(sorted(files.items()))
            groups.setdefault(key, (files, []))[1].append(recording)
        self.folder.mkdir(parents=True, exist_ok=True)
        for files, recordings in groups.values():
            self._write(files, recordings)

    def _write(self, files: dict[str, bytes], recordings: list[Recording]) -> None:
        used: list[Mapping[str, Any]] = [{}, {"outcome": "agree"}]
        used += [step["given"][0] for each in recordings for step in each.steps if step["do"] == "complete"]
        for recording in recordings:
            if not recording.is_ended:
                recording.walk_to_the_end(used)
        is_shipped = any(f"{key}.bpmn" in files for key in SHIPPED)
        name = "shipped" if is_shipped else re.sub(r"\W+", "-", recordings[0].name).strip("-")
        while (path := self.folder / f"{name}.json").exists():
            name += "-more"
        document = {
            "files": {name: content.decode() for name, content in sorted(files.items())},
            "instances": [
                {"test": each.name, "steps": each.steps}
                for each in (recordings if not is_shipped else _longest(recordings))
            ],
        }
        path.write_text(json.dumps(document, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")

    def keep_files(self, compile_files: Callable[[Mapping[str, bytes]], Net]) -> Callable[..., Net]:
        """Remember from which files a net was compiled."""

        def compiled(files: Mapping[str, bytes]) -> Net:
            net = compile_files(files)
            self.files[id(net)] = (net, dict(files))
            return net

        return compiled

    def listen(self, teller: Any, net: Net, command: Command, at: datetime, state: State) -> None:
        """Take down one step of an instance."""
        if id(teller) not in self.recordings:
            self.recordings[id(teller)] = (teller, Recording(net, self.test))
        recording = self.recordings[id(teller)][1]
        # What a very long test does after enough steps shows nothing new.
        if len(recording.steps) < MOST_STEPS:
            recording.add(command, at, state)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the folder."""
    parser.addoption("--corpus", help="folder to write the corpus to")


def pytest_configure(config: pytest.Config) -> None:
    """Listen to everything that the tests of the runtime do."""
    folder = config.getoption("--corpus")
    if folder is None:
        return
    recorder = Recorder(Path(folder))
    config.pluginmanager.register(recorder, "corpus-recorder")
    for module in (diagram, story):
        module.compile_process_files = recorder.keep_files(module.compile_process_files)  # type: ignore[attr-defined]  # replaced on purpose
    send, carry_out = instance.Instance.send, story.Story._carry_out

    def send_and_record(self: instance.Instance, command: Command) -> instance.Instance:
        send(self, command)
        if self.state is not None:
            recorder.listen(self, self.net, command, self.now, self.state)
        return self

    def carry_out_and_record(self: story.Story, command: Command) -> None:
        carry_out(self, command)
        recorder.listen(self, self.net, command, self.now, self._state)

    instance.Instance.send = send_and_record  # type: ignore[method-assign]  # replaced on purpose
    story.Story._carry_out = carry_out_and_record  # type: ignore[method-assign]  # replaced on purpose
