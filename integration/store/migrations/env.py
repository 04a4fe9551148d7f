"""How alembic runs: on the engine that Database hands over, SQLite tables changed by copying.

All tables share one metadata; the modules beside schema.py are imported so that theirs are in it.
"""

from __future__ import annotations

from alembic import context

from integration.store import schema, sharing_schema, zoom_schema

TABLES = {module.Table.metadata for module in (schema, sharing_schema, zoom_schema)}
(METADATA,) = TABLES  # one for all: a second would be tables that no migration makes

with context.config.attributes["engine"].connect() as connection:
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
