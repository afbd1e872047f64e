"""Alembic's environment: the caller brings the connection, and has imported every record by then."""

from alembic import context

from faktura.store.migrations.writing import is_compared, rendered_type, with_extras
from faktura.store.records import metadata, say_to_postgresql

say_to_postgresql()
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
    include_object=is_compared,
    render_item=rendered_type,
    process_revision_directives=with_extras,
)
with context.begin_transaction():
    context.run_migrations()
