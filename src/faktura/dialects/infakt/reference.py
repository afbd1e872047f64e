"""Reference data (section 27): lists that change with the law, not with the account."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from faktura.core.books.books import Books
from faktura.core.books.side_notes import note, noted
from faktura.core.countries.pl import lists
from faktura.core.errors import NotFound
from faktura.dialects.infakt.door.door import NAME, Call
from faktura.dialects.infakt.door.links import list_url
from faktura.dialects.infakt.door.paging import FIELDS, LIMIT, LIST, OFFSET, Page
from faktura.dialects.infakt.door.searching import Listing, conditions_of, order_of
from faktura.dialects.infakt.door.values import BOOLEAN, DATE, INTEGER, NUMBER, PERCENT, TEXT
from faktura.dialects.infakt.entries import Entry, Law, codes, entries, entry, ids, rendered, select
from faktura.dialects.infakt.invoices.resources import INVOICES, Serve
from faktura.store.queries import Order
from faktura.wire.endpoints import Answer, Endpoint, Parameter
from faktura.wire.fields import Kind, Shape, Unreadable, read_only
from faktura.wire.values import read_integer


@entry("vat_rates")
class VatRate(Entry, frozen=True):
    rate: Decimal
    name: str
    symbol: str
    valid_from: dt.date
    valid_until: dt.date | None


@entry("moss_vat_rates")
class MossVatRate(Entry, frozen=True):
    """A rate of another member state, for sales through the one-stop shop."""

    country: str
    value: Decimal
    reduced: bool


@entry("flat_rates")
class FlatRate(Entry, frozen=True):
    """A rate of the income tax on revenue without deductions."""

    rate: Decimal
    name: str
    symbol: str


@entry("transaction_kinds", Law(lists.transaction_kinds, {"name": "name", "symbol": "code"}))
class TransactionKind(Entry, frozen=True):
    name: str
    symbol: str


@entry("countries")
class Country(Entry, frozen=True):
    alpha_2: str
    alpha_3: str
    english_name: str
    polish_name: str
    continent: str
    european_union: bool
    currency: str


@entry(
    "vat_exemptions",
    Law(lists.vat_exemptions, {"description": "name", "legal_basis_rule": "basis", "legal_basis_source": "act"}),
)
class VatExemption(Entry, frozen=True):
    description: str
    legal_basis_rule: str
    legal_basis_source: str


@entry(
    "gtus",
    Law(lists.goods_groups, {"name": "code", "short_description": "name", "description": "description"}),
)
class Gtu(Entry, frozen=True):
    """A group of goods and services that the tax office is told of."""

    name: str
    short_description: str
    description: str


@entry(
    "documents_markings",
    Law(lists.document_markings, {"code": "code", "short_description": "name", "description": "description"}),
)
class DocumentMarking(Entry, frozen=True):
    code: str
    short_description: str
    description: str


def coded(cls: type[Entry], schema: Mapping[str, Any] = INTEGER.schema, *, others: bool = False) -> Kind:
    """An id of a list of law, whose code the core keeps; of an entry that only the vendor has, the id itself."""
    known, back = codes(cls), ids(cls)

    def read(value: Any) -> str | None:
        entry_id = read_integer(value)
        if entry_id is not None and entry_id not in known and not others:
            raise Unreadable("not_in_list")
        return None if entry_id is None else known.get(entry_id) or str(entry_id)

    return Kind(schema, read, lambda code: back.get(code) or int(code))


def _shape(spelled: str, record: type[Entry], /, **kinds: Kind) -> Shape[Any, None]:
    """What the list has under the names of its attributes."""
    columns = record.table.c
    fields = (read_only(name, kind, nullable=bool(columns[name].nullable)) for name, kind in kinds.items())
    return Shape(spelled, record, (read_only("id", INTEGER, nullable=False), *fields))


VAT_RATE = _shape("vat_rate", VatRate, rate=PERCENT, name=TEXT, symbol=TEXT, valid_from=DATE, valid_until=DATE)
MOSS_VAT_RATE = _shape("moss_vat_rate", MossVatRate, country=TEXT, value=NUMBER, reduced=BOOLEAN)
FLAT_RATE = _shape("flat_rate", FlatRate, rate=PERCENT, name=TEXT, symbol=TEXT)
TRANSACTION_KIND = _shape("transaction_kind", TransactionKind, name=TEXT, symbol=TEXT)
COUNTRY = _shape(
    "country",
    Country,
    alpha_2=TEXT,
    alpha_3=TEXT,
    english_name=TEXT,
    polish_name=TEXT,
    continent=TEXT,
    european_union=BOOLEAN,
    currency=TEXT,
)
VAT_EXEMPTION = _shape("vat_exemption", VatExemption, description=TEXT, legal_basis_rule=TEXT, legal_basis_source=TEXT)
GTU = _shape("gtu", Gtu, name=TEXT, short_description=TEXT, description=TEXT)
DOCUMENT_MARKING = _shape("document_marking", DocumentMarking, code=TEXT, short_description=TEXT, description=TEXT)

GTU_ID = coded(Gtu, {"type": "integer", "minimum": 1, "maximum": len(codes(Gtu))})
TRANSACTION_KIND_ID = coded(TransactionKind)
VAT_EXEMPTION_ID = coded(VatExemption, others=True)

AS_FILED: tuple[Order, ...] = ()

VAT_RATES = Listing(VAT_RATE, AS_FILED)
FLAT_RATES = Listing(FLAT_RATE, (Order("rate"),))
TRANSACTION_KINDS = Listing(TRANSACTION_KIND, AS_FILED)
COUNTRIES = Listing(COUNTRY, (Order("polish_name"),))
VAT_EXEMPTIONS = Listing(VAT_EXEMPTION, AS_FILED)
GTUS = Listing(GTU, AS_FILED)
DOCUMENTS_MARKINGS = Listing(DOCUMENT_MARKING, AS_FILED)


def list_vat_rates(call: Call) -> Answer:
    return _page(call, VAT_RATES)


def list_moss_vat_rates(call: Call) -> Answer:
    """Neither searched nor sorted (27.2)."""
    return _cut(call, MOSS_VAT_RATE, entries(MossVatRate))


def list_flat_rates(call: Call) -> Answer:
    return _page(call, FLAT_RATES)


def list_transaction_kinds(call: Call) -> Answer:
    return _page(call, TRANSACTION_KINDS)


def list_countries(call: Call) -> Answer:
    return _page(call, COUNTRIES)


def list_vat_exemptions(call: Call) -> Answer:
    return _page(call, VAT_EXEMPTIONS)


def read_vat_exemption(call: Call) -> Answer:
    return _one(call, VAT_EXEMPTION)


def list_selected_vat_exemptions(call: Call) -> Answer:
    return _page(call, VAT_EXEMPTIONS, chosen(call.books, VatExemption))


def list_gtus(call: Call) -> Answer:
    return _page(call, GTUS)


def read_gtu(call: Call) -> Answer:
    return _one(call, GTU)


def list_selected_gtus(call: Call) -> Answer:
    return _page(call, GTUS, chosen(call.books, Gtu))


def list_documents_markings(call: Call) -> Answer:
    return _page(call, DOCUMENTS_MARKINGS)


def read_document_marking(call: Call) -> Answer:
    return _one(call, DOCUMENT_MARKING)


def list_selected_documents_markings(call: Call) -> Answer:
    return _page(call, DOCUMENTS_MARKINGS, chosen(call.books, DocumentMarking))


def chosen(books: Books, cls: type[Entry]) -> frozenset[int]:
    """The ids of the entries that the account chose for its daily use."""
    return frozenset(noted(books, NAME, books.account).get(cls.table_name, ()))


def choose(books: Books, cls: type[Entry], ids: Collection[int]) -> None:
    """Let the account have chosen these; the contract only reads what was chosen elsewhere."""
    note(books, NAME, books.account, {cls.table_name: sorted(ids)})


def _page(call: Call, listing: Listing, ids: Collection[int] | None = None) -> Answer:
    conditions = conditions_of(listing, call.parameters.get("q"))
    order = order_of(listing, call.parameters.get("order"))
    return _cut(call, listing.shape, select(listing.shape.record, conditions, order, ids))


def _cut(call: Call, shape: Shape[Any, None], found: Collection[Entry]) -> Answer:
    page, answers = Page(call.parameters), rendered(call.part(shape))
    cut = [answers[one.id] for one in [*found][page.offset : page.offset + page.limit]]
    return Answer(200, page.envelope(list_url(call.service, call.request), call.pairs, cut, len(found)))


def _one(call: Call, shape: Shape[Any, None]) -> Answer:
    answer = rendered(call.part(shape)).get(call.id)
    if answer is None:
        raise NotFound(shape.name)
    return Answer(200, answer)


def _list(path: str, serve: Serve, shape: Shape[Any, None], parameters: tuple[Parameter, ...] = LIST) -> Endpoint:
    return Endpoint(
        method="GET",
        path=f"{path}.json",
        serve=serve,
        about=f"List {serve.__name__.removeprefix('list_').replace('_', ' ')}",
        parameters=parameters,
        answers={200: [shape]},
        scope=INVOICES.read,
        searches=parameters is LIST,
    )


def _choice(path: str, shape: Shape[Any, None], serve: Mapping[str, Serve]) -> tuple[Endpoint, ...]:
    """A list of which the account chooses some: all, each, and the chosen ones."""
    read = Endpoint(
        method="GET",
        path=f"{path}/{{id}}.json",
        serve=serve["each"],
        about=f"Read a {shape.name.replace('_', ' ')}",
        parameters=(FIELDS,),
        answers={200: shape},
        scope=INVOICES.read,
    )
    return _list(path, serve["all"], shape), read, _list(f"{path}/selected", serve["selected"], shape)


ENDPOINTS: tuple[Endpoint, ...] = (
    _list("/vat_rates", list_vat_rates, VAT_RATE),
    _list("/moss_vat_rates", list_moss_vat_rates, MOSS_VAT_RATE, (FIELDS, OFFSET, LIMIT)),
    _list("/flat_rates", list_flat_rates, FLAT_RATE),
    _list("/transaction_kinds", list_transaction_kinds, TRANSACTION_KIND),
    _list("/countries", list_countries, COUNTRY),
    *_choice(
        "/vat_exemptions",
        VAT_EXEMPTION,
        {"all": list_vat_exemptions, "each": read_vat_exemption, "selected": list_selected_vat_exemptions},
    ),
    *_choice("/gtus", GTU, {"all": list_gtus, "each": read_gtu, "selected": list_selected_gtus}),
    *_choice(
        "/documents_markings/incomes",
        DOCUMENT_MARKING,
        {"all": list_documents_markings, "each": read_document_marking, "selected": list_selected_documents_markings},
    ),
)
