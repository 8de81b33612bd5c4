"""Keep what a delisting rests on: cases, orders, calls, suspensions, emergency plans, daily scans.

Only new tables: the code before this migration does not look at them.

Revision ID: 0030_delisting
Revises: 0021_credentials
"""

import sqlalchemy as sa
from alembic import op

revision = "0030_delisting"
down_revision = "0021_credentials"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_call_record()
    _create_scan_claim()
    _create_use_order()
    _create_order_notice()
    _create_delisting_case()
    _create_suspension()
    _create_plan_filing()
    _create_plan_version()


def downgrade() -> None:
    for table in (
        "plan_version",
        "plan_filing",
        "suspension",
        "delisting_case",
        "order_notice",
        "use_order",
        "scan_claim",
        "call_record",
    ):
        op.drop_table(table)


def _create_call_record() -> None:
    op.create_table(
        "call_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("trace_id", sa.String(120), nullable=False),
        sa.Column("application", sa.String(200), nullable=False),
        sa.Column("api_code", sa.String(200)),
        sa.Column("source_ip", sa.String(45)),
        sa.Column("result_code", sa.Integer(), nullable=False),
        sa.Column("latency_ms", sa.Integer()),
        sa.Column("bytes_sent", sa.BigInteger()),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name="fk_call_record_version_id_component_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_call_record"),
        sa.UniqueConstraint("source", "trace_id", name="uq_call_record_source_trace_id"),
    )
    op.create_index("ix_call_record_order_id", "call_record", ["order_id"])
    op.create_index(
        "ix_call_record_version_id_kind_called_at", "call_record", ["version_id", "kind", "called_at"]
    )


def _create_scan_claim() -> None:
    op.create_table(
        "scan_claim",
        sa.Column("scan", sa.String(40), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scan", "day", "subject_id", name="pk_scan_claim"),
    )


def _create_use_order() -> None:
    op.create_table(
        "use_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("holder_unit_id", sa.Uuid(), nullable=False),
        sa.Column("holder_region_code", sa.String(6), nullable=False),
        sa.Column("application", sa.String(200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("granted_on", sa.String(10), nullable=False),
        sa.Column("ends_on", sa.String(10)),
        sa.Column("registered_by", sa.Uuid()),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("migrated_at", sa.DateTime(timezone=True)),
        sa.Column("migrated_by", sa.Uuid()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("end_reason", sa.Text()),
        sa.Column("final_statement", sa.Text()),
        sa.Column("has_dispute", sa.Boolean(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["holder_unit_id"], ["unit.id"], name="fk_use_order_holder_unit_id_unit", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name="fk_use_order_version_id_component_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_use_order"),
        sa.UniqueConstraint("number", name="uq_use_order_number"),
    )
    op.create_index("ix_use_order_holder_unit_id_id", "use_order", ["holder_unit_id", "id"])
    op.create_index("ix_use_order_region_code_id", "use_order", ["region_code", "id"])
    op.create_index("ix_use_order_version_id_state", "use_order", ["version_id", "state"])


def _create_order_notice() -> None:
    op.create_table(
        "order_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["use_order.id"], name="fk_order_notice_order_id_use_order", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_notice"),
        sa.UniqueConstraint("order_id", "case_id", "kind", name="uq_order_notice_order_id_case_id_kind"),
    )
    op.create_index("ix_order_notice_case_id_id", "order_notice", ["case_id", "id"])


def _create_delisting_case() -> None:
    op.create_table(
        "delisting_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("open_version_id", sa.Uuid()),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("provider_unit_id", sa.Uuid()),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Uuid()),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("severity", sa.String(10)),
        sa.Column("has_suspended", sa.Boolean(), nullable=False),
        sa.Column("served_at", sa.DateTime(timezone=True)),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("replied_at", sa.DateTime(timezone=True)),
        sa.Column("mended_at", sa.DateTime(timezone=True)),
        sa.Column("opinions", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.String(20)),
        sa.Column("concluded_by", sa.Uuid()),
        sa.Column("requested_by", sa.Uuid()),
        sa.Column("requested_at", sa.DateTime(timezone=True)),
        sa.Column("approved_by", sa.Uuid()),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.Column("grace_days", sa.Integer()),
        sa.Column("takedown_at", sa.DateTime(timezone=True)),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("stopped_how", sa.String(12)),
        sa.Column("stopped_by", sa.Uuid()),
        sa.Column("begun_at", sa.DateTime(timezone=True)),
        sa.Column("proofs", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.String(12)),
        sa.Column("reason", sa.Text()),
        sa.Column("retained_on", sa.String(10)),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name="fk_delisting_case_version_id_component_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_delisting_case"),
        sa.UniqueConstraint("instance_id", name="uq_delisting_case_instance_id"),
        sa.UniqueConstraint("open_version_id", name="uq_delisting_case_open_version_id"),
    )
    op.create_index("ix_delisting_case_region_code_id", "delisting_case", ["region_code", "id"])
    op.create_index("ix_delisting_case_version_id_id", "delisting_case", ["version_id", "id"])


def _create_suspension() -> None:
    op.create_table(
        "suspension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("open_version_id", sa.Uuid()),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("record_digest", sa.String(64), nullable=False),
        sa.Column("instance_id", sa.Uuid()),
        sa.Column("began_by", sa.Uuid()),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recovery_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_same_version_mended", sa.Boolean(), nullable=False),
        sa.Column("finding", sa.String(20)),
        sa.Column("finding_note", sa.Text()),
        sa.Column("found_by", sa.Uuid()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name="fk_suspension_version_id_component_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_suspension"),
        sa.UniqueConstraint("open_version_id", name="uq_suspension_open_version_id"),
    )
    op.create_index("ix_suspension_version_id_id", "suspension", ["version_id", "id"])


def _create_plan_filing() -> None:
    op.create_table(
        "plan_filing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("open_version_id", sa.Uuid()),
        sa.Column("component_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("provider_unit_id", sa.Uuid()),
        sa.Column("cause", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_valid_at", sa.DateTime(timezone=True)),
        sa.Column("overdue_at", sa.DateTime(timezone=True)),
        sa.Column("is_restricted", sa.Boolean(), nullable=False),
        sa.Column("plan_version_id", sa.Uuid()),
        sa.Column("is_on_time", sa.Boolean()),
        sa.Column("filed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name="fk_plan_filing_version_id_component_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plan_filing"),
        sa.UniqueConstraint("instance_id", name="uq_plan_filing_instance_id"),
        sa.UniqueConstraint("open_version_id", name="uq_plan_filing_open_version_id"),
    )
    op.create_index("ix_plan_filing_component_id", "plan_filing", ["component_id"])
    op.create_index("ix_plan_filing_region_code_id", "plan_filing", ["region_code", "id"])
    op.create_index("ix_plan_filing_state_due_at", "plan_filing", ["state", "due_at"])
    op.create_index("ix_plan_filing_version_id_id", "plan_filing", ["version_id", "id"])


def _create_plan_version() -> None:
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("filing_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid()),
        sa.Column("is_valid", sa.Boolean(), nullable=False),
        sa.Column("submitted_by", sa.Uuid()),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_filed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name="fk_plan_version_file_id_stored_file", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["filing_id"],
            ["plan_filing.id"],
            name="fk_plan_version_filing_id_plan_filing",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name="fk_plan_version_version_id_component_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plan_version"),
        sa.UniqueConstraint("filing_id", "digest", name="uq_plan_version_filing_id_digest"),
        sa.UniqueConstraint("version_id", "number", name="uq_plan_version_version_id_number"),
    )
    op.create_index("ix_plan_version_file_id", "plan_version", ["file_id"])
