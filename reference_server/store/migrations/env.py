"""How alembic runs the steps: on the connection that it is given, inside of its transaction."""

from alembic import context

from reference_server.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
