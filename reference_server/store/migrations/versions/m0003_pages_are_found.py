"""Pages of a tenant's people are found by an index, in their order."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_index("ix_resources_order", "resources", ["tenant_id", "type", "seq"])
