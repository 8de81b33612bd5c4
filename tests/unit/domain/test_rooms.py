"""The rooms of the domain talk through doors: nobody imports another room's tables."""

from __future__ import annotations

import ast
from pathlib import Path

DOMAIN = Path(__file__).resolve().parents[3] / "domain"


def test_no_room_imports_the_tables_of_another() -> None:
    strangers = []
    for path in DOMAIN.rglob("*.py"):
        room = path.relative_to(DOMAIN).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.endswith(".models"):
                owner = node.module.split(".")[1]
                if node.module.startswith("domain.") and owner != room:
                    strangers.append(f"{path.name}: {node.module}")

    assert strangers == []
