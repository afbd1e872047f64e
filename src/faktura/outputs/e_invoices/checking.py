"""Files compared with the schemas of their formats, which lie beside; a schema is read once a process."""

import functools
import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from faktura.xml import careful, local_name, lxml

if TYPE_CHECKING:
    from lxml import etree

SCHEMAS = Path(__file__).with_name("schemas")

Format = Literal["isdoc", "isdoc_manifest", "ubl", "fa3"]

_FILES: dict[Format, str] = {
    "isdoc": "isdoc/isdoc-invoice-6.0.2.xsd",
    "isdoc_manifest": "isdoc/isdoc-manifest-6.0.2.xsd",
    "ubl": "ubl/maindoc/UBL-{root}-2.1.xsd",
    "fa3": "fa3/FA3_v1-0E.xsd",
}
"""By format; UBL has one for each root."""


MOST_FAULTS = 100
"""Of a file that somebody made up, there may be tens of thousands."""


def faults_in(content: bytes, of: Format) -> list[str]:
    """What the schema says against the file first, each with its line; nothing where it is valid."""
    root = lxml().fromstring(content, careful())
    schema = _schema(_FILES[of].format(root=local_name(root)))
    if schema.validate(root):
        return []
    return [f"{fault.line}: {fault.message}" for fault in itertools.islice(schema.error_log, MOST_FAULTS)]


def faults_of_schema(content: bytes, of: str) -> list[str]:
    """The same of a file in any format; nothing is said against one whose schema is not here."""
    return next((faults_in(content, known) for known in _FILES if known == of), [])


def has_schema(of: str) -> bool:
    """Whether the schema of a format is here."""
    return of in _FILES


@functools.cache
def _schema(file: str) -> "etree.XMLSchema":
    parser = careful()
    parser.resolvers.add(_beside(SCHEMAS / Path(file).parent))
    return lxml().XMLSchema(lxml().parse(SCHEMAS / file, parser))


def _beside(folder: Path) -> "etree.Resolver":
    """What a schema imports by an address is the file of that name in its own folder."""

    class Beside(lxml().Resolver):  # type: ignore[misc]
        def resolve(self, address: str, _public_id: str, context: Any) -> Any:
            if "://" not in address:
                return None
            return self.resolve_filename(str(folder / address.rpartition("/")[2]), context)

    return Beside()
