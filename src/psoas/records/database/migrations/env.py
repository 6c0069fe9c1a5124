"""What Alembic runs: the revisions, on the connection and within the transaction that the opener already holds."""

from alembic import context

from psoas.records.database.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
