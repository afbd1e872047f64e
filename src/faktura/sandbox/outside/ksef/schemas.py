"""The ministry's schemas: a document is compared with one, and imports are found beside it by their names."""

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faktura.xml import careful, lxml

if TYPE_CHECKING:
    from lxml import etree

AUTH = Path(__file__).with_name("schemat_auth_v2-1.xsd")

MOST_ERRORS = 10


def errors_by(file: Path, document: "etree._Element") -> list[str]:
    """What the schema has against it, at most ten."""
    schema = _schema(file)
    schema.validate(document)
    return [f"{one.line}: {one.message}" for one in schema.error_log][:MOST_ERRORS]


@functools.cache
def _schema(file: Path) -> "etree.XMLSchema":
    etree_: Any = lxml()

    class Beside(etree_.Resolver):  # type: ignore[misc] # lxml is loaded when it is asked for
        def resolve(self, address: str, _public_id: str | None, context: Any) -> Any:
            name = address.rpartition("/")[2]
            found = next(iter(sorted(file.parent.rglob(name))), None)
            return None if found is None else self.resolve_filename(str(found), context)

    parser = careful()
    parser.resolvers.add(Beside())
    schema: etree.XMLSchema = etree_.XMLSchema(etree_.parse(str(file), parser))
    return schema
