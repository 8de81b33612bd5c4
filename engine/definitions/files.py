"""The files of a definition: ``<key>.bpmn``, ``forms/<name>.json`` and ``decisions/<name>.dmn``.

``forms/start.json`` is what a person fills in to start the process by hand; the other forms belong to the
user tasks that name them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from engine.bpmn.problems import Problem
from kernel.language import Text

MAX_BPMN_BYTES: Final = 2 * 1024 * 1024
MAX_FILES: Final = 100
START_FORM: Final = "start.json"
_FORM: Final = re.compile(r"forms/([A-Za-z0-9][A-Za-z0-9_.-]{0,100}\.json)")
_DECISION: Final = re.compile(r"decisions/[A-Za-z0-9][A-Za-z0-9_.-]{0,100}\.dmn")
_IGNORED: Final = re.compile(r"(?i)readme(\.[a-z-]+)?\.md")


def bpmn_name(key: str) -> str:
    """Return the name of the diagram file of a process."""
    return f"{key}.bpmn"


def form_name(file_name: str) -> str | None:
    """Return the name under which elements know a form file, None for other files."""
    match = _FORM.fullmatch(file_name)
    return match[1] if match else None


def media_type(file_name: str) -> str:
    """Return the media type of a file of a definition."""
    types = {".json": "application/json", ".dmn": "application/dmn+xml"}
    return types.get(PurePosixPath(file_name).suffix, "application/bpmn+xml")


def decision_files(key: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the decision files under the names by which the compiler gives them to this process only."""
    return {f"{key}/{name}": data for name, data in files.items() if _DECISION.fullmatch(name)}


def deployable(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files without the notes for people (README.md)."""
    return {name: data for name, data in files.items() if not _IGNORED.fullmatch(name)}


def file_problems(key: str, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield what is wrong with the set of files itself."""
    wanted = bpmn_name(key)
    if wanted not in files:
        yield _problem(
            "files.diagram-missing",
            Text(f"缺少流程图文件 {wanted}。", f"The diagram file {wanted} is missing."),
            Text("请加入该文件，文件名须与流程键相同。", "Add it; its name must be the process key."),
        )
    if len(files) > MAX_FILES:
        yield _problem(
            "files.too-many",
            Text(f"文件超过 {MAX_FILES} 个。", f"There are more than {MAX_FILES} files."),
            Text("请删除不需要的文件。", "Remove what is not needed."),
        )
    for name, data in files.items():
        if name != wanted and form_name(name) is None and not _DECISION.fullmatch(name):
            yield _problem(
                "files.unknown",
                Text(f"不认识的文件 {name}。", f"The file {name} is of no known kind."),
                Text(
                    f"只接受 {wanted}、forms/名称.json 与 decisions/名称.dmn。",
                    f"Only {wanted}, forms/<name>.json and decisions/<name>.dmn are accepted.",
                ),
            )
        elif name == wanted and len(data) > MAX_BPMN_BYTES:
            yield _problem(
                "files.size",
                Text(f"{name} 过大。", f"{name} is too large."),
                Text("请拆分流程。", "Split the process."),
            )


def _problem(rule: str, message: Text, cure: Text) -> Problem:
    return Problem(None, rule, "error", message, cure)
