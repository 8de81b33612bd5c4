"""Submitted data against a form's schema: every broken rule, each with its cure, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from jsonschema.exceptions import ValidationError

from engine.forms.form import Form, Schema, title_of
from engine.forms.messages import explain
from kernel.errors import FieldProblem
from kernel.language import Text

MAX_PROBLEMS = 200
FileExists = Callable[[str], bool]


def clean(value: Any) -> Any:
    """Return the data with strings of white space alone emptied, so that they count as missing."""
    if isinstance(value, str):
        return value if value.strip() else ""
    if isinstance(value, Mapping):
        return {str(key): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def problems_of(form: Form, data: Mapping[str, Any], file_exists: FileExists) -> tuple[FieldProblem, ...]:
    """Return every broken rule, by field; ``file_exists`` is asked for each ``file:<uuid>``."""
    found: dict[tuple[str, str], FieldProblem] = {}
    for error in () if form.accepts(data) else form.validator.iter_errors(data):
        for problem in _problems(form.schema, error):
            found.setdefault((problem.path, problem.rule), problem)
        if len(found) >= MAX_PROBLEMS:
            break
    for path, reference, field in files_in(form.schema, data):
        if not file_exists(reference):
            found.setdefault((path, "file"), _missing_file(path, field))
    return tuple(sorted(found.values(), key=lambda problem: problem.path))


def files_in(schema: Schema, data: Any, path: str = "") -> Iterator[tuple[str, str, Schema]]:
    """Yield (path, reference, field schema) for each file named in the data."""
    if schema.get("x-widget") == "file":
        if isinstance(data, str) and data:
            yield path, data, schema
    elif isinstance(data, Mapping):
        for name, field in schema.get("properties", {}).items():
            if name in data:
                yield from files_in(field, data[name], _join(path, name))
    elif isinstance(data, list) and isinstance(schema.get("items"), Mapping):
        for position, item in enumerate(data):
            yield from files_in(schema["items"], item, _join(path, str(position)))


def _problems(schema: Schema, error: ValidationError) -> Iterator[FieldProblem]:
    path = ".".join(str(part) for part in error.absolute_path)
    if error.validator == "required":
        names, given = cast(list[str], error.validator_value), cast(dict[str, Any], error.instance)
        for name in names:
            if name not in given:
                yield _problem(schema, _join(path, name), error)
    elif error.validator in {"anyOf", "oneOf"} and error.context:
        # The branch that came closest says more than "no branch fits".
        best = max(error.context, key=lambda inner: len(inner.absolute_path))
        yield from _problems(schema, best)
    else:
        yield _problem(schema, path, error)


def _problem(schema: Schema, path: str, error: ValidationError) -> FieldProblem:
    title = title_of(field_at(schema, path), path or "表单")
    message, mend = explain(str(error.validator), error.validator_value, error.instance, title)
    return FieldProblem(path, str(error.validator), message, None, mend)


def field_at(schema: Schema, path: str) -> Schema | None:
    """Return the schema of the field at a dotted path, if the schema names it."""
    current: Any = schema
    for part in path.split(".") if path else ():
        if not isinstance(current, Mapping):
            return None
        current = current.get("items") if part.isdigit() else current.get("properties", {}).get(part)
    return current if isinstance(current, Mapping) else None


def _missing_file(path: str, field: Schema) -> FieldProblem:
    title = title_of(field, path)
    return FieldProblem(
        path,
        "file",
        Text(f"“{title.zh}”引用的文件不存在。", f"The file named by “{title.en}” does not exist."),
        None,
        Text("请重新上传该文件。", "Upload the file again."),
    )


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
