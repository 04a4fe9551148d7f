"""How alembic runs: on the engine that Database hands over, SQLite tables changed by copying."""

from __future__ import annotations

from alembic import context

from integration.store.schema import Table

with context.config.attributes["engine"].connect() as connection:
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
