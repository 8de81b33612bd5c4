"""What a person can set, call, grant or read has an entry in the reference."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.api import Registry
from kernel.files import FileStore
from kernel.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
REFERENCE = ROOT / "docs" / "reference"
PACKAGES = ("kernel", "engine", "domain", "handlers", "webapp")
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")


def named_in(page: str) -> set[str]:
    """Return everything that a page of the reference names in code type."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return set(re.findall(r"`([^`\n]+)`", text))


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Parse every module of the product."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def audit_actions() -> set[str]:
    """Find the names of audit events: what is handed over as ``action`` or to ``perform``."""
    found: set[str] = set()
    for _path, tree in modules():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            given = [keyword.value for keyword in call.keywords if keyword.arg == "action"]
            if name in {"perform", "perform_once"} and len(call.args) > 1:
                given.append(call.args[1])
            if name in {"_record", "record"}:
                given += call.args[:3]
            for value in given:
                found |= {
                    node.value
                    for node in ast.walk(value)
                    if isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and ACTION.fullmatch(node.value)
                }
    return found


def error_classes() -> set[str]:
    """Find the public error classes: those that follow from ``PlatformError`` or a family of it."""
    parents: dict[str, set[str]] = {}
    for _path, tree in modules():
        for node in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            parents[node.name] = {getattr(base, "attr", getattr(base, "id", "")) for base in node.bases}
    errors = {"PlatformError"}
    while more := {name for name, bases in parents.items() if bases & errors} - errors:
        errors |= more
    return {name for name in errors if not name.startswith("_")}


def test_every_setting_has_an_entry() -> None:
    fields = {f"ZUJIAN_{name.upper()}" for name in Settings.__dataclass_fields__}

    assert fields - named_in("settings.md") == set()


def test_every_command_has_an_entry() -> None:
    from webapp.cli import COMMANDS

    commands = {
        f"zujian {command.name} {sub}" if hasattr(command, "commands") else f"zujian {command.name}"
        for command in COMMANDS
        for sub in getattr(command, "commands", {"": None})
    }
    entries = {" ".join(entry.split()) for entry in named_in("cli.md")}

    assert {name for name in commands if not any(entry.startswith(name) for entry in entries)} == set()


def test_every_permission_has_an_entry() -> None:
    from domain.people.permissions import PERMISSIONS, ROLES

    assert set(PERMISSIONS) | set(ROLES) <= named_in("permissions.md")


def test_every_topic_has_an_entry(tmp_path: Path) -> None:
    from handlers import register_all

    registry = Registry()
    settings = Settings(
        data_dir=tmp_path, database_url="sqlite://", secret_key="x" * 32, processes_dir=tmp_path
    )
    register_all(registry, settings=settings, files=FileStore(tmp_path))
    topics = {contract.topic for contract in [*registry.topics(), *registry.listener_topics()]}

    assert topics - named_in("topics.md") == set()


def test_every_audit_event_has_an_entry() -> None:
    assert audit_actions() - named_in("audit-events.md") == set()


def test_every_error_has_an_entry() -> None:
    assert error_classes() - named_in("errors.md") == set()


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").rglob("*.md")))
def test_links_between_pages_lead_somewhere(page: str) -> None:
    for path in (ROOT / "docs").rglob(page):
        text = path.read_text(encoding="utf-8")
        links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text)

        assert [link for link in links if not (path.parent / link).exists()] == []
