"""Each list of this dialect with each of its filters, alone and two by two."""

from collections.abc import Iterator
from typing import Any

from faktura.dialects.fakturoid.door.application import ENDPOINTS
from faktura.wire.endpoints import Endpoint, Parameter
from tests.every_list import SOUGHT, Asked, Values, combined, spelled

MOUNT = "/accounts/{slug}"

ATTRIBUTES = {
    "since": "created_at",
    "until": "created_at",
    "updated_since": "updated_at",
    "updated_until": "updated_at",
    "document_type": "kind",
}
"""By parameter that is called otherwise than a field, what it chooses by."""


def every_list(values: Values) -> Iterator[Asked]:
    for endpoint in ENDPOINTS:
        path = endpoint.path.removeprefix(MOUNT)
        if endpoint.method == "GET" and isinstance(endpoint.answers.get(200), list) and "{" not in path:
            asked = {p.name: _values(values, endpoint, p) for p in endpoint.parameters if p.name != "page"}
            yield from combined(path, asked)


def _values(values: Values, endpoint: Endpoint, parameter: Parameter) -> list[str]:
    if parameter.name in SOUGHT:
        return [*SOUGHT[parameter.name]]
    [shape] = endpoint.answers[200]
    fields = {field.name: field.attribute for field in shape.fields} | ATTRIBUTES
    attribute = fields.get(parameter.name)
    record: Any = shape.record
    if attribute is not None and attribute in getattr(record, "__struct_fields__", ()) and hasattr(record, "table"):
        return spelled(parameter.kind, values.of(record, attribute))
    return ["2026-01-01T00:00:00Z", "2030-01-01T00:00:00Z"] if parameter.name in ATTRIBUTES else ["1", "2000000000"]
