"""Set two results side by side: ``make bench-compare A=build/bench-1.json B=build/bench-2.json``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def main() -> None:
    """Print every figure that both files have, with the second as a part of the first."""
    first, second = (
        dict(_figures(json.loads(Path(name).read_text(encoding="utf-8")))) for name in sys.argv[1:3]
    )
    for name in first:
        if name in second:
            a, b = first[name], second[name]
            print(f"{name:<70}{a:>12g}{b:>12g}{f'{b / a:>9.0%}' if a else '':>9}")


def _figures(value: Any, name: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _figures(item, f"{name} {key}".strip())
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _figures(item, f"{name} [{place}]")
    elif isinstance(value, int | float):
        yield name, float(value)


if __name__ == "__main__":
    main()
