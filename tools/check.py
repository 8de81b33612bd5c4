"""Run every check that needs no test: formatting, lint, types, import contracts, templates, spelling.

All of them run, so that one call shows everything that is wrong; the first failing one decides the
exit code.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
CHECKS = {
    "format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "lint": [BIN / "ruff", "check", "--quiet", "."],
    "types": [BIN / "mypy"],
    "imports": [BIN / "lint-imports", "--no-cache"],
    "templates": [BIN / "djlint", "--lint", "--quiet", "webapp/templates"],
    "spelling": [BIN / "codespell"],
    "front end": ["npm", "run", "--silent", "check"],
}


def main() -> int:
    """Run the checks one after the other and print the output of those that fail."""
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}{os.pathsep}{BIN}"}
    failed = []
    for name, command in CHECKS.items():
        begin = time.monotonic()
        done = subprocess.run(
            [str(part) for part in command], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        verdict = "ok" if done.returncode == 0 else "FAILED"
        print(f"{name:<10} {verdict:<7} {time.monotonic() - begin:5.1f} s", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    if failed:
        print(f"Not clean: {', '.join(failed)}. `make format` mends what a program can mend.")
    return min(len(failed), 1)


if __name__ == "__main__":
    sys.exit(main())
