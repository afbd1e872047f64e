"""How a revision is written: by comparing records with a SQLite database, then adding what each engine needs beside."""

from collections.abc import Iterable
from typing import Any, Literal

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import DowngradeOps, MigrateOperation, MigrationScript, ModifyTableOps
from alembic.runtime.migration import MigrationContext

from faktura.store import schema
from faktura.store.columns import Exact, Json, Moment
from faktura.store.landmarks import trigger


class OnEngine(MigrateOperation):
    """A statement for one engine."""

    def __init__(self, engine: str, statement: str) -> None:
        self.engine = engine
        self.statement = " ".join(statement.split())


@renderers.dispatch_for(OnEngine)
def _rendered(autogen_context: AutogenContext, op: OnEngine) -> str:
    autogen_context.imports.add("from faktura.store.migrations.engines import on_postgresql, on_sqlite")
    return f"on_{op.engine}({op.statement!r})"


def rendered_type(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    if kind == "type" and isinstance(item, Exact | Json | Moment):
        autogen_context.imports.add("from faktura.store import columns")
        return f"columns.{type(item).__name__}()"
    return False


def is_compared(_item: object, name: str | None, _kind: str, _reflected: object, _compare_to: object) -> bool:
    """Not what metadata does not know: the extras, and the tables in which FTS5 keeps an index."""
    names = {extra.name for extra in schema.extras()}
    return name not in names and str(name).rpartition("_")[0] not in names


def with_extras(context: MigrationContext, _revision: object, directives: list[MigrationScript]) -> None:
    """Add the missing extras; there is no way down, that is what the copy made before an upgrade is for."""
    script = directives[0]
    assert script.upgrade_ops is not None  # noqa: S101 (a revision always has them; its type does not say so)
    connection = context.connection
    assert connection is not None  # noqa: S101 (env.py configures one)
    there = schema.names(connection)
    missing = [extra for extra in schema.extras() if extra.made_with not in there]
    script.upgrade_ops.ops += [OnEngine(extra.engine, extra.definition) for extra in missing]
    script.upgrade_ops.ops += _triggers_again(script.upgrade_ops.ops, there)
    script.downgrade_ops = DowngradeOps([])


def _triggers_again(operations: Iterable[MigrateOperation], there: set[str]) -> list[OnEngine]:
    """SQLite may change a table by building it anew, and drops its trigger then."""
    changed = {op.table_name for op in operations if isinstance(op, ModifyTableOps)}
    lost = [t for t in schema.paged_tables() if t in changed and schema.trigger_name(t) in there]
    return [
        OnEngine("sqlite", statement)
        for table in lost
        for statement in (f"DROP TRIGGER IF EXISTS {schema.trigger_name(table)}", trigger(table))
    ]
