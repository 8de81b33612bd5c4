"""Which languages an artefact holds, told by the names of its files.

Source: draft standard, clause 8.2.4 a (Java, C/C++, Python, Go, JavaScript and so on)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from handlers.scanning.unpacking import NESTED_MARK

SOURCE_SUFFIXES = {
    ".java": "java",
    ".jsp": "java",
    ".c": "c",
    ".h": "c",
    ".cc": "c",
    ".cpp": "c",
    ".cxx": "c",
    ".hpp": "c",
    ".py": "python",
    ".go": "go",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "javascript",
    ".tsx": "javascript",
}
_BUILT_SUFFIXES = {".class": "java", ".jar": "java", ".pyc": "python"}
_MANIFESTS = {
    "pom.xml": "java",
    "build.gradle": "java",
    "requirements.txt": "python",
    "pyproject.toml": "python",
    "go.mod": "go",
    "package.json": "javascript",
    "package-lock.json": "javascript",
    "conanfile.txt": "c",
    "conanfile.py": "c",
    "conan.lock": "c",
    "vcpkg.json": "c",
}
# What others wrote and the provider only brings along: it is not the provider's source.
_FOREIGN_FOLDERS = {"node_modules", "site-packages", "dist-packages", "vendor", ".git"}
_SYSTEM_FOLDERS = {"usr", "lib", "lib64", "bin", "sbin", "etc", "var", "proc", "sys", "dev", "boot"}


def languages_in(files: Iterable[Path]) -> tuple[str, ...]:
    """Return the languages of the files, sorted."""
    found = {
        _MANIFESTS.get(path.name)
        or SOURCE_SUFFIXES.get(path.suffix.lower())
        or _BUILT_SUFFIXES.get(path.suffix.lower())
        for path in files
    }
    return tuple(sorted(it for it in found if it))


def source_files(tree: Path, files: Iterable[Path]) -> list[Path]:
    """Return the provider's own source files: no libraries brought along, no system files of an image."""
    return [path for path in files if path.suffix.lower() in SOURCE_SUFFIXES and is_own(tree, path)]


def is_own(tree: Path, path: Path) -> bool:
    """Tell whether a file is the provider's own, by where it lies."""
    parts = path.relative_to(tree).parts
    if any(part in _FOREIGN_FOLDERS or part.endswith(NESTED_MARK) for part in parts[:-1]):
        return False
    in_image = parts[0] == "rootfs" and len(parts) > 2
    if in_image and parts[1] == "usr":
        return parts[2] in {"src", "app"}
    return not (in_image and parts[1] in _SYSTEM_FOLDERS)


def own_files(tree: Path) -> Iterator[Path]:
    """Return the provider's own files of any kind, in order."""
    return (path for path in sorted(tree.rglob("*")) if path.is_file() and is_own(tree, path))
