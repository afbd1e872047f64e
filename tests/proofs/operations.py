"""The operations that the API documents have, with what it takes to ask for each of them."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode, urlsplit

from tests.running import Answer, Server

READS = {"get", "head", "options"}

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"
BOUNDARY = "faktura-proofs"

SENSIBLE = {"grant_type": "client_credentials"}
"""What the documents say in words only."""

NOT_THERE = {"integer": "2147483646", "string": "0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f"}


class Asked(Protocol):
    """A server, or who stands before it."""

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer: ...


class Operation(NamedTuple):
    """`path` is the template of the document; `sent` is a body that it takes, and `types` are the ways to spell it."""

    method: str
    path: str
    types: tuple[str, ...]
    sent: Mapping[str, Any]
    queries: tuple[str, ...]
    public: bool

    @property
    def writes(self) -> bool:
        return self.method.lower() not in READS

    @property
    def damage(self) -> tuple[bool, bool, int]:
        """Sorts reads first and deletions last, of parts before that of the whole and of many."""
        deletes = self.method == "DELETE" or self.path.endswith("/unpaid_many.json")
        return self.writes, deletes, 0 if self.path.endswith("_many.json") else -self.path.count("/")

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


class Dialect(NamedTuple):
    """A dialect of a started server: its document, the path that it is mounted at, and a firm's way in."""

    name: str
    document: Mapping[str, Any]
    mount: str
    credentials: Mapping[str, str]
    slug: str

    def operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method, declared in item.items():
                if method != "parameters":
                    yield self._operation(method, path, declared)

    def _operation(self, method: str, path: str, declared: Mapping[str, Any]) -> Operation:
        content = declared.get("requestBody", {}).get("content", {})
        types = tuple(content) or (JSON,)
        # The document names JSON only; its text says that a body may as well be a form.
        if "a body may be JSON or a form" in self.document["info"]["description"]:
            types = (JSON, FORM, MULTIPART)
        sent = self.example(content[JSON]["schema"]) if content else {"note": "nothing that is asked for"}
        queries = tuple(one["name"] for one in declared["parameters"] if one.get("in") == "query")
        return Operation(
            method.upper(), path, types, sent, queries, {} in declared["security"] or not declared["security"]
        )

    def sendable(self, operation: Operation) -> Iterator[tuple[tuple[str | int, ...], bool]]:
        """The ways to all that its body may hold, and whether a list of values stands there."""
        declared = self.document["paths"][operation.path][operation.method.lower()]
        if "requestBody" in declared:
            yield from self._ways(declared["requestBody"]["content"][JSON]["schema"])

    def _ways(
        self, schema: Mapping[str, Any], way: tuple[str | int, ...] = ()
    ) -> Iterator[tuple[tuple[str | int, ...], bool]]:
        for name, inner in self.resolved(schema).get("properties", {}).items():
            items = self.resolved(inner.get("items", {}))
            if "properties" in items:
                yield from self._ways(items, (*way, name, 0))
            elif "properties" in self.resolved(inner):
                yield from self._ways(inner, (*way, name))
            else:
                yield (*way, name), "array" in inner.get("type", ())

    def listed(self, operation: Operation) -> list[str]:
        """The attributes of the records that it lists."""
        declared = self.document["paths"][operation.path][operation.method.lower()]
        schema = self.resolved(declared["responses"]["200"]["content"][JSON]["schema"])
        records = schema["properties"]["entities"]["items"] if "properties" in schema else schema["items"]
        return [*self.resolved(records)["properties"]]

    def example(self, schema: Mapping[str, Any]) -> Any:
        """The document's own example; without one, what is required, or the first text."""
        schema = self.resolved(schema)
        if "examples" in schema:
            return schema["examples"][0]
        if "properties" in schema:
            every = schema["properties"]
            names = schema.get("required") or [name for name, one in every.items() if _is_text(one)][:1] or [*every][:1]
            return {name: SENSIBLE.get(name) or self.example(every[name]) for name in names}
        if "enum" in schema:
            return schema["enum"][0]
        kinds = schema.get("type", "string")
        kind = kinds if isinstance(kinds, str) else kinds[0]
        return {"array": [], "integer": 1, "number": 1, "boolean": True, "object": {}}.get(kind, "1000")

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    def fill(self, server: Asked, path: str) -> str:
        """The path with ids of records that the firm has; where it has none, with such as nobody has."""
        return self.mount + path.format(**self.named(server, path))

    def named(self, server: Asked, path: str) -> dict[str, str]:
        """What stands in such a path, by the names of its parameters."""
        record = self._first(server, path.replace("{slug}", self.slug))
        values = {"slug": self.slug}
        for part, name in re.findall(r"(\w+)/{(\w+)}", path.replace("{slug}", "")):
            inner = record.get(part) if name.endswith("_id") else None
            found = _id_of(inner[0]) if inner else record.get(name)
            values[name] = str(found or NOT_THERE["integer" if "id" in name else "string"])
        return values

    def _first(self, server: Asked, path: str) -> Mapping[str, Any]:
        """A record of the list that the path begins with, one with the parts that its later ids ask for."""
        start, brace, rest = path.partition("/{")
        if not brace:
            return {}
        listed = server.ask("GET", f"{self.mount}{start.removeprefix('/async')}.json", headers=self.credentials)
        if listed.status != 200:
            return {}
        records = listed.json if isinstance(listed.json, list) else listed.json["entities"]
        parts = re.findall(r"(\w+)/{\w+_id}", rest)
        whole = (record | {part: self._parts(server, start, record, part) for part in parts} for record in records)
        return next((record for record in whole if all(record[part] for part in parts)), {})

    def _parts(self, server: Asked, start: str, record: Mapping[str, Any], part: str) -> Any:
        """What the record tells of its parts, or a list of their own."""
        if part in record:
            return record[part]
        path = f"{self.mount}{start}/{record.get('uuid') or record['id']}"
        alone = server.ask("GET", f"{path}.json", headers=self.credentials)
        if alone.status == 200 and part in alone.json:
            return alone.json[part]
        listed = server.ask("GET", f"{path}/{part}.json", headers=self.credentials)
        if listed.status != 200:
            return []
        return listed.json if isinstance(listed.json, list) else listed.json["entities"]


def dialects(server: Server, told: Mapping[str, Any]) -> Iterator[Dialect]:
    """Those that the sandbox serves, with credentials of the firm that may do everything."""
    for name in sorted(told.keys() & {"fakturoid", "infakt"}):
        part = told[name]
        mount = urlsplit(part["base_url"]).path
        credentials = {"X-inFakt-ApiKey": part["api_key"]} if "api_key" in part else sign_in(server, mount, part)
        document = server.ask("GET", f"/{name}/openapi.json").json
        yield Dialect(name, document, mount, credentials, part.get("slug", ""))


def sign_in(server: Server, mount: str, part: Mapping[str, str]) -> dict[str, str]:
    headers = {"Authorization": basic(part["client_id"], part["client_secret"]), "Content-Type": JSON}
    answer = server.ask("POST", f"{mount}/oauth/token", {"grant_type": "client_credentials"}, headers)
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def spelled(sent: Mapping[str, Any], content_type: str) -> tuple[str, bytes]:
    """The body in that type, and its Content-Type."""
    match content_type:
        case "application/x-www-form-urlencoded":
            return content_type, urlencode([*pairs(sent)]).encode()
        case "multipart/form-data":
            parts = (
                f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                for name, value in pairs(sent)
            )
            return f"{content_type}; boundary={BOUNDARY}", "".join([*parts, f"--{BOUNDARY}--"]).encode()
    return JSON, json.dumps(sent).encode()


def pairs(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """As a form spells what lies inside something else: client[name], services[][name]."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from pairs(inner, f"{name}[{key}]" if name else key)
    elif isinstance(value, list):
        for inner in value:
            yield from pairs(inner, f"{name}[]")
    else:
        yield name, str(value)


def _is_text(schema: Mapping[str, Any]) -> bool:
    return "string" in schema.get("type", ()) and not {"enum", "format", "pattern"} & schema.keys()


def _id_of(part: Mapping[str, Any]) -> str:
    """Told by itself, or by the address of its file."""
    return str(part["id"]) if "id" in part else part["file_url"].rpartition("/")[2].removesuffix(".json")
