"""From a submitted form back to data, guided by the schema that drew it.

Empty fields are left out, so that "required" means what a person expects. A value that cannot be read as
its type stays the text that was typed, so that validation can name it. Hidden and read-only fields are
never taken from the browser: they keep what the server had.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from webapp.forms.moments import read_instant
from webapp.forms.schema import Kind, Schema, kind_of, resolved, type_of

FileUpload = Callable[[FileStorage], str]
"""Stores an uploaded file and returns its reference."""

SecretSealing = Callable[[str], str]
"""Encrypts a typed secret and returns its reference."""

MAX_ROWS = 500


class _Submission:
    """One submitted form: what was typed, what was uploaded, what the server knew before."""

    def __init__(
        self,
        root: Schema,
        form: MultiDict[str, str],
        uploads: MultiDict[str, FileStorage],
        upload: FileUpload,
        seal: SecretSealing | None,
    ) -> None:
        self.root = root
        self.form = form
        self.uploads = uploads
        self.upload = upload
        self.seal = seal

    def object(self, schema: Schema, prefix: str, before: Any) -> dict[str, Any]:
        known = before if isinstance(before, Mapping) else {}
        found: dict[str, Any] = {}
        required = set(schema.get("required", ()))
        for name, part in schema.get("properties", {}).items():
            part = resolved(part, self.root)
            kind = kind_of(part, self.root)
            value = self.value(part, kind, f"{prefix}{name}", known.get(name))
            if value in (None, "", [], {}) and not (kind == "group" and name in required):
                continue
            found[name] = value
        return found

    def value(self, schema: Schema, kind: Kind, path: str, before: Any) -> Any:
        if kind == "hidden" or schema.get("readOnly"):
            return before
        if kind == "group":
            return self.object(schema, f"{path}.", before)
        if kind == "rows":
            return self.rows(schema, path, before)
        if kind == "secret":
            return self.secret(path)
        if kind == "file":
            return self.file(path)
        if kind == "files":
            return self.files(path)
        if kind == "checkbox":
            # An unticked box sends nothing: the field is false only where the form showed it.
            return True if path in self.form else (False if f"{path}._shown" in self.form else None)
        if kind == "choices":
            return self.form.getlist(path)
        text = self.form.get(path, "").strip()
        if kind == "lines":
            return [line.strip() for line in text.splitlines() if line.strip()]
        if kind == "datetime":
            return read_instant(text) or None
        return _typed(text.replace("\r\n", "\n"), schema)

    def rows(self, schema: Schema, path: str, before: Any) -> list[Any]:
        items = resolved(schema.get("items", {}), self.root)
        known = before if isinstance(before, list) else []
        pattern = re.compile(re.escape(path) + r"\.(\d{1,4})\.")
        matches = (pattern.match(name) for name in (*self.form, *self.uploads))
        indexes = sorted({int(match.group(1)) for match in matches if match})[:MAX_ROWS]
        removed = self.form.get("row.remove")
        rows = [
            self.object(items, f"{path}.{index}.", known[index] if index < len(known) else {})
            for index in indexes
            if f"{path}.{index}" != removed
        ]
        return [*rows, {}] if self.form.get("row.add") == path else rows

    def secret(self, path: str) -> str | None:
        """Return the reference of a secret: of what was typed now, else of what was kept before."""
        typed = self.form.get(path, "")
        if typed.strip() and self.seal is not None:
            return self.seal(typed)
        return self.form.get(f"{path}.kept") or None

    def file(self, path: str) -> str | None:
        new = self.uploads.get(f"{path}.upload")
        if new is not None and new.filename:
            return self.upload(new)
        if f"{path}.remove" in self.form:
            return None
        return self.form.get(path) or None

    def files(self, path: str) -> list[str]:
        removed = set(self.form.getlist(f"{path}.remove"))
        kept = [reference for reference in self.form.getlist(path) if reference and reference not in removed]
        new = [self.upload(upload) for upload in self.uploads.getlist(f"{path}.upload") if upload.filename]
        return kept + new


def parse(
    schema: Schema,
    form: MultiDict[str, str],
    uploads: MultiDict[str, FileStorage],
    upload: FileUpload,
    before: Mapping[str, Any],
    seal: SecretSealing | None = None,
) -> dict[str, Any]:
    """Return the data of a submitted form; ``before`` is what the server knew when it drew the form.

    Effect: each uploaded file is stored by calling ``upload``. The fields ``row.add`` and ``row.remove``
    (buttons that work without script) add an empty row or take one away. A typed secret is replaced by what
    ``seal`` returns for it, and dropped where nothing seals (drafts): it never stays in the data.
    """
    return _Submission(schema, form, uploads, upload, seal).object(schema, "", before)


def _typed(text: str, schema: Schema) -> Any:
    if not text:
        return None
    type_ = type_of(schema)
    if "enum" in schema:
        return next((value for value in schema["enum"] if str(value) == text), text)
    try:
        if type_ == "integer":
            return int(text)
        if type_ == "number":
            return float(text)
    except ValueError:
        return text
    return text
