"""Which ends the shipped processes have, and which of them a journey has to reach."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from lxml import etree

PROCESSES: Final = Path(__file__).resolve().parents[2] / "processes"
END: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}endEvent"
PROCESS: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}process"

Test = TypeVar("Test", bound=Callable[..., None])

DECLARED: Final[dict[str, frozenset[str]]] = {}
"""Name of a test -> the ends that it reaches, as ``process/end event``; a fixture sees to it that it does."""


def reaches(*ends: str) -> Callable[[Test], Test]:
    """Declare which ends a journey reaches."""

    def declare(test: Test) -> Test:
        DECLARED[f"{test.__module__}.{test.__qualname__}"] = frozenset(ends)
        return test

    return declare


def declared_by(function: Any) -> frozenset[str]:
    """Return what a test declares; nothing where it tells of something else."""
    return DECLARED.get(f"{function.__module__}.{function.__qualname__}", frozenset())


def shipped_ends() -> set[str]:
    """Return every end event of every shipped process, those of embedded sub-processes apart."""
    return {
        f"{process.get('id')}/{end.get('id')}"
        for path in PROCESSES.glob("*/*.bpmn")
        for process in etree.parse(path).getroot().iter(PROCESS)
        for end in process.findall(END)
    }
