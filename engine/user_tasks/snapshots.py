"""What the person saw and said, fixed by digest: form schema, data, attachments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
import rfc8785
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.contents.store import fetch_json, json_content
from engine.errors import FormRefused
from engine.forms.form import Form
from engine.forms.validation import files_in, problems_of
from engine.user_tasks.models import UserTask
from kernel.canonical import canonical_bytes
from kernel.errors import FieldProblem
from kernel.files import digest_of
from kernel.language import Text

MAX_DATA_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``{"schema": 1, "form": digest, "data": {...}, "attachments": {path: digest}}`` as canonical JSON."""

    digest: str
    attachments: Mapping[str, str]
    document: str


def check_data(session: Session, form: Form | None, data: Any) -> None:
    """Refuse data that break the form's schema; without a form no field is known.

    Raises:
        FormRefused: carries one problem for each broken rule.
    """
    problems = _size_problems(data)
    if not problems and form is None and data:
        problems = [_no_form()]
    if not problems and form is not None:
        problems = list(problems_of(form, data, lambda reference: digest_of(session, reference) is not None))
    if problems:
        raise FormRefused(problems)


def snapshot(session: Session, form: Form | None, data: Mapping[str, Any]) -> Snapshot:
    """Return the snapshot of a completion, to be kept with its task."""
    attachments: dict[str, str] = {}
    for path, reference, _field in files_in(form.schema, data) if form else ():
        digest = digest_of(session, reference)
        if digest is not None:
            attachments[path] = digest
    document = json_content(
        {
            "schema": 1,
            "form": form.content.digest if form else None,
            "data": data,
            "attachments": attachments,
        }
    )
    # The form's own content was kept when the definition was deployed.
    return Snapshot(document.digest, attachments, document.data.decode())


def submitted_data(session: Session, task: UserTask) -> dict[str, Any]:
    """Return what was submitted with a completed task; {} while it is open."""
    if task.snapshot_digest is None:
        return {}
    kept = session.scalar(select(UserTask.snapshot).where(UserTask.id == task.id))
    # Snapshots of tasks from before the column are contents of their own.
    document = orjson.loads(kept) if kept is not None else fetch_json(session, task.snapshot_digest)
    data: dict[str, Any] = document["data"]
    return data


def with_every_field(form: Form | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data with null for the fields left empty, so that output expressions may name each field."""
    fields = form.properties if form else ()
    return {**dict.fromkeys(fields), **data}


def _size_problems(data: Any) -> list[FieldProblem]:
    try:
        size = len(canonical_bytes(data))
    except (rfc8785.CanonicalizationError, ValueError, RecursionError):
        message = Text("数据含有无法保存的值。", "The data hold a value that cannot be stored.")
        cure = Text("请检查过大的数字。", "Look for numbers that are too large.")
        return [FieldProblem("", "data.value", message, None, cure)]
    if size > MAX_DATA_BYTES:
        message = Text("表单数据超过 1 MB。", "The form data are larger than 1 MiB.")
        cure = Text("请改用附件上传。", "Upload long contents as attachments.")
        return [FieldProblem("", "data.size", message, None, cure)]
    return []


def _no_form() -> FieldProblem:
    return FieldProblem(
        "",
        "data.no-form",
        Text("该任务没有表单，不接受数据。", "This task has no form and takes no data."),
        None,
        Text("请不带数据提交。", "Complete it without data."),
    )
