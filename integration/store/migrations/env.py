"""How alembic runs: on the engine that Database hands over, SQLite tables changed by copying.

All tables share one metadata; the module that stands on the others is the one to take it from.
"""

from __future__ import annotations

from alembic import context

from integration.store.sharing_schema import Invitation

with context.config.attributes["engine"].connect() as connection:
    context.configure(connection=connection, target_metadata=Invitation.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
