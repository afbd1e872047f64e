"""What a revision does on one engine only."""

from alembic import op


def on_sqlite(statement: str) -> None:
    _on("sqlite", statement)


def on_postgresql(statement: str) -> None:
    _on("postgresql", statement)


def _on(engine: str, statement: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name == engine:
        connection.exec_driver_sql(statement)
