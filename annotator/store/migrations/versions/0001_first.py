"""The first version: new projects are made with its tables."""

from alembic import op

from annotator.store.schema import create_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of version 1."""
    create_tables(op.get_bind(), migrating=True)
