"""The audit names the request that a write came by, and is found by tenant; results may be fetched from any worker."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("audit") as audit:
        audit.add_column(sa.Column("request_id", sa.String(64), nullable=False, server_default=""))
        audit.create_index("ix_audit_tenant", ["tenant_id", "seq"])
    op.create_table(
        "later",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("tenant_id", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
    )
    op.create_index("ix_later_tenant", "later", ["tenant_id", "at"])
