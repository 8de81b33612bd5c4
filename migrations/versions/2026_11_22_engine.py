"""Create the tables of the engine: definitions, instances, user tasks, jobs, messages, incidents.

Contents (files of definitions, form schemas, submitted data) are kept once by digest; persons and units
are plain ids, because they belong to another room.

Revision ID: 0002_engine
Revises: 0001_kernel
"""

import sqlalchemy as sa
from alembic import op

revision = "0002_engine"
down_revision = "0001_kernel"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_case_counter()
    _create_content_blob()
    _create_definition_version()
    _create_definition_draft()
    _create_definition_file()
    _create_event_start()
    _create_process_instance()
    _create_event_subscription()
    _create_instance_history()
    _create_job()
    _create_user_task()
    _create_incident()
    _create_user_task_draft()


def downgrade() -> None:
    op.drop_table("user_task_draft")
    op.drop_table("incident")
    op.drop_table("user_task")
    op.drop_table("job")
    op.drop_table("instance_history")
    op.drop_table("event_subscription")
    op.drop_table("process_instance")
    op.drop_table("event_start")
    op.drop_table("definition_file")
    op.drop_table("definition_draft")
    op.drop_table("definition_version")
    op.drop_table("content_blob")
    op.drop_table("case_counter")


def _create_case_counter() -> None:
    op.create_table(
        "case_counter",
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("region_code", "year", name="pk_case_counter"),
    )


def _create_content_blob() -> None:
    op.create_table(
        "content_blob",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_content_blob"),
    )


def _create_definition_version() -> None:
    op.create_table(
        "definition_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("contracts", sa.Text(), nullable=False),
        sa.Column("start_roles", sa.Text(), nullable=False),
        sa.Column("calls", sa.Text(), nullable=False),
        sa.Column("deployed_by", sa.Uuid()),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_definition_version"),
        sa.UniqueConstraint("key", "version", name="uq_definition_version_key_version"),
    )
    op.create_index("ix_definition_version_key_digest", "definition_version", ["key", "digest"])


def _create_definition_draft() -> None:
    op.create_table(
        "definition_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("base_version", sa.Integer()),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("released_version_id", sa.Uuid()),
        sa.ForeignKeyConstraint(
            ["released_version_id"],
            ["definition_version.id"],
            name="fk_definition_draft_released_version_id_definition_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_definition_draft"),
    )
    op.create_index("ix_definition_draft_key", "definition_draft", ["key"])
    op.create_index("ix_definition_draft_released_version_id", "definition_draft", ["released_version_id"])
    op.create_index("ix_definition_draft_status_changed_at", "definition_draft", ["status", "changed_at"])


def _create_definition_file() -> None:
    op.create_table(
        "definition_file",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"],
            ["content_blob.digest"],
            name="fk_definition_file_digest_content_blob",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["definition_version.id"],
            name="fk_definition_file_version_id_definition_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("version_id", "name", name="pk_definition_file"),
    )
    op.create_index("ix_definition_file_digest", "definition_file", ["digest"])


def _create_event_start() -> None:
    op.create_table(
        "event_start",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("element_id", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["definition_version.id"],
            name="fk_event_start_version_id_definition_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_start"),
    )
    op.create_index("ix_event_start_key", "event_start", ["key"])
    op.create_index("ix_event_start_kind_name", "event_start", ["kind", "name"])
    op.create_index("ix_event_start_version_id", "event_start", ["version_id"])


def _create_process_instance() -> None:
    op.create_table(
        "process_instance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.String(32), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("unit_id", sa.Uuid()),
        sa.Column("definition_version_id", sa.Uuid(), nullable=False),
        sa.Column("definition_key", sa.String(80), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("pins", sa.Text(), nullable=False),
        sa.Column("business_key", sa.String(200)),
        sa.Column("exclusive_key", sa.String(300)),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("subject_type", sa.String(40)),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("initiator_id", sa.Uuid()),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("outcome", sa.String(80)),
        sa.Column("open_incidents", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["definition_version_id"],
            ["definition_version.id"],
            name="fk_process_instance_definition_version_id_definition_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_process_instance"),
        sa.UniqueConstraint("case_number", name="uq_process_instance_case_number"),
        sa.UniqueConstraint("exclusive_key", name="uq_process_instance_exclusive_key"),
    )
    op.create_index("ix_process_instance_business_key_id", "process_instance", ["business_key", "id"])
    op.create_index(
        "ix_process_instance_definition_key_status_id", "process_instance", ["definition_key", "status", "id"]
    )
    op.create_index(
        "ix_process_instance_definition_version_id", "process_instance", ["definition_version_id"]
    )
    op.create_index("ix_process_instance_initiator_id_id", "process_instance", ["initiator_id", "id"])
    op.create_index("ix_process_instance_region_code_id", "process_instance", ["region_code", "id"])
    op.create_index("ix_process_instance_started_at", "process_instance", ["started_at"])
    op.create_index("ix_process_instance_subject_id_id", "process_instance", ["subject_id", "id"])


def _create_event_subscription() -> None:
    op.create_table(
        "event_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("wait_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("correlation_key", sa.String(200), nullable=False),
        sa.Column("element_id", sa.String(120), nullable=False),
        sa.Column("scope_process", sa.String(80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name="fk_event_subscription_instance_id_process_instance",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_subscription"),
        sa.UniqueConstraint("instance_id", "wait_id", name="uq_event_subscription_instance_id_wait_id"),
    )
    op.create_index("ix_event_subscription_event", "event_subscription", ["kind", "name", "correlation_key"])


def _create_instance_history() -> None:
    op.create_table(
        "instance_history",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("element_id", sa.String(120), nullable=False),
        sa.Column("activity_id", sa.String(40)),
        sa.Column("scope_process", sa.String(80), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name="fk_instance_history_instance_id_process_instance",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_instance_history"),
    )
    op.create_index("ix_instance_history_instance_id_id", "instance_history", ["instance_id", "id"])


def _create_job() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("instance_id", sa.Uuid()),
        sa.Column("version_id", sa.Uuid()),
        sa.Column("reference", sa.String(120), nullable=False),
        sa.Column("element_id", sa.String(120), nullable=False),
        sa.Column("scope_process", sa.String(80), nullable=False),
        sa.Column("topic", sa.String(120)),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name="fk_job_instance_id_process_instance",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["definition_version.id"],
            name="fk_job_version_id_definition_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_index("ix_job_instance_id_reference", "job", ["instance_id", "reference"])
    op.create_index("ix_job_status_run_at", "job", ["status", "run_at"])
    op.create_index("ix_job_version_id", "job", ["version_id"])


def _create_user_task() -> None:
    op.create_table(
        "user_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.String(40), nullable=False),
        sa.Column("element_id", sa.String(120), nullable=False),
        sa.Column("scope_process", sa.String(80), nullable=False),
        sa.Column("process_key", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("candidate_role", sa.String(40), nullable=False),
        sa.Column("candidate_unit_id", sa.Uuid()),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("unit_id", sa.Uuid()),
        sa.Column("initiator_id", sa.Uuid()),
        sa.Column("assignee_id", sa.Uuid()),
        sa.Column("form_name", sa.String(120)),
        sa.Column("form_digest", sa.String(64)),
        sa.Column("prefill", sa.Text(), nullable=False),
        sa.Column("clauses", sa.Text(), nullable=False),
        sa.Column("differs_from", sa.Text(), nullable=False),
        sa.Column("excluded_persons", sa.Text(), nullable=False),
        sa.Column("withdrawable", sa.Boolean(), nullable=False),
        sa.Column("stand_in", sa.String(40)),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True)),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.Column("completed_by", sa.Uuid()),
        sa.Column("outcome", sa.String(80)),
        sa.Column("opinion", sa.Text()),
        sa.Column("snapshot_digest", sa.String(64)),
        sa.Column("has_draft", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name="fk_user_task_instance_id_process_instance",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_user_task"),
        sa.UniqueConstraint("instance_id", "activity_id", name="uq_user_task_instance_id_activity_id"),
    )
    op.create_index("ix_user_task_assignee", "user_task", ["assignee_id", "status", "sort_at", "id"])
    op.create_index("ix_user_task_candidate", "user_task", ["candidate_role", "status", "sort_at", "id"])
    op.create_index("ix_user_task_completed_by", "user_task", ["completed_by", "completed_at", "id"])
    op.create_index("ix_user_task_initiator", "user_task", ["initiator_id", "status", "sort_at", "id"])


def _create_incident() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("element_id", sa.String(120), nullable=False),
        sa.Column("scope_process", sa.String(80), nullable=False),
        sa.Column("topic", sa.String(120)),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("reason", sa.Text()),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name="fk_incident_instance_id_process_instance",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_incident_job_id_job", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
    )
    op.create_index("ix_incident_instance_id_status", "incident", ["instance_id", "status"])
    op.create_index("ix_incident_job_id", "incident", ["job_id"])
    op.create_index("ix_incident_status_region_code_id", "incident", ["status", "region_code", "id"])


def _create_user_task_draft() -> None:
    op.create_table(
        "user_task_draft",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["user_task.id"], name="fk_user_task_draft_task_id_user_task", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "person_id", name="pk_user_task_draft"),
    )
