"""Compiled definitions, pinned: the net of an instance with its called processes and forms.

Compiling costs milliseconds and a version never changes, so each process of the platform keeps what it
compiled, by the ids of the pinned versions.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.bpmn.compiler import compile_process_files
from engine.bpmn.model import Element, Net, Process
from engine.contents.store import fetch
from engine.definitions.files import bpmn_name, decision_files, form_name
from engine.definitions.models import DefinitionFile, ProcessDefinitionVersion
from engine.forms.form import Form, read_form
from kernel.language import Text

MAX_CACHED: Final = 200
Pins = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PinnedProcess:
    """One process of the net with the version that it was compiled from."""

    version_id: UUID
    version: int
    name: Text
    forms: Mapping[str, Form]
    bpmn: bytes


@dataclass(frozen=True, slots=True)
class PinnedNet:
    """What an instance runs on: the net and, by process key, versions and forms."""

    net: Net
    processes: Mapping[str, PinnedProcess]
    watched: frozenset[tuple[str, str]]

    def is_watched(self, element: Element) -> bool:
        """Tell whether another element must be done by a different person than this one."""
        return (element.process, element.id) in self.watched

    def process(self, key: str) -> Process:
        """Return the compiled process of a key."""
        return self.net.processes[key]

    def element(self, scope_process: str, element_id: str) -> Element:
        """Return an element by process and id."""
        return self.net.processes[scope_process].elements[element_id]

    def form_of(self, element: Element) -> Form | None:
        """Return the pinned form of a user task."""
        if element.form is None:
            return None
        return self.processes[element.process].forms[element.form]


_cache: OrderedDict[frozenset[tuple[str, str]], PinnedNet] = OrderedDict()
_lock = threading.Lock()


def pinned_net(session: Session, pins: Pins) -> PinnedNet:
    """Return the net of these versions, compiled once in each process of the platform."""
    key = frozenset(pins.items())
    with _lock:
        found = _cache.get(key)
        if found is not None:
            _cache.move_to_end(key)
            return found
    made = _compile(session, pins)
    with _lock:
        _cache[key] = made
        while len(_cache) > MAX_CACHED:
            _cache.popitem(last=False)
    return made


def _compile(session: Session, pins: Pins) -> PinnedNet:
    files = files_of_versions(session, [UUID(pin) for pin in pins.values()])
    rows = session.execute(
        select(
            ProcessDefinitionVersion.id,
            ProcessDefinitionVersion.key,
            ProcessDefinitionVersion.version,
            ProcessDefinitionVersion.name,
            ProcessDefinitionVersion.name_en,
        ).where(ProcessDefinitionVersion.id.in_(files))
    ).all()
    processes = {
        row.key: PinnedProcess(
            row.id,
            row.version,
            Text(row.name, row.name_en),
            _forms(files[row.id]),
            files[row.id][bpmn_name(row.key)],
        )
        for row in rows
    }
    diagrams = {bpmn_name(key): process.bpmn for key, process in processes.items()}
    decisions = {
        name: data
        for key, process in processes.items()
        for name, data in decision_files(key, files[process.version_id]).items()
    }
    net = compile_process_files(diagrams | decisions)
    watched = frozenset(
        (key, watched)
        for key, process in net.processes.items()
        for element in process.elements.values()
        for watched in element.differs_from
    )
    return PinnedNet(net, processes, watched)


def _forms(files: Mapping[str, bytes]) -> dict[str, Form]:
    named = ((form_name(name), data) for name, data in files.items())
    return {name: read_form(name, data) for name, data in named if name is not None}


def files_of_versions(session: Session, version_ids: Iterable[UUID]) -> dict[UUID, dict[str, bytes]]:
    """Return the files of each version by name."""
    rows = session.execute(
        select(DefinitionFile.version_id, DefinitionFile.name, DefinitionFile.digest).where(
            DefinitionFile.version_id.in_(list(version_ids))
        )
    ).all()
    contents = fetch(session, {row.digest for row in rows})
    files: dict[UUID, dict[str, bytes]] = {}
    for row in rows:
        files.setdefault(row.version_id, {})[row.name] = contents[row.digest]
    return files
