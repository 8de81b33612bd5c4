"""The difference between two records, field by field; a list counts as one value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not the same: a dotted path, and None where a side does not have it."""

    path: str
    before: Any
    after: Any

    def to_json(self) -> dict[str, Any]:
        """Return the difference as a JSON object."""
        return {"path": self.path, "before": self.before, "after": self.after}


def differences(current: Record, pending: Record) -> tuple[Difference, ...]:
    """Return what differs, by path. A field that is ``null`` counts as absent."""
    before, after = dict(_leaves(current)), dict(_leaves(pending))
    return tuple(
        Difference(path, before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
        if not _same(before.get(path), after.get(path))
    )


def _leaves(record: Record, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{path}.")
        elif value is not None:
            yield path, value


def _same(one: Any, other: Any) -> bool:
    """Compare as JSON does: ``1``, ``1.0`` and ``true`` are three values."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other)
