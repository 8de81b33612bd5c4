"""Create the tables of credentials: encrypted secrets and the persons who may see them once.

Revision ID: 0021_credentials
Revises: 0020_changes
"""

import sqlalchemy as sa
from alembic import op

revision = "0021_credentials"
down_revision = "0020_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_credential()
    _create_credential_holder()


def downgrade() -> None:
    op.drop_table("credential_holder")
    op.drop_table("credential")


def _create_credential() -> None:
    op.create_table(
        "credential",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid()),
        sa.Column("instance_id", sa.Uuid()),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("region_code", sa.String(6)),
        sa.Column("unit_id", sa.Uuid()),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("stored_by", sa.Uuid()),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.Uuid()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("end_reason", sa.Text()),
        sa.CheckConstraint("state IN ('sealed', 'active', 'rotated', 'revoked')", name="ck_credential_state"),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name="fk_credential_version_id_component_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_credential"),
    )
    op.create_index("ix_credential_version_id_id", "credential", ["version_id", "id"])
    op.create_index("ix_credential_instance_id", "credential", ["instance_id"])
    op.create_index("ix_credential_order_id", "credential", ["order_id"])


def _create_credential_holder() -> None:
    op.create_table(
        "credential_holder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("entitled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credential.id"],
            name="fk_credential_holder_credential_id_credential",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_credential_holder_person_id_person", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_credential_holder"),
        sa.UniqueConstraint(
            "credential_id", "person_id", name="uq_credential_holder_credential_id_person_id"
        ),
    )
    op.create_index("ix_credential_holder_person_id", "credential_holder", ["person_id", "id"])
    op.create_index("ix_credential_holder_order_id", "credential_holder", ["order_id"])
