"""Create the tables of the domain: people, components, checks, routes, market, notices.

Revision ID: 0003_domain
Revises: 0002_engine
"""

import sqlalchemy as sa
from alembic import op

revision = "0003_domain"
down_revision = "0002_engine"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_regions_and_units()
    _create_people()
    _create_grants()
    _create_components()
    _create_reservations()
    _create_versions()
    _create_files_and_mandates()
    _create_history()
    _create_checks()
    _create_routes()
    _create_market()
    _create_notices()


def downgrade() -> None:
    for table in (
        "notice_read",
        "notice",
        "market_bigram",
        "market_entry",
        "recorded_route",
        "check_finding",
        "check_run",
        "state_change",
        "authorisation",
        "attachment",
        "component_version",
        "component_bigram",
        "catalogue_claim",
        "component",
        "record_snapshot",
        "role_grant",
        "former_password",
        "identity",
        "person",
        "unit",
        "region",
    ):
        op.drop_table(table)


def _create_regions_and_units() -> None:
    op.create_table(
        "region",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
        sa.UniqueConstraint("name", name=op.f("uq_region_name")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_unit_region_code_region"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_name")),
    )
    op.create_index("ix_unit_region_code_kind", "unit", ["region_code", "kind"], unique=False)


def _create_people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id_unit"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index("ix_person_name_id", "person", ["name", "id"], unique=False)
    op.create_index(op.f("ix_person_unit_id"), "person", ["unit_id"], unique=False)
    op.create_table(
        "identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_identity_person_id_person"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("provider", "subject", name=op.f("uq_identity_provider_subject")),
    )
    op.create_index(op.f("ix_identity_person_id"), "identity", ["person_id"], unique=False)
    op.create_table(
        "former_password",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["identity.id"],
            name=op.f("fk_former_password_identity_id_identity"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_password")),
    )
    op.create_index(op.f("ix_former_password_identity_id"), "former_password", ["identity_id"], unique=False)


def _create_grants() -> None:
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("administrator_slot", sa.String(length=20), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status IN ('proposed', 'active', 'refused', 'revoked')", name=op.f("ck_role_grant_status")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["region_code"],
            ["region.code"],
            name=op.f("fk_role_grant_region_code_region"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_role_grant_unit_id_unit"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "person_id", "administrator_slot", name=op.f("uq_role_grant_person_id_administrator_slot")
        ),
    )
    op.create_index("ix_role_grant_role_status", "role_grant", ["role", "status"], unique=False)
    op.create_index("ix_role_grant_status_id", "role_grant", ["status", "id"], unique=False)


def _create_components() -> None:
    op.create_table(
        "record_snapshot",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_record_snapshot")),
    )
    op.create_table(
        "component",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=True),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_code"],
            ["region.code"],
            name=op.f("fk_component_region_code_region"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_component_unit_id_unit"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component")),
        sa.UniqueConstraint("external_id", name=op.f("uq_component_external_id")),
    )
    op.create_index("ix_component_region_code_id", "component", ["region_code", "id"], unique=False)
    op.create_index("ix_component_unit_id", "component", ["unit_id"], unique=False)


def _create_reservations() -> None:
    op.create_table(
        "catalogue_claim",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("value_digest", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("component_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["component.id"],
            name=op.f("fk_catalogue_claim_component_id_component"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kind", "value_digest", name=op.f("pk_catalogue_claim")),
    )
    op.create_index(
        op.f("ix_catalogue_claim_component_id"), "catalogue_claim", ["component_id"], unique=False
    )
    op.create_table(
        "component_bigram",
        sa.Column("gram", sa.String(length=8), nullable=False),
        sa.Column("component_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["component.id"],
            name=op.f("fk_component_bigram_component_id_component"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("gram", "component_id", name=op.f("pk_component_bigram")),
    )
    op.create_index(
        op.f("ix_component_bigram_component_id"), "component_bigram", ["component_id"], unique=False
    )


def _create_versions() -> None:
    op.create_table(
        "component_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("component_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("provider_unit_id", sa.Uuid(), nullable=True),
        sa.Column("offered_unit_id", sa.Uuid(), nullable=True),
        sa.Column("version_raw", sa.String(length=64), nullable=False),
        sa.Column("version_canonical", sa.String(length=80), nullable=False),
        sa.Column("version_key", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("record_digest", sa.String(length=64), nullable=False),
        sa.Column("import_digest", sa.String(length=64), nullable=True),
        sa.Column("build_mode", sa.String(length=20), nullable=False),
        sa.Column("technical_field", sa.String(length=4), nullable=True),
        sa.Column("layer", sa.String(length=10), nullable=True),
        sa.Column("capability_class", sa.String(length=10), nullable=True),
        sa.Column("use_requirements", sa.String(length=4), nullable=True),
        sa.Column("is_hosting", sa.Integer(), nullable=True),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_from", sa.String(length=20), nullable=True),
        sa.Column("delist_from", sa.String(length=20), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("round_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("duplicate_score", sa.Float(), nullable=True),
        sa.Column("review_needed", sa.Boolean(), nullable=True),
        sa.Column("directory_id", sa.String(length=100), nullable=True),
        sa.Column("directory_receipt", sa.String(length=200), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["component.id"],
            name=op.f("fk_component_version_component_id_component"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["provider_unit_id"],
            ["unit.id"],
            name=op.f("fk_component_version_provider_unit_id_unit"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["offered_unit_id"],
            ["unit.id"],
            name=op.f("fk_component_version_offered_unit_id_unit"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["record_digest"],
            ["record_snapshot.digest"],
            name=op.f("fk_component_version_record_digest_record_snapshot"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["region_code"],
            ["region.code"],
            name=op.f("fk_component_version_region_code_region"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_component_version_unit_id_unit"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component_version")),
        sa.UniqueConstraint(
            "component_id", "version_key", name=op.f("uq_component_version_component_id_version_key")
        ),
    )
    op.create_index(
        "ix_component_version_provider_unit_id_id",
        "component_version",
        ["provider_unit_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_component_version_record_digest", "component_version", ["record_digest"], unique=False
    )
    op.create_index(
        "ix_component_version_region_code_id", "component_version", ["region_code", "id"], unique=False
    )
    op.create_index(
        "ix_component_version_offered_unit_id_id",
        "component_version",
        ["offered_unit_id", "id"],
        unique=False,
    )
    op.create_index("ix_component_version_state_id", "component_version", ["state", "id"], unique=False)
    op.create_index("ix_component_version_unit_id_id", "component_version", ["unit_id", "id"], unique=False)


def _create_files_and_mandates() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("stored_file_id", sa.Uuid(), nullable=False),
        sa.Column("attached_by", sa.Uuid(), nullable=True),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["stored_file_id"],
            ["stored_file.id"],
            name=op.f("fk_attachment_stored_file_id_stored_file"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name=op.f("fk_attachment_version_id_component_version"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("version_id", "kind", name=op.f("uq_attachment_version_id_kind")),
    )
    op.create_index(op.f("ix_attachment_stored_file_id"), "attachment", ["stored_file_id"], unique=False)
    op.create_table(
        "authorisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("provider_unit_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=True),
        sa.Column("ends_on", sa.String(length=10), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["provider_unit_id"],
            ["unit.id"],
            name=op.f("fk_authorisation_provider_unit_id_unit"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name=op.f("fk_authorisation_version_id_component_version"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisation")),
    )
    op.create_index(
        op.f("ix_authorisation_provider_unit_id"), "authorisation", ["provider_unit_id"], unique=False
    )
    op.create_index("ix_authorisation_version_id_id", "authorisation", ["version_id", "id"], unique=False)


def _create_history() -> None:
    op.create_table(
        "state_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("transition", sa.String(length=4), nullable=False),
        sa.Column("event", sa.String(length=30), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=True),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name=op.f("fk_state_change_version_id_component_version"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_change")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_state_change_version_id_number")),
    )


def _create_checks() -> None:
    op.create_table(
        "check_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.Column("element_id", sa.String(length=120), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("check_name", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("stated_by", sa.Uuid(), nullable=True),
        sa.Column("stated_by_name", sa.String(length=80), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('passed', 'failed', 'not_checked')", name=op.f("ck_check_run_status")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name=op.f("fk_check_run_version_id_component_version"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_run")),
        sa.UniqueConstraint("job_id", "check_name", name=op.f("uq_check_run_job_id_check_name")),
    )
    op.create_index("ix_check_run_instance_id", "check_run", ["instance_id"], unique=False)
    op.create_index("ix_check_run_version_id_id", "check_run", ["version_id", "id"], unique=False)
    op.create_table(
        "check_finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("severity", sa.String(length=12), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=120), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["check_run.id"], name=op.f("fk_check_finding_run_id_check_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_finding")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_check_finding_run_id_position")),
    )


def _create_routes() -> None:
    op.create_table(
        "recorded_route",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("component_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("api_code", sa.String(length=200), nullable=False),
        sa.Column("public_path", sa.Text(), nullable=False),
        sa.Column("forward_path", sa.Text(), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("protocols", sa.Text(), nullable=False),
        sa.Column("rate_limit", sa.Integer(), nullable=False),
        sa.Column("timeout_ms", sa.Integer(), nullable=False),
        sa.Column("enforced", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removal_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("stage IN ('pre_release', 'production')", name=op.f("ck_recorded_route_stage")),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["component.id"],
            name=op.f("fk_recorded_route_component_id_component"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name=op.f("fk_recorded_route_version_id_component_version"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_route")),
    )
    op.create_index(op.f("ix_recorded_route_component_id"), "recorded_route", ["component_id"], unique=False)
    op.create_index("ix_recorded_route_version_id_id", "recorded_route", ["version_id", "id"], unique=False)


def _create_market() -> None:
    op.create_table(
        "market_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("component_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("image", sa.String(length=40), nullable=False),
        sa.Column("layer", sa.String(length=10), nullable=False),
        sa.Column("capability_class", sa.String(length=10), nullable=False),
        sa.Column("technical_field", sa.String(length=4), nullable=False),
        sa.Column("use_requirements", sa.String(length=4), nullable=False),
        sa.Column("is_charge", sa.String(length=4), nullable=False),
        sa.Column("public_scope", sa.Integer(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("is_visible", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["component.id"],
            name=op.f("fk_market_entry_component_id_component"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name=op.f("fk_market_entry_version_id_component_version"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_entry")),
        sa.UniqueConstraint("version_id", name=op.f("uq_market_entry_version_id")),
    )
    op.create_index(op.f("ix_market_entry_component_id"), "market_entry", ["component_id"], unique=False)
    op.create_index("ix_market_entry_is_visible_id", "market_entry", ["is_visible", "id"], unique=False)
    op.create_index("ix_market_entry_region_code", "market_entry", ["region_code"], unique=False)
    op.create_table(
        "market_bigram",
        sa.Column("gram", sa.String(length=8), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["market_entry.id"],
            name=op.f("fk_market_bigram_entry_id_market_entry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("gram", "entry_id", name=op.f("pk_market_bigram")),
    )
    op.create_index(op.f("ix_market_bigram_entry_id"), "market_bigram", ["entry_id"], unique=False)


def _create_notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=True),
        sa.Column("template", sa.String(length=60), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_person_id_id", "notice", ["person_id", "id"], unique=False)
    op.create_index("ix_notice_role_region_code_id", "notice", ["role", "region_code", "id"], unique=False)
    op.create_index(op.f("ix_notice_subject_id"), "notice", ["subject_id"], unique=False)
    op.create_table(
        "notice_read",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_read_notice_id_notice"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_read_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "notice_id", name=op.f("pk_notice_read")),
    )
    op.create_index(op.f("ix_notice_read_notice_id"), "notice_read", ["notice_id"], unique=False)
