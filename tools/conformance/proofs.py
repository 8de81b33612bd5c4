"""Which tests say that they show a requirement: the marker ``requirement`` on test functions."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Proof:
    """A test, the requirements that it shows, and the digest of its source."""

    test: str
    requirements: tuple[str, ...]
    digest: str


def proofs() -> list[Proof]:
    """Find every marked test, ordered by its id."""
    found = [
        proof for path in (ROOT / "tests").rglob("test_*.py") for proof in _in(path) if proof.requirements
    ]
    return sorted(found, key=lambda proof: proof.test)


def _in(path: Path) -> Iterator[Proof]:
    source = path.read_text(encoding="utf-8")
    if "requirement" not in source:
        return
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            ids = tuple(each for decorator in node.decorator_list for each in _marked(decorator))
            text = ast.get_source_segment(source, node) or ""
            name = f"{path.relative_to(ROOT).as_posix()}::{node.name}"
            yield Proof(name, ids, hashlib.sha256(text.encode()).hexdigest())


def _marked(decorator: ast.expr) -> Iterator[str]:
    if isinstance(decorator, ast.Call) and getattr(decorator.func, "attr", "") == "requirement":
        for argument in decorator.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value
