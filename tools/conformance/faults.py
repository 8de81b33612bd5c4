"""Seeded faults: a change in one place of the product that must turn the test of a requirement red.

Each runs in a copy of the checkout, so nothing of it is left behind. What was found is kept beside the
faults, under the digest of fault and test: a fault is tried again when either changes.
"""

from __future__ import annotations

import compileall
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode
from tempfile import TemporaryDirectory

from tools.conformance.proofs import ROOT, Proof

FOLDER = ROOT / "tests" / "conformance" / "faults"
PARTS = (
    "kernel", "engine", "domain", "handlers", "webapp", "processes", "migrations", "tests", "tools", "docs",
    "pyproject.toml",
)  # fmt: skip
PATIENCE_SECONDS = 300
# What a fault here breaks could show while the platform is set up, so it is set up anew.
BEFORE_THE_STAGE = ("engine/", "processes/", "migrations/", "kernel/")
STAGED = "tests/integration/webapp/market/test_market.py::test_a_published_component_is_on_the_shelf"
RED, GREEN, BROKEN = "red", "green", "broken"


@dataclass(frozen=True, slots=True)
class Fault:
    """Replace ``old`` by ``new`` in ``file``: then ``test`` must fail."""

    area: str
    requirements: tuple[str, ...]
    test: str
    file: str
    old: str
    new: str

    def key(self, test_digest: str) -> str:
        """Return the digest under which its verdict is kept."""
        parts = (*self.requirements, self.test, self.file, self.old, self.new, test_digest)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    @property
    def occurrences(self) -> int:
        """Count the places that the change would strike; it must be one."""
        path = ROOT / self.file
        return path.read_text(encoding="utf-8").count(self.old) if path.is_file() else 0


def faults() -> list[Fault]:
    """Read the seeded faults of all areas.

    Raises:
        KeyError: an entry lacks requirement, test, file, old or new.
    """
    return [
        Fault(
            area=path.stem,
            requirements=(named,) if isinstance(named := entry["requirement"], str) else tuple(named),
            test=entry["test"],
            file=entry["file"],
            old=entry["old"],
            new=entry["new"],
        )
        for path in sorted(FOLDER.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("fault", [])
    ]


def verdicts() -> dict[str, str]:
    """Return what became of the faults tried so far, by key."""
    known: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.json")):
        known |= json.loads(path.read_text(encoding="utf-8"))
    return known


def red_faults(found: Iterable[Proof]) -> list[Fault]:
    """Return the faults that turned their test red, both as they stand now."""
    digests = {proof.test: proof.digest for proof in found}
    known = verdicts()
    return [
        fault
        for fault in faults()
        if fault.test in digests and known.get(fault.key(digests[fault.test])) == RED
    ]


def try_faults(found: Iterable[Proof], *, areas: Iterable[str] = (), everything: bool = False) -> int:
    """Try the faults without a verdict, keep what was found, and return how many were not noticed."""
    digests = {proof.test: proof.digest for proof in found}
    known, chosen = verdicts(), set(areas)
    kept: dict[str, dict[str, str]] = {}
    unnoticed = 0
    with _copy() as checkout, TemporaryDirectory(prefix="zujian-kept-") as kept_folder:
        _keep_a_stage(checkout, kept_folder)
        for fault in faults():
            key = fault.key(digests.get(fault.test, ""))
            if (everything or known.get(key) != RED) and (not chosen or fault.area in chosen):
                known[key] = _try(checkout, fault, kept_folder) if fault.test in digests else BROKEN
                print(f"{known[key]:<7} {', '.join(fault.requirements)}: {fault.test}", flush=True)
                unnoticed += known[key] != RED
            if known.get(key) == RED:
                kept.setdefault(fault.area, {})[key] = RED
    for area in {fault.area for fault in faults()}:
        path = FOLDER / f"{area}.json"
        text = json.dumps(dict(sorted(kept.get(area, {}).items())), indent=1)
        path.write_text(text + "\n", encoding="utf-8")
    return unnoticed


@contextmanager
def _copy() -> Iterator[Path]:
    with TemporaryDirectory(prefix="zujian-faults-") as folder:
        for part in PARTS:
            source, target = ROOT / part, Path(folder) / part
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "node_modules")
                shutil.copytree(source, target, ignore=ignored)
            else:
                shutil.copyfile(source, target)
        # By digest and not by time: what a fault changes is compiled anew, the rest is read as it is.
        compileall.compile_dir(folder, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
        yield Path(folder)


def _try(checkout: Path, fault: Fault, kept: str) -> str:
    if fault.occurrences != 1:
        return BROKEN
    path = checkout / fault.file
    sound = path.read_text(encoding="utf-8")
    path.write_text(sound.replace(fault.old, fault.new), encoding="utf-8")
    try:
        return _verdict(_run(checkout, fault, kept))
    finally:
        path.write_text(sound, encoding="utf-8")


def _keep_a_stage(checkout: Path, kept: str) -> None:
    """Set the platform of the page tests up once, while nothing is broken, for all the faults to come."""
    environment = {**_environment(checkout), **_kept(kept), "ZUJIAN_TEST_STAGE_KEEP": "1"}
    _pytest(checkout, [f"{STAGED}[sqlite]"], environment)


def _environment(checkout: Path) -> dict[str, str]:
    # Bytecode is not written: two versions of a file within one second would be taken for one.
    return {**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}


def _kept(folder: str) -> dict[str, str]:
    return {"ZUJIAN_TEST_VERDICTS": f"{folder}/verdicts", "ZUJIAN_TEST_STAGE": f"{folder}/stage"}


def _run(checkout: Path, fault: Fault, kept: str) -> int:
    environment = _environment(checkout)
    if not fault.file.startswith(BEFORE_THE_STAGE):
        environment |= _kept(kept)
    return _pytest(checkout, [fault.test], environment)


def _pytest(checkout: Path, arguments: list[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist"]
    try:
        done = subprocess.run(
            [*command, *arguments],
            cwd=checkout,
            env=environment,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return 1
    return done.returncode


def _verdict(exit_code: int) -> str:
    """Tell red (a test failed) from green and from a run that was none: nothing collected, a usage error."""
    return {0: GREEN, 1: RED}.get(exit_code, BROKEN)
