"""A second version for tests: one column more, and a table made anew as SQLite needs it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("articles") as articles:
        articles.add_column(sa.Column("mood", sa.Text, nullable=False, server_default="calm"))
    with op.batch_alter_table("spans") as spans:
        spans.add_column(sa.Column("weight", sa.Integer, nullable=True))
    op.execute("UPDATE spans SET weight = 7")
