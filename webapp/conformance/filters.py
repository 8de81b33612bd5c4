"""What the matrix is filtered by, as the address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.conformance.matrix import Row, Status


@dataclass(frozen=True, slots=True)
class MatrixFilters:
    """Each empty where it does not filter."""

    text: str
    status: str
    chapter: str

    @classmethod
    def from_request(cls, values: Mapping[str, str]) -> MatrixFilters:
        """Read the filters from an address; an unknown status counts as none."""
        status = values.get("status", "")
        return cls(
            text=values.get("text", "").strip(),
            status=status if status in list(Status) else "",
            chapter=values.get("chapter", "").strip(),
        )

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is filtered."""
        return not any((self.text, self.status, self.chapter))

    def lets_through(self, row: Row) -> bool:
        """Tell whether a row is wanted; the text is looked for in id, clause and both languages."""
        each = row.requirement
        text = f"{each.id} {each.clause} {each.text.zh} {each.text.en}".casefold()
        return (
            self.text.casefold() in text
            and self.status in ("", row.status)
            and self.chapter in ("", each.chapter)
        )
