"""The engine in a program of somebody else's: the example of the guide, and the tables it makes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from sqlalchemy import inspect, text

from engine.api import create_tables
from kernel.database import Database

REPOSITORY = Path(__file__).resolve().parents[3]
GUIDE = REPOSITORY / "docs" / "how-to" / "embed-the-engine.md"
NOT_NEEDED = ("domain", "handlers", "webapp", "flask", "alembic", "celery")
TRIGGERS = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": (
        "SELECT pg_get_triggerdef(t.oid) || pg_get_functiondef(t.tgfoid) FROM pg_trigger t "
        "WHERE NOT t.tgisinternal AND t.tgrelid = 'audit_event'::regclass ORDER BY t.tgname"
    ),
}


def example() -> str:
    """Return the program of the guide."""
    (program,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return str(program)


def test_the_program_of_the_guide_runs_and_needs_nothing_of_this_platform(tmp_path: Path) -> None:
    looking = (
        f"\nimport sys\nprint([name for name in {NOT_NEEDED} "
        "if any(m.split('.')[0] == name for m in sys.modules)])\n"
    )

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", example() + looking],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"ZJ-990000-\d{4}-000001 granted\n\[\]\n", done.stdout)
    assert done.stderr == ""


def test_the_program_of_the_guide_is_forty_lines_and_enters_by_the_front_door() -> None:
    lines = [line for line in example().splitlines() if line.strip()]
    entered = set(re.findall(r"^from (engine[.\w]*)", example(), re.MULTILINE))

    assert len(lines) <= 40
    assert entered == {"engine.api"}


def test_the_tables_it_makes_are_those_of_the_migrations(database: Database, tmp_path: Path) -> None:
    migrated = described(database)
    if database.dialect == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'made.sqlite3'}")
    else:
        with database.write() as session:
            session.execute(text("DROP SCHEMA public CASCADE"))
            session.execute(text("CREATE SCHEMA public"))
        made = database

    create_tables(made)
    create_tables(made)

    names = set(inspect(made.engine).get_table_names())
    assert {"audit_event", "audit_stream", "job", "process_instance", "user_task"} <= names
    assert described(made) == {name: migrated[name] for name in (*names, "(triggers)")}
    made.dispose()


def described(database: Database) -> dict[str, object]:
    """Return columns and indexes of each table, and the triggers of the audit trail."""
    inspector = inspect(database.engine)
    tables: dict[str, object] = {}
    for name in inspector.get_table_names():
        columns = {
            each["name"]: (str(each["type"]), each["nullable"]) for each in inspector.get_columns(name)
        }
        indexes = {
            each["name"]: (tuple(each["column_names"]), each["unique"])
            for each in inspector.get_indexes(name)
        }
        tables[name] = (columns, indexes, inspector.get_pk_constraint(name)["constrained_columns"])
    with database.read() as session:
        triggers = session.scalars(text(TRIGGERS[database.dialect]))
        # Written on other lines it is the same trigger.
        tables["(triggers)"] = [" ".join(trigger.split()) for trigger in triggers]
    return tables
