"""Which run computes the counter-proposals of a publication, and the file that it came to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("publication") as table:
        table.add_column(sa.Column("counter_run", sa.String(32)))
        table.add_column(sa.Column("counter_sha", sa.String(64)))
