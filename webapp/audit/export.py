"""A trail as a file: JSON with every chained field, or a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import orjson

from kernel.audit import AuditEventRow
from webapp.languages import gettext as _
from webapp.presentation import local_time

# A cell that begins so would be run as a formula by spreadsheet programs.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"


def as_json(rows: Sequence[AuditEventRow]) -> bytes:
    """Return the events oldest first, each with its chained content and digest."""
    events = [
        {"stream": row.stream, "sequence": row.sequence, "hash": row.hash, "actorName": row.actor_name,
         "address": row.address, "content": row.content}
        for row in rows
    ]  # fmt: skip
    return orjson.dumps({"schema": 1, "events": events}, option=orjson.OPT_INDENT_2, default=str)


def as_csv(rows: Sequence[AuditEventRow]) -> bytes:
    """Return the events as a table with a byte order mark, so that spreadsheets read Chinese."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(
        [_("时间"), _("记录链"), _("序号"), _("操作"), _("结果"), _("操作人"), _("角色"), _("来源地址"),
         _("环节"), _("条款"), _("理由或意见"), _("请求内容"), _("变更前"), _("变更后"), _("摘要值")]
    )  # fmt: skip
    for row in rows:
        writer.writerow([without_formula(cell) for cell in _cells(row)])
    return (BYTE_ORDER_MARK + table.getvalue()).encode()


def _cells(row: AuditEventRow) -> list[str]:
    return [
        local_time(row.occurred_at),
        row.stream,
        str(row.sequence),
        row.action,
        row.outcome,
        row.actor_name,
        row.content.get("role") or "",
        row.address or "",
        row.element_id or "",
        row.clause or "",
        row.reason or "",
        _json(row.asked),
        _json(row.before),
        _json(row.after),
        row.hash,
    ]


def _json(value: object) -> str:
    return orjson.dumps(value).decode() if value else ""


def without_formula(cell: str) -> str:
    """Return the text so that no spreadsheet program runs it."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
