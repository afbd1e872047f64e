"""The OpenAPI 3.1 document of a dialect, made from the declarations that also serve its requests."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from copy import deepcopy
from http import HTTPStatus
from typing import Any

import msgspec

from faktura.wire.conditional import guarded_records
from faktura.wire.endpoints import Endpoint, File, Method, Parameter
from faktura.wire.fields import Field, Kind, Shape
from faktura.wire.idempotency import HEADER as KEY_HEADER
from faktura.wire.idempotency import LONGEST_KEY

Json = dict[str, Any]

_Answered = AbstractSet[Shape[Any, Any]]
"""The resources that some endpoint answers."""


HEADERS: Mapping[str, Json] = {
    "ETag": {"description": "Tells this state of the record from others", "schema": {"type": "string"}},
    "Idempotent-Replayed": {"description": f"The answer to an earlier {KEY_HEADER}", "schema": {"const": "true"}},
}

CONDITIONS: tuple[Json, ...] = (
    {
        "name": KEY_HEADER,
        "in": "header",
        "description": "Made up by the client for this one write: sent again with it, for 24 hours, the write takes "
        "effect no second time and is answered as the first was",
        "schema": {"type": "string", "pattern": f"^[!-~]{{1,{LONGEST_KEY}}}$"},
    },
    {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of the record as the client knows it, or several, or `*`: where it changed, 412",
        "schema": {"type": "string"},
    },
    {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of the record as the client has it, or several, or `*`: where it is still so, 304",
        "schema": {"type": "string"},
    },
)


class Refusal(msgspec.Struct, frozen=True):
    """An answer that is no success: what it means, its body's schema, its headers besides those of every answer."""

    about: str
    schema: str
    headers: Mapping[str, Json] = {}


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """What a dialect tells about itself beyond its endpoints.

    `requires` are the header parameters of every request, `headers` those of every answer; `ids` the schemas of what
    stands in paths. `security` holds the schemes by name: an endpoint that is not public asks for one of them.
    `refusals` are the answers by status, and `refused` tells which of them an endpoint may give. `many` makes the
    schema of a list from that of its records, `wrapped` that of a body from the resource's name and schema. Where
    `located`, a create tells the address of the new record; where `narrowed`, only ids are in every answer. `signed`
    names the schemes of public endpoints that take credentials of their own, here or in the body, by path.
    """

    title: str
    version: str
    about: str
    requires: tuple[Json, ...]
    headers: Mapping[str, Json]
    ids: Mapping[str, Json]
    security: Mapping[str, Json]
    schemas: Mapping[str, Json]
    refusals: Mapping[int, Refusal]
    refused: Callable[[Endpoint], Iterable[int]]
    many: Callable[[Json], Json] = lambda records: {"type": "array", "items": records}
    wrapped: Callable[[str, Json], Json] = lambda _name, sent: sent
    located: bool = True
    narrowed: bool = False
    signed: Mapping[str, str] = {}


def document(
    description: Description, endpoints: Iterable[Endpoint], aliases: Mapping[Method, Method], address: str
) -> Json:
    """The document for the address that the endpoints are served at, without a slash at its end."""
    schemas: Json = dict(description.schemas)
    paths: dict[str, Json] = {}
    endpoints = tuple(endpoints)
    guarded = guarded_records(endpoints)
    answered = frozenset(shape for endpoint in endpoints for shape in _shapes(endpoint))
    for endpoint in endpoints:
        operations = paths.setdefault(endpoint.path, {"parameters": _path_parameters(endpoint, description)})
        operation = _operation(endpoint, description, schemas, answered)
        operation = _with_conditions(operation, endpoint, is_guarded=endpoint.path in guarded)
        operations[endpoint.method.lower()] = operation
        for alias in (alias for alias, real in aliases.items() if real == endpoint.method):
            twin = deepcopy(operation)
            operations[alias.lower()] = twin | {
                "operationId": f"{twin['operationId']}_by_{alias.lower()}",
                "summary": f"{twin['summary']}; the same as {endpoint.method}",
                "deprecated": True,
            }
    return {
        "openapi": "3.1.0",
        "info": {"title": description.title, "version": description.version, "description": description.about},
        "servers": [{"url": address}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "headers": {**description.headers, **HEADERS},
            "responses": {
                "304": {"description": "The client has it as it is", "headers": _headers(description, "ETag")},
                **{str(s): _refusal(r, description) for s, r in description.refusals.items()},
            },
            "parameters": {parameter["name"]: parameter for parameter in (*description.requires, *CONDITIONS)},
            "securitySchemes": dict(description.security),
        },
    }


def _shapes(endpoint: Endpoint) -> Iterator[Shape[Any, Any]]:
    for what in endpoint.answers.values():
        shape = what[0] if isinstance(what, list) else what
        if isinstance(shape, Shape):
            yield shape


def _operation(endpoint: Endpoint, description: Description, schemas: Json, answered: _Answered) -> Json:
    operation: Json = {
        "operationId": endpoint.serve.__name__,
        "summary": endpoint.about,
        "tags": [_tag(endpoint)],
        "security": _security(endpoint, description),
        "parameters": [
            *({"$ref": f"#/components/parameters/{parameter['name']}"} for parameter in description.requires),
            *(
                {
                    "name": p.name,
                    "in": "query",
                    "description": p.about,
                    "required": p.required,
                    "schema": dict(p.kind.schema),
                }
                | _extension(p)
                for p in endpoint.parameters
            ),
        ],
    }
    if endpoint.takes is not None:
        is_answered = endpoint.takes in answered
        operation["requestBody"] = _body(endpoint, endpoint.takes, description, schemas, is_answered=is_answered)
    successes = {str(s): _success(endpoint, s, description, schemas) for s in endpoint.answers}
    refusals = {str(s): {"$ref": f"#/components/responses/{s}"} for s in description.refused(endpoint)}
    return operation | {"responses": dict(sorted((successes | refusals).items()))} | _extension(endpoint)


def _extension(declared: Endpoint | Parameter) -> Json:
    """The mark of what is ours, and not of the contract."""
    return {"x-extension": True} if declared.extension else {}


def _with_conditions(operation: Json, endpoint: Endpoint, *, is_guarded: bool) -> Json:
    """The operation with the headers by which nothing is done twice, undone by others, or sent in vain."""
    named: list[str] = []
    statuses: list[int] = []
    if endpoint.writes and not endpoint.public:
        named.append(KEY_HEADER)
        statuses += [409, 422]
    if endpoint.writes and is_guarded:
        named.append("If-Match")
        statuses.append(412)
    if not endpoint.writes and any("ETag" in answer.get("headers", ()) for answer in operation["responses"].values()):
        named.append("If-None-Match")
        statuses.append(304)
    parameters = [*operation["parameters"], *({"$ref": f"#/components/parameters/{name}"} for name in named)]
    responses = operation["responses"] | {str(s): {"$ref": f"#/components/responses/{s}"} for s in statuses}
    return operation | {"parameters": parameters, "responses": dict(sorted(responses.items()))}


def _security(endpoint: Endpoint, description: Description) -> list[Json]:
    if endpoint.public:
        return [{description.signed[endpoint.path]: []}, {}] if endpoint.path in description.signed else []
    return [{name: []} for name in description.security if name not in description.signed.values()]


def _tag(endpoint: Endpoint) -> str:
    """Endpoints are grouped by the file that serves them, which bears the name of the resource."""
    return endpoint.serve.__module__.rpartition(".")[2].replace("_", " ")


def _path_parameters(endpoint: Endpoint, description: Description) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": dict(schema)}
        for name, schema in description.ids.items()
        if f"{{{name}}}" in endpoint.path
    ]


def _success(endpoint: Endpoint, status: int, description: Description, schemas: Json) -> Json:
    what = endpoint.answers[status]
    replayed = ("Idempotent-Replayed",) if endpoint.writes and not endpoint.public else ()
    tagged = ("ETag",) if isinstance(what, Shape) and "version" in getattr(what.record, "__struct_fields__", ()) else ()
    answer: Json = {"description": HTTPStatus(status).phrase, "headers": _headers(description, *tagged, *replayed)}
    if status == HTTPStatus.FOUND or (status == HTTPStatus.CREATED and description.located):
        about = "Address of the new record" if status == HTTPStatus.CREATED else "Where to go"
        answer["headers"]["Location"] = {"description": about, "required": True, "schema": {"type": "string"}}
    if isinstance(what, File):
        answer["content"] = {what.media_type: {"schema": {"type": "string", "format": "binary"}}}
    elif isinstance(what, Mapping):
        answer["content"] = _json(dict(what))
    elif what is not None:
        many = isinstance(what, list)
        schema = _answered(what[0] if many else what, description, schemas)
        answer["content"] = _json(description.many(schema) if many else schema)
    return answer


def _refusal(refusal: Refusal, description: Description) -> Json:
    return {
        "description": refusal.about,
        "headers": {**_headers(description), **refusal.headers},
        "content": _json({"$ref": f"#/components/schemas/{refusal.schema}"}),
    }


def _headers(description: Description, *more: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*description.headers, *more)}


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _answered(shape: Shape[Any, Any], description: Description, schemas: Json) -> Json:
    """A reference to the resource as it is answered: with every field, each time, unless answers are narrowed."""
    name = _title(shape.name)
    if name not in schemas:
        fields = [field for field in shape.fields if field.access != "write"]
        schemas[name] = {
            "type": "object",
            "properties": {field.name: _property(field, description, schemas) for field in fields},
            "required": [field.name for field in fields if field.name == "id" or not description.narrowed],
        }
    return {"$ref": f"#/components/schemas/{name}"}


def _body(
    endpoint: Endpoint, shape: Shape[Any, Any], description: Description, schemas: Json, *, is_answered: bool
) -> Json:
    """The resource as it is sent: what a create requires, a change may leave out; other attributes are passed over."""
    creates = endpoint.method == "POST"
    name = _title(shape.name) + (("ToCreate" if creates else "ToChange") if is_answered else "")
    required = [field.name for field in shape.fields if field.required and creates]
    schemas[name] = _sent(shape, schemas) | {"required": required}
    if creates and shape.example is not None:
        schemas[name]["examples"] = [dict(shape.example)]
    content = _json(description.wrapped(shape.name, {"$ref": f"#/components/schemas/{name}"}))
    if endpoint.forms:
        content["application/x-www-form-urlencoded"] = content["application/json"]
    return {"required": bool(required), "content": content}


def _sent(shape: Shape[Any, Any], schemas: Json) -> Json:
    """What may be sent of a resource; resources inside it are described as those that are sent, too."""
    properties: Json = {}
    for field in shape.fields:
        if field.access == "read":
            continue
        schema = _plain(field.kind, nullable=not field.required)
        if (inner := field.kind.shape) is not None:
            name = f"{_title(inner.name)}ToSend"
            schemas.setdefault(name, _sent(inner, schemas))
            schema["items"] = {"$ref": f"#/components/schemas/{name}"}
        properties[field.name] = schema
    return {"type": "object", "properties": properties}


def _property(field: Field, description: Description, schemas: Json) -> Json:
    schema = _plain(field.kind, nullable=field.nullable)
    if field.kind.shape is not None:
        schema["items"] = _answered(field.kind.shape, description, schemas)
    return schema | {"readOnly": True} if field.access == "read" else schema


def _plain(kind: Kind, *, nullable: bool) -> Json:
    schema = dict(kind.schema)
    if nullable:
        types = schema["type"]
        schema["type"] = [*(types if isinstance(types, list) else [types]), "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema


def _title(name: str) -> str:
    return name.title().replace("_", "")
