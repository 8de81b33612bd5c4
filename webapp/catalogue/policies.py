"""The access policies of a version as a file, for whoever sets up the firewall.

Source: draft standard, clause 8.1.2 b
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from uuid import UUID

from flask import send_file
from flask.typing import ResponseReturnValue
from openpyxl import Workbook
from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.queries import VersionDetail
from domain.checks.names import ONBOARDING_REVIEW
from domain.checks.queries import check_runs
from kernel.errors import NotFound
from kernel.language import Text
from webapp.acting import current_actor, current_platform
from webapp.audit.export import BYTE_ORDER_MARK, without_formula
from webapp.catalogue.record import policies
from webapp.catalogue.routes import blueprint
from webapp.catalogue.workbooks import MEDIA_TYPE
from webapp.languages import gettext as _
from webapp.permissions import requires
from webapp.presentation import local_time

Row = Sequence[str]


class NoPolicies(NotFound):
    """The version declares no access policies."""

    def __init__(self) -> None:
        super().__init__(
            Text("该版本未声明访问策略，无可导出", "The version declares no access policies to export")
        )


@blueprint.get("/<uuid:version_id>/access-policies.<any(csv, xlsx):kind>")
@requires("component.read")
def access_policies(version_id: UUID, kind: str) -> ResponseReturnValue:
    """Hand out the declared policies with the version and who approved them."""
    with current_platform().database.read() as session:
        detail = queries.version_detail(session, current_actor(), version_id)
        rows = [_head(), *_rows(session, detail)]
    if len(rows) == 1:
        raise NoPolicies
    content, media_type = (
        (_as_csv(rows), "text/csv; charset=utf-8") if kind == "csv" else (_as_workbook(rows), MEDIA_TYPE)
    )
    name = f"access-policies-{detail.version}.{kind}"
    return send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)


def _head() -> Row:
    return (
        _("组件"), _("版本"), _("网络区域"), _("服务地址"), _("源IP地址段"), _("目标端口"), _("协议"),
        _("审批人"), _("审批时间"),
    )  # fmt: skip


def _rows(session: Session, detail: VersionDetail) -> list[Row]:
    extension = detail.record.get("extension")
    declared = extension if isinstance(extension, Mapping) else {}
    approver, approved_at = _approval(session, detail.id)
    before = (detail.name, detail.version, declared.get("networkZone"), declared.get("serviceAddress"))
    return [
        [
            without_formula("" if cell is None else str(cell))
            for cell in (
                *before,
                policy.get("sourceCidr"),
                policy.get("port"),
                policy.get("protocol"),
                approver,
                approved_at,
            )
        ]
        for policy in policies(detail.record)
    ]


def _approval(session: Session, version_id: UUID) -> tuple[str, str]:
    """Return who agreed to the onboarding and when; before that nobody has."""
    for run in check_runs(session, version_id):
        if run.check == ONBOARDING_REVIEW and run.status == "passed":
            return run.stated_by_name or "", local_time(run.recorded_at)
    return _("尚未审批"), ""


def _as_csv(rows: Sequence[Row]) -> bytes:
    table = StringIO()
    csv.writer(table).writerows(rows)
    return (BYTE_ORDER_MARK + table.getvalue()).encode()


def _as_workbook(rows: Sequence[Row]) -> bytes:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_("访问策略"))
    for row in rows:
        sheet.append(list(row))
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()
