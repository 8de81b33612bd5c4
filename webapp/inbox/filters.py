"""The state of the list as the address carries it: view, processes, search, page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from flask import url_for
from werkzeug.datastructures import MultiDict

from engine.api import InboxFilter, InboxView

PAGE = 30
VIEWS: tuple[InboxView, ...] = get_args(InboxView)


@dataclass(frozen=True, slots=True)
class ListState:
    """What the list shows; carried along every link so that the way back leads to the same list."""

    view: InboxView = "mine"
    process_keys: tuple[str, ...] = ()
    text: str = ""
    after: str | None = None

    @classmethod
    def of(cls, values: MultiDict[str, str]) -> ListState:
        """Read the state from a query or a form; what is not understood falls back to the default."""
        wanted = values.get("view", "mine")
        view: InboxView = next((view for view in VIEWS if view == wanted), "mine")
        keys = tuple(dict.fromkeys(key for key in values.getlist("process") if key))
        return cls(view, keys, values.get("text", "").strip()[:100], values.get("after") or None)

    def filter(self) -> InboxFilter:
        """Return the engine's filter."""
        return InboxFilter(self.view, self.process_keys, self.text, self.after, PAGE)

    def query(self) -> dict[str, Any]:
        """Return the state as query values, defaults left out."""
        values: Mapping[str, Any] = {
            "view": self.view if self.view != "mine" else None,
            "process": list(self.process_keys) or None,
            "text": self.text or None,
            "after": self.after,
        }
        return {name: value for name, value in values.items() if value is not None}

    def list_url(self, **changes: Any) -> str:
        """Return the address of the list, changed as asked; another view begins at its first page."""
        changes.setdefault("after", None)
        return url_for("inbox.index", **replace(self, **changes).query())

    def task_url(self, task_id: object) -> str:
        """Return the address of a task within this list."""
        return url_for("inbox.task", task_id=task_id, **self.query())
