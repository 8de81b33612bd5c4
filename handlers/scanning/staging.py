"""A copy of the provider's own files for one tool, without what would tell the tool to look away."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from handlers.scanning.artefacts import Artefact
from handlers.scanning.languages import own_files

# An artefact must not decide what is looked at.
_LOOK_AWAY = {
    ".semgrepignore",
    ".opengrepignore",
    ".gitleaksignore",
    ".gitleaks.toml",
    ".gitignore",
    ".secretsignore",
}


def stage(artefact: Artefact, name: str, wanted: Callable[[Path], bool]) -> tuple[Path, int]:
    """Lay out the own files that are wanted under a folder of ``work``; return it and their number."""
    folder, count = artefact.work / name, 0
    folder.mkdir()
    for path in own_files(artefact.tree):
        if path.name in _LOOK_AWAY or not wanted(path):
            continue
        target = folder / path.relative_to(artefact.tree)
        target.parent.mkdir(parents=True, exist_ok=True)
        _same_content(path, target)
        count += 1
    return folder, count


def _same_content(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:
        # A file system without links.
        shutil.copyfile(path, target)
