"""The import contracts of pyproject.toml hold."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_import_contract_is_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_versions_of_the_schema_import_none_of_our_code() -> None:
    ours = ("kernel", "engine", "domain", "handlers", "webapp")
    versions = sorted((ROOT / "migrations" / "versions").glob("*.py"))

    guilty = [
        f"{path.name}: {line}"
        for path in versions
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(tuple(f"{word} {name}" for word in ("import", "from") for name in ours))
    ]

    assert versions
    assert not guilty
