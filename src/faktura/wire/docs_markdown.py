"""An API document as Markdown, for programs that read texts, and llms.txt, which says where to read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

METHODS = ("get", "post", "put", "patch", "delete")

ABOUT = """\
# faktura

> An invoicing server for Czech and Polish firms. It speaks the JSON of {titles} over one set of books: what is written
> through one is read through another. Clients of those services work when they are pointed here.

## The APIs
"""

SANDBOX = """
## The sandbox

This is a sandbox: example data, in which nothing can be broken. [Its state]({base}/sandbox) answers this machine alone;
`PATCH` merges JSON into it (clock, maintenance, rate limits, blocked accounts), `POST {base}/sandbox/reset` brings the
example data back, and `POST {base}/sandbox/worlds` makes a world of one's own.
[Addresses and credentials]({base}/sandbox/sandbox.json).
"""


class Api(NamedTuple):
    """One that is documented: `name` is the first word of its addresses."""

    name: str
    title: str


def llms_txt(base: str, apis: Sequence[Api], *, is_sandbox: bool) -> str:
    """What stands at /llms.txt; every address in it opens."""
    lines = [ABOUT.format(titles=" and ".join(api.title for api in apis))]
    for name, title in apis:
        lines.append(f"- [{title}]({base}/{name}/docs.md): every endpoint and attribute, as Markdown")
        lines.append(f"- [{title} for people]({base}/{name}/docs), and [as OpenAPI 3.1]({base}/{name}/openapi.json)")
    return "\n".join([*lines, ""]) + (SANDBOX.format(base=base) if is_sandbox else "")


def markdown(document: Mapping[str, Any]) -> str:
    """What the document says: its rules, each endpoint, each schema with its attributes."""
    info, schemas = document["info"], document["components"]["schemas"]
    head = [f"# {info['title']}", "", info.get("description", "").strip(), ""]
    head += [f"Addresses below begin with `{document['servers'][0]['url']}`.", "", "## Endpoints", ""]
    return "\n".join([*head, *_endpoints(document["paths"]), "## Schemas", "", *_schemas(schemas)]) + "\n"


def _endpoints(paths: Mapping[str, Any]) -> Iterator[str]:
    for path, verbs in paths.items():
        for method in METHODS:
            if (verb := verbs.get(method)) is None:
                continue
            yield f"### {method.upper()} {path}"
            yield ""
            yield f"{verb['summary']}."
            yield ""
            named = [one for one in (*verbs.get("parameters", ()), *verb.get("parameters", ())) if "name" in one]
            yield from (f"- `{one['name']}` in the {one['in']}: {_said(one)}" for one in named)
            if (body := verb.get("requestBody")) is not None:
                yield f"- body: {_content(body)}"
            yield from (f"- {status}: {_content(answer)}" for status, answer in verb["responses"].items())
            yield ""


def _schemas(schemas: Mapping[str, Any]) -> Iterator[str]:
    for name, schema in schemas.items():
        yield f"### {name}"
        yield ""
        if "properties" not in schema:
            yield _kind(schema)
        required = {*schema.get("required", ())}
        for attribute, kind in schema.get("properties", {}).items():
            needed = ", required" if attribute in required else ""
            yield f"- `{attribute}` ({_kind(kind)}{needed}): {kind.get('description', '')}".rstrip(": ")
        yield ""


def _content(part: Mapping[str, Any]) -> str:
    if "$ref" in part:
        return "refused"
    kinds = [
        f"{_kind(content['schema'])} ({kind})" if kind != "application/json" else _kind(content["schema"])
        for kind, content in part.get("content", {}).items()
    ]
    return " or ".join(kinds) or part.get("description", "nothing")


def _said(parameter: Mapping[str, Any]) -> str:
    schema = parameter["schema"]
    said = parameter.get("description") or schema.get("description", "")
    return f"{_kind(schema)}{', required' if parameter.get('required') else ''}{f'. {said}' if said else ''}"


def _kind(schema: Mapping[str, Any]) -> str:
    """A schema in a few words: those that have a name are named."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(_kind(one) for one in schema[several])
    if "enum" in schema:
        return "one of " + ", ".join(f"`{one}`" for one in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if kind == "object" and (inner := schema.get("properties")):
        return "{" + ", ".join(f"`{name}`: {_kind(one)}" for name, one in inner.items()) + "}"
    return " or ".join(kind) if isinstance(kind, list) else str(schema.get("format", kind))
