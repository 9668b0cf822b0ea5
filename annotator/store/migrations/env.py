"""Run by Alembic: the connection, and its transaction, are those of the upgrade."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="alembic_version",
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
