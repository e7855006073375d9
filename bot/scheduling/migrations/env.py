"""Alembic's entry: runs on the connection that `bot.scheduling.storage.migrate` hands over."""

from alembic import context

from bot.scheduling.storage.tables import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
