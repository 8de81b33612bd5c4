"""Create the tables of assessments, admissions, the licence policy and the vulnerability data sets.

Revision ID: 0031_assessments
Revises: 0030_delisting
"""

import sqlalchemy as sa
from alembic import op

revision = "0031_assessments"
down_revision = "0030_delisting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessment_dispute",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=True),
        sa.Column("raised_by_name", sa.String(80), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assessment_dispute"),
        sa.UniqueConstraint("subject_id", "fingerprint", name="uq_assessment_dispute_subject_id_fingerprint"),
    )
    op.create_table(
        "licence_policy_edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.Text(), nullable=False),
        sa.Column("denied", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("set_by_name", sa.String(80), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_licence_policy_edition"),
        sa.UniqueConstraint("edition", name="uq_licence_policy_edition_edition"),
    )
    op.create_table(
        "vulnerability_data_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ecosystem", sa.String(60), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("data_as_of", sa.Date(), nullable=False),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("advisories", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("imported_by", sa.Uuid(), nullable=True),
        sa.Column("imported_by_name", sa.String(80), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vulnerability_data_set"),
    )
    op.create_index(
        "ix_vulnerability_data_set_ecosystem_is_current",
        "vulnerability_data_set",
        ["ecosystem", "is_current"],
    )
    op.create_table(
        "assessment_material",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("handed_in_by", sa.Uuid(), nullable=True),
        sa.Column("handed_in_by_name", sa.String(80), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('source', 'sbom')", name="ck_assessment_material_kind"),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_file.id"],
            name="fk_assessment_material_file_id_stored_file",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assessment_material"),
        sa.UniqueConstraint("subject_id", "kind", name="uq_assessment_material_subject_id_kind"),
    )
    op.create_table(
        "third_party_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_type", sa.String(12), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("item", sa.String(20), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("subject_digest", sa.String(64), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("file_digest", sa.String(64), nullable=False),
        sa.Column("standing", sa.String(12), nullable=False),
        sa.Column("handed_in_by", sa.Uuid(), nullable=True),
        sa.Column("handed_in_by_name", sa.String(80), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by_name", sa.String(80), nullable=True),
        sa.Column("agreed_by_name", sa.String(80), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "standing IN ('handed_in', 'accepted', 'refused')", name="ck_third_party_report_standing"
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_file.id"],
            name="fk_third_party_report_file_id_stored_file",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_third_party_report"),
    )
    op.create_index("ix_third_party_report_subject_id_id", "third_party_report", ["subject_id", "id"])
    op.create_table(
        "vulnerability_advisory",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("data_set_id", sa.Uuid(), nullable=False),
        sa.Column("ecosystem", sa.String(60), nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("package_key", sa.String(200), nullable=False),
        sa.Column("advisory", sa.String(120), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_set_id"],
            ["vulnerability_data_set.id"],
            name="fk_vulnerability_advisory_data_set_id_vulnerability_data_set",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_vulnerability_advisory"),
    )
    op.create_index("ix_vulnerability_advisory_data_set_id", "vulnerability_advisory", ["data_set_id"])
    op.create_index(
        "ix_vulnerability_advisory_package", "vulnerability_advisory", ["ecosystem", "package_key"]
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_type", sa.String(12), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("subject_name", sa.Text(), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("provider_unit_id", sa.Uuid(), nullable=True),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by_job", sa.Uuid(), nullable=True),
        sa.Column("caller", sa.String(20), nullable=False),
        sa.Column("form", sa.String(12), nullable=False),
        sa.Column("hosting", sa.String(12), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(12), nullable=False),
        sa.Column("artefact_digest", sa.String(64), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("baseline_edition", sa.Integer(), nullable=True),
        sa.Column("baseline", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report_digest", sa.String(64), nullable=True),
        sa.Column("report_file_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("subject_type IN ('version', 'admission')", name="ck_assessment_subject_type"),
        sa.ForeignKeyConstraint(
            ["previous_id"],
            ["assessment.id"],
            name="fk_assessment_previous_id_assessment",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["report_file_id"],
            ["stored_file.id"],
            name="fk_assessment_report_file_id_stored_file",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name="fk_assessment_version_id_component_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assessment"),
        sa.UniqueConstraint("opened_by_job", name="uq_assessment_opened_by_job"),
    )
    op.create_index("ix_assessment_region_code_id", "assessment", ["region_code", "id"])
    op.create_index("ix_assessment_subject_id_id", "assessment", ["subject_id", "id"])
    op.create_index("ix_assessment_version_id_id", "assessment", ["version_id", "id"])
    op.create_table(
        "admission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("provider_unit_id", sa.Uuid(), nullable=True),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("renews_id", sa.Uuid(), nullable=True),
        sa.Column("standing", sa.String(12), nullable=False),
        sa.Column("origin", sa.String(12), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("product_version", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("supplier_qualification", sa.Text(), nullable=False),
        sa.Column("contract_number", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("licence_verdict", sa.String(12), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("hardening_plan", sa.Text(), nullable=False),
        sa.Column("artefact_file_id", sa.Uuid(), nullable=True),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.Column("certificate_number", sa.String(40), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["artefact_file_id"],
            ["stored_file.id"],
            name="fk_admission_artefact_file_id_stored_file",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name="fk_admission_assessment_id_assessment",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["renews_id"], ["admission.id"], name="fk_admission_renews_id_admission", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name="fk_admission_version_id_component_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_admission"),
        sa.UniqueConstraint("certificate_number", name="uq_admission_certificate_number"),
    )
    op.create_index("ix_admission_digest", "admission", ["digest"])
    op.create_index("ix_admission_provider_unit_id_id", "admission", ["provider_unit_id", "id"])
    op.create_index("ix_admission_region_code_id", "admission", ["region_code", "id"])
    op.create_index("ix_admission_standing_valid_until", "admission", ["standing", "valid_until"])
    op.create_table(
        "assessment_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(20), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("scanned_status", sa.String(16), nullable=False),
        sa.Column("tool", sa.String(80), nullable=False),
        sa.Column("tool_version", sa.String(80), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.Text(), nullable=False),
        sa.Column("exceeded", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("raw_digest", sa.String(64), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name="fk_assessment_item_assessment_id_assessment",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["third_party_report.id"],
            name="fk_assessment_item_report_id_third_party_report",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assessment_item"),
        sa.UniqueConstraint("assessment_id", "item", "run", name="uq_assessment_item_assessment_id_item_run"),
    )
    op.create_table(
        "assessment_judgement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(20), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence_file_id", sa.Uuid(), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("judged_by", sa.Uuid(), nullable=True),
        sa.Column("judged_by_name", sa.String(80), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("agreed_by_name", sa.String(80), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name="fk_assessment_judgement_assessment_id_assessment",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_file_id"],
            ["stored_file.id"],
            name="fk_assessment_judgement_evidence_file_id_stored_file",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["third_party_report.id"],
            name="fk_assessment_judgement_report_id_third_party_report",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assessment_judgement"),
    )
    op.create_index(
        "ix_assessment_judgement_assessment_id_id", "assessment_judgement", ["assessment_id", "id"]
    )
    op.create_table(
        "bill_of_materials_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("purl", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.String(200), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("licences", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name="fk_bill_of_materials_entry_assessment_id_assessment",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bill_of_materials_entry"),
    )
    op.create_index("ix_bill_of_materials_entry_assessment_id", "bill_of_materials_entry", ["assessment_id"])
    op.create_index("ix_bill_of_materials_entry_name_key", "bill_of_materials_entry", ["name_key"])
    op.create_table(
        "assessment_finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("tool", sa.String(80), nullable=False),
        sa.Column("tool_version", sa.String(80), nullable=False),
        sa.Column("rule", sa.String(120), nullable=False),
        sa.Column("severity", sa.String(12), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(120), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("identifiers", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("fixed_in", sa.Text(), nullable=False),
        sa.Column("is_uncertain", sa.Boolean(), nullable=False),
        sa.Column("is_false_positive", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["assessment_item.id"],
            name="fk_assessment_finding_item_id_assessment_item",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assessment_finding"),
        sa.UniqueConstraint("item_id", "position", name="uq_assessment_finding_item_id_position"),
    )
    op.create_index("ix_assessment_finding_fingerprint", "assessment_finding", ["fingerprint"])


def downgrade() -> None:
    op.drop_table("assessment_finding")
    op.drop_table("bill_of_materials_entry")
    op.drop_table("assessment_judgement")
    op.drop_table("assessment_item")
    op.drop_table("admission")
    op.drop_table("assessment")
    op.drop_table("vulnerability_advisory")
    op.drop_table("third_party_report")
    op.drop_table("assessment_material")
    op.drop_table("vulnerability_data_set")
    op.drop_table("licence_policy_edition")
    op.drop_table("assessment_dispute")
