"""Whatever names a record of another account, in path, query or body, is answered exactly as what nobody has."""

import contextlib
import copy
import http.client
import itertools
import json
import random
import re
import shutil
import string
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import msgspec
import pytest
from werkzeug.routing import Rule

from faktura import web
from faktura.core.clock import Clock
from faktura.store import records
from faktura.store.database import open_database
from faktura.store.records import RECORDS
from faktura.wire.service import Service
from tests import needs
from tests.firm import PASSWORD
from tests.proofs.full_house import FIRST_DOOR, SECOND_DOOR, Tenant, rows_of, sign_in, tenants_of
from tests.proofs.history import length
from tests.proofs.operations import Dialect, Operation
from tests.proofs.served import settings_for
from tests.running import PATIENCE, Server, running

pytestmark = [needs.FAKTUROID, needs.INFAKT, pytest.mark.timeout(length(400, 3000))]

ANYWHERE = length(2, 10)
"""So many values are tried where the name of a place does not say that a record stands there."""

SHARE = 0.2 * length(1, 5)
"""Of the places in queries and bodies; of those in paths none is left out."""

COLUMNS = length(8, 40)
"""So many are tried where a record is named, besides those of documents and contacts."""

OF_EACH = length(1, 1000)
"""So many values of each column may stand in the addresses of pages."""

OF_LIKELY, OF_OTHERS = length(3, 1000), length(6, 10_000)
"""So many that fit a variable stand in its place, and so many of all."""

CALLED_OTHERWISE = {
    "batch_id": "batches",
    "delivery_id": "deliveries",
    "draft_id": "drafts",
    "format_id": "number_formats",
    "link_id": "contact_links",
    "recurring_id": "generators",
    "webhook_id": "subscriptions",
    "scan_id": "expenses",
    "told_id": "expenses",
}
"""Variables in the addresses of pages whose names are not those of their tables."""

ROUNDS = 3
"""What another request changed is the same for both in the next round; what is told of a foreign record is not."""

IDS = {"id", "ids", "uuid", "uuids"}

TENANTS = {name: cls for name, cls in RECORDS.items() if issubclass(cls, records.Tenant)}

NAMES_A_RECORD = re.compile(r"(id|ids|uuid|uuids|reference|token|slug|number)$")

NAME_NONE = {
    "/downloads/{ticket}.json": "a ticket is itself what lets in, and is signed",
    "/vat_exemptions/{id}.json": "an id of the contract's list",
    "/gtus/{id}.json": "an id of the contract's list",
    "/documents_markings/incomes/{id}.json": "an id of the contract's list",
}
"""Paths whose parameters name no record of an account, and why."""

ASKED_FOR = {"download_xml.json": {"format": "isdoc"}}
"""By the end of a path what its query says besides, where nothing is looked up without it."""

WITNESSES = {"subject_id", "client_id", "previous_advance_id", "bank_account_id", "uuids"}
"""Some of what names a record outside of paths."""

UNDECLARED = {"/async/incomes/pdf_many.json": ("uuids",)}
"""What a body may hold that the document only tells in words."""

Column = tuple[str, str]

Values = Mapping[Column, list[str]]
"""What the records of a firm hold, by table and column."""


class Place(NamedTuple):
    """Where in a request a value stands; in a body the name is a way to it."""

    operation: Operation
    part: str
    name: tuple[str | int, ...]
    listed: bool = False

    def __str__(self) -> str:
        return f"{self.operation.name}, {'.'.join(map(str, self.name))} in its {self.part}"

    def turn(self) -> tuple[bool, bool]:
        """Reads come first; then what names a record, before what takes whatever is said."""
        named = str(self.name[-1])
        return self.operation.writes, self.part == "body" and not (named in IDS or named.endswith(("_id", "_ids")))

    @property
    def names_a_record(self) -> bool:
        return NAMES_A_RECORD.search(str(self.name[-1])) is not None


class Answer(NamedTuple):
    status: int
    content_type: str
    body: str

    def without(self, value: str) -> "Answer":
        """The answer, whatever of the request it repeats."""
        return self._replace(body=self.body.replace(quote(value, safe=""), "…").replace(value, "…"))


class Firm:
    """A firm at one door."""

    def __init__(self, server: Server, dialect: Dialect) -> None:
        self.server = server
        self.dialect = dialect
        self._named = {one.path: dialect.named(server, one.path) for one in dialect.operations()}

    def ask(self, place: Place, value: str) -> Answer:
        """Ask with the value in its place; whatever else the request names is the firm's own."""
        operation = place.operation
        named = dict(self._named[operation.path])
        if place.part == "path":
            named[str(place.name[0])] = quote(value, safe="")
        asked = dict(ASKED_FOR.get(operation.path.rpartition("/")[2], {}))
        if place.part == "query":
            asked[str(place.name[0])] = value
        path = self.dialect.mount + operation.path.format(**named) + ("?" + urlencode(asked) if asked else "")
        sent = operation.sent
        if place.part == "body":
            sent = put_in(sent, place.name, [value] if place.listed else value)
        return self.send(operation.method, path, sent if operation.writes else None)

    def send(self, method: str, path: str, sent: Any = None) -> Answer:
        headers = {"User-Agent": "proofs", **self.dialect.credentials}
        if sent is not None:
            headers["Content-Type"] = "application/json"
        body = None if sent is None else json.dumps(sent)
        with contextlib.closing(http.client.HTTPConnection(*self.server[1:3], timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers.get("Content-Type", ""), answer.read().decode(errors="replace"))

    def places(self) -> Iterator[Place]:
        for operation in self.dialect.operations():
            for name in re.findall(r"{(\w+)}", operation.path):
                yield Place(operation, "path", (name,))
            for name in operation.queries:
                names = [f"q[{one}_eq]" for one in self.dialect.listed(operation)] if name == "q" else [name]
                yield from (Place(operation, "query", (one,)) for one in names)
            for name, listed in self.dialect.sendable(operation):
                yield Place(operation, "body", name, listed)
            for one in UNDECLARED.get(operation.path, ()):
                yield Place(operation, "body", (one,), listed=True)


class House(NamedTuple):
    """Two firms that have every kind of record, at both doors."""

    url: str
    server: Server
    own: list[Firm]
    own_values: Values
    foreign_values: Values
    tenants: list[Tenant]


@pytest.fixture
def house(full_house: Path, tmp_path: Path) -> Iterator[House]:
    """A copy for each proof, since a firm spoils its own records in it."""
    url, (own, foreign) = f"sqlite:///{shutil.copy(full_house, tmp_path)}", tenants_of(full_house)
    # The worker would do meanwhile what the firms handed in.
    with running(tmp_path, "serve", settings=settings_for(url) | {"FAKTURA_WORKER": "false"}) as server:
        yield House(
            url,
            server,
            [*firms(server, own)],
            values_of(url, own, foreign),
            values_of(url, foreign, own),
            [own, foreign],
        )


def firms(server: Server, tenant: Tenant) -> Iterator[Firm]:
    for name, mount, credentials in (
        ("fakturoid", FIRST_DOOR, tenant.bearer),
        ("infakt", SECOND_DOOR, tenant.keyed),
    ):
        document = server.ask("GET", f"/{name}/openapi.json").json
        credentials.pop("Content-Type")
        yield Firm(server, Dialect(name, document, mount, credentials, tenant.slug))


def values_of(url: str, tenant: Tenant, other: Tenant) -> Values:
    """Ids and texts that only this firm has."""
    found: dict[tuple[str, str], list[str]] = {
        ("accounts", "id"): [str(tenant.id)],
        ("accounts", "slug"): [tenant.slug],
    }
    rows = rows_of(url)
    for table, cls in TENANTS.items():
        whose = cls.__struct_fields__.index("account_id")
        of_each: dict[int, dict[str, set[str]]] = {tenant.id: {}, other.id: {}}
        # The house has jobs of its own.
        for row in (row for row in rows[table] if row[whose] in of_each):
            for name, text in telling(zip(cls.__struct_fields__, row, strict=False)):
                of_each[row[whose]].setdefault(name, set()).add(text)
        for name, texts in of_each[tenant.id].items():
            if only := sorted(texts - of_each[other.id].get(name, set())):
                found[table, name] = only
    return found


def telling(values: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    """What may tell a record from others, also inside what it is made of."""
    for name, value in values:
        if name.endswith("id") or (isinstance(value, str) and len(value) > 3):
            yield name, str(value)
        for inner in value if isinstance(value, tuple) else ():
            if isinstance(inner, msgspec.Struct):
                yield from ((f"{name} {one}", text) for one, text in telling(msgspec.structs.asdict(inner).items()))


def test_a_foreign_record_is_answered_as_a_missing_one(house: House, chance: random.Random) -> None:
    before = rows_of_tenant(house)
    known = {value for values in (house.own_values, house.foreign_values) for some in values.values() for value in some}
    wrong: list[str] = []
    written: set[str] = set()
    asked = unclear = 0
    for firm in house.own:
        for place in sorted(firm.places(), key=Place.turn):
            if place.part != "path" and chance.random() > SHARE:
                continue
            for value in chosen(house.foreign_values, place, chance):
                asked += 1
                told = difference(firm, place, value, lambda one: look_alike(one, chance, known))
                # Whatever a firm wrote into its own records is no stranger to it.
                unclear += bool(told) and value in written
                wrong += [f"{place}: {value} {told}"] if told and value not in written else []
                written |= {value} if place.part != "path" and place.operation.writes else set()
    assert wrong == []
    assert asked > 1000
    assert unclear < asked / 20
    assert rows_of_tenant(house) == before


def rows_of_tenant(house: House) -> dict[str, list[Any]]:
    """All that the foreign firm has."""
    rows, foreign = rows_of(house.url), house.tenants[1].id
    whose = {name: cls.__struct_fields__.index("account_id") for name, cls in TENANTS.items()}
    return {name: [row for row in rows[name] if row[place] == foreign] for name, place in whose.items()}


def chosen(values: Values, place: Place, chance: random.Random) -> Iterator[str]:
    """A value of each column that may name a record; elsewhere some of any column."""
    keys = [key for key in sorted(values) if place.part == "path" or key[1] != "slug"]
    if place.names_a_record:
        keys = [key for key in keys if NAMES_A_RECORD.search(key[1])]
        always = {key for key in keys if key[0] in {"invoices", "contacts"} and key[1] in IDS}
        keys = [
            *sorted(always),
            *chance.sample(others := [key for key in keys if key not in always], min(COLUMNS, len(others))),
        ]
    else:
        keys = [key for key in keys if place.part == "query" or NAMES_A_RECORD.search(key[1])]
        keys = chance.sample(keys, min(ANYWHERE, len(keys)))
    for key in keys:
        yield from chance.sample(values[key], min(length(1, 2), len(values[key])))


def difference(firm: Firm, place: Place, value: str, missing: Callable[[str], str]) -> str:
    """How the answer to a value differs from that to one that nobody has; nothing where it does not."""
    for _ in range(ROUNDS):
        nobodys = missing(value)
        nobody_told, raw = firm.ask(place, nobodys), firm.ask(place, value)
        expected, answer = nobody_told.without(nobodys), raw.without(value)
        if answer == expected:
            return ""
        another = missing(value)
        if same_but_moving((raw, value), (nobody_told, nobodys), (firm.ask(place, another), another)):
            return ""
    return f"answered {answer.status} {answer.body[:200]}, a missing one {expected.status} {expected.body[:200]}"


def same_but_moving(*answered: tuple[Answer, str]) -> bool:
    """Whether the first answer is the second but for what the third has otherwise, too, such as the id of a new record.

    Each comes with the value that was asked with, and may be repeated.
    """
    if len({answer[:2] for answer, _ in answered}) > 1 or "json" not in answered[0][0].content_type:
        return False
    first, second, third = (leaves(json.loads(answer.body)) for answer, _ in answered)
    value, nobodys, another = (value for _, value in answered)
    for name, leaf in second.items():
        moves = str(leaf).replace(nobodys, "…") != str(third.get(name)).replace(another, "…")
        if not moves and str(first.get(name)).replace(value, "…") != str(leaf).replace(nobodys, "…"):
            return False
    return first.keys() == second.keys()


def leaves(value: Any, name: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], Any]:
    if isinstance(value, Mapping):
        return {way: leaf for key, inner in value.items() for way, leaf in leaves(inner, (*name, key)).items()}
    if isinstance(value, list):
        return {way: leaf for n, inner in enumerate(value) for way, leaf in leaves(inner, (*name, n)).items()}
    return {name: value}


def look_alike(value: str, chance: random.Random, known: set[str]) -> str:
    """A value of the same look that is nobody's."""
    alphabets = (string.digits, "abcdef", string.ascii_lowercase, string.ascii_uppercase)
    hexadecimal = re.fullmatch(r"[0-9a-f-]+", value) is not None
    found = value
    while found in known:
        found = "".join(
            next(
                (chance.choice(letters) for letters in alphabets[0 : 2 if hexadecimal else 4] if letter in letters),
                letter,
            )
            for letter in value
        )
        # No number begins with a zero, and no uuid is of another version.
        found = "1" + found[1:] if value.isdecimal() else found
    return found


def put_in(sent: Any, way: tuple[str | int, ...], value: Any) -> Any:
    """A copy of a body with a value somewhere inside."""
    made = copy.deepcopy(sent)
    inner = made
    for step, following in itertools.pairwise(way):
        if isinstance(step, int):
            inner.append({}) if len(inner) <= step else None
        else:
            inner.setdefault(step, [] if isinstance(following, int) else {})
        inner = inner[step]
    inner[way[-1]] = value
    return made


def test_what_is_the_firms_own_is_answered_otherwise(house: House, chance: random.Random) -> None:
    """Or else the other proof would prove nothing: in each path some own record is told from a missing one."""
    known = {value for some in house.own_values.values() for value in some}
    paths: set[str] = set()
    seeing: set[str] = set()
    telling: Counter[tuple[str, Column]] = Counter()
    # At both doors reads come first, and parts are deleted last but before what they are parts of.
    places = [(one, place) for one in house.own for place in one.places()]
    for firm, place in sorted(places, key=lambda pair: pair[1].operation.damage):
        if place.part == "path" or str(place.name[-1]) in WITNESSES:
            paths |= {place.operation.path} if place.part == "path" else set()
            noun = place.operation.path.split("/")[1]
            likely = sorted(house.own_values, key=lambda key: (key[0] not in place.operation.path, -telling[noun, key]))
            if found := told_by(firm, place, house.own_values, likely, lambda one: look_alike(one, chance, known)):
                telling[noun, found] += 1
                seeing |= {str(place.name[-1]), place.operation.path}
    assert paths - seeing == set(NAME_NONE)
    assert seeing >= WITNESSES


def told_by(
    firm: Firm, place: Place, values: Values, columns: list[Column], missing: Callable[[str], str]
) -> Column | None:
    """The first of the columns of which a value of the firm's own is answered otherwise than one that nobody has."""
    for column in columns:
        if NAMES_A_RECORD.search(column[1]):
            for value in values[column]:
                nobodys = missing(value)
                expected, answer = firm.ask(place, nobodys).without(nobodys), firm.ask(place, value).without(value)
                if answer.status != expected.status or (answer.status >= 400 and answer != expected):
                    return column
                if answer != expected and not place.operation.writes:
                    return column
    return None


def test_pages_of_a_foreign_firm_are_answered_as_missing_ones(house: House, chance: random.Random) -> None:
    """Every page that the URL map has with something in its address, for a person who is signed in."""
    known = {value for values in (house.own_values, house.foreign_values) for some in values.values() for value in some}
    cookie = {"Cookie": sign_in(house.server, house.tenants[0].email, PASSWORD)}
    own = {"slug": house.tenants[0].slug, "token": house.own_values["invoices", "token"][0], "number": "no-number"}
    own |= {f"{table[:-1]}_id": ids[0] for (table, name), ids in house.own_values.items() if name == "id"}
    own |= {name: house.own_values[table, "id"][0] for name, table in CALLED_OTHERWISE.items()}
    own |= dict.fromkeys(("payment_id", "user_id", "key_id", "application_id", "step_id"), "1")
    own |= {"secret": "no-secret", "verb": "lock", "language": "cs"}
    rules = [
        rule for rule in rules_of_pages(house.url) if rule.arguments - {"filename"} and "GET" in (rule.methods or ())
    ]
    # An address with a slash in it is another address.
    some_of_each = (chance.sample(some, min(OF_EACH, len(some))) for some in house.foreign_values.values())
    values = sorted({value for some in some_of_each for value in some if "/" not in value})
    wrong = []
    for rule in rules:
        # What follows from an address does not stand in it.
        for name in sorted(rule.arguments - set(rule.defaults or ())):
            likely = foreign_values_of(house, name)
            rest = chance.sample(values, min(OF_OTHERS, len(values)))
            for value in sorted({*chance.sample(likely, min(OF_LIKELY, len(likely))), *rest}):
                pair = [
                    page(house.server, rule, own | {name: one}, cookie)
                    for one in (value, look_alike(value, chance, known))
                ]
                wrong += [f"{rule}: {name} {value} {pair}"] if pair[0] != pair[1] else []
    assert len(rules) >= 4
    assert wrong == []


def foreign_values_of(house: House, name: str) -> list[str]:
    """What would fit the variable of an address, and is the other firm's."""
    if name == "slug":
        return [house.tenants[1].slug]
    table = CALLED_OTHERWISE.get(name, f"{name.removesuffix('_id')}s")
    column = ("invoices", "token") if name == "token" else (table, "id")
    return sorted(house.foreign_values.get(column, ()))


def page(server: Server, rule: Rule, named: dict[str, str], headers: dict[str, str]) -> tuple[int, str]:
    """The status and what a person reads, without what was asked for."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: quote(named[found[1]]), rule.rule)
    answer = server.ask("GET", path, headers=headers)
    text = re.sub(r'(csrf_token" value=|content=)"[^"]*"', "", answer.body.decode(errors="replace"))
    for value in (*named.values(), answer.headers.get("x-request-id", "")):
        text = text.replace(quote(value), "").replace(value, "") if value else text
    return answer.status, text


def rules_of_pages(url: str) -> list[Rule]:
    with contextlib.closing(open_database(url)) as database:
        service = Service(database, Clock(), "http://localhost")
        return [*web.application(service).url_map.iter_rules()]
