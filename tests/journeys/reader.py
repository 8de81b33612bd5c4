"""A person with a browser that has no script: follows the HTML of the pages."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.journeys.persons import Login, Person, Refused
from webapp.demo.supplies import Upload


class Reader(Person):
    """Sends what a browser would send of the forms that the page shows."""

    def __init__(self, login: Login, app: Flask) -> None:
        super().__init__(login)
        self._client = app.test_client()
        self._chosen: dict[str, list[Upload]] = {}

    def put(self, controls: str, values: Sequence[str]) -> None:
        """Fill in a field."""
        found = self.shows(controls)
        if not found:
            raise Refused(f"{self.address} offers no {controls}")
        for control in found:
            self._put(control, values)

    def _put(self, control: Any, values: Sequence[str]) -> None:
        kind = control.get("type", "")
        if control.tag == "input" and kind in ("radio", "checkbox"):
            control.checked = control.get("value", "on") in values
            return
        (value,) = values
        if control.tag == "select" and value not in control.value_options:
            raise Refused(f"{control.name} at {self.address} does not offer {value}")
        if kind != "hidden":
            control.value = value

    def attach(self, control: str, files: Sequence[Upload]) -> None:
        """Choose files for a field."""
        (chosen,) = self.shows(control)
        self._chosen[chosen.get("name")] = list(files)

    def document(self, path: str) -> Any:
        """Return what a script of the page would read from an address."""
        return self._client.get(path).get_json(silent=True)

    def _go(self, path: str) -> None:
        self._read(self._client.get(path, follow_redirects=True))

    def _press(self, selector: str) -> None:
        button = self.shows(selector)[0]
        form = self.tree.get_element_by_id(button.get("form")) if button.get("form") else _form_of(button)
        fields: MultiDict[str, Any] = MultiDict(form.form_values())
        if button.get("name"):
            fields.add(button.get("name"), button.get("value", ""))
        if form.get("enctype") == "multipart/form-data":
            for name, files in self._chosen.items():
                for file in files:
                    fields.add(name, (io.BytesIO(file.content), file.name))
        action = button.get("formaction") or form.get("action") or self.address
        self._read(self._client.post(action, data=fields, follow_redirects=True))

    def _read(self, answer: TestResponse) -> None:
        self.address, self.status = answer.request.path, answer.status_code
        self._chosen = {}
        self.read(answer.get_data(as_text=True))


def _form_of(button: Any) -> Any:
    return next(button.iterancestors("form"))
