"""Each list of this dialect by each attribute with each modifier, and in each order, as far as an index has it.

Of costs, whose filters and orders the contract names one by one, all of them.
"""

from collections.abc import Collection, Iterator

from faktura.core.received.record import Expense
from faktura.dialects.infakt.bank_accounts import BANK_ACCOUNTS
from faktura.dialects.infakt.clients import CLIENTS
from faktura.dialects.infakt.costs import listing as costs
from faktura.dialects.infakt.costs.fields import MOMENT
from faktura.dialects.infakt.costs.statuses import SYMBOLS
from faktura.dialects.infakt.door.application import ISSUED
from faktura.dialects.infakt.door.searching import Key, Listing, keys_of
from faktura.dialects.infakt.door.values import CURRENCY
from faktura.dialects.infakt.papers.papers import RESOURCES
from faktura.dialects.infakt.products import PRODUCTS
from faktura.store.comparing import Operator
from faktura.store.narrowest import has_index
from tests.every_list import Asked, Values, spelled

LISTINGS: dict[str, Listing] = {
    "/clients.json": CLIENTS,
    "/products.json": PRODUCTS,
    "/bank_accounts.json": BANK_ACCOUNTS,
    **{f"{resource.path}.json": resource.listing() for resource in (*ISSUED, *RESOURCES)},
}


def every_list(values: Values) -> Iterator[Asked]:
    for path, listing in LISTINGS.items():
        yield Asked(path)
        for name, key in keys_of(listing).items():
            if key.sortable and has_index(listing.shape.record, key.field.attribute):
                yield from (Asked(path, (("order", f"{name} {way}"),)) for way in ("asc", "desc"))
            for operator in sorted(key.operators):
                if is_served(listing, key, operator):
                    yield from _asked(path, name, operator, _values(values, listing, key, operator))
    yield from _costs(values)


def _costs(values: Values) -> Iterator[Asked]:
    path = "/documents/costs.json"
    yield Asked(path)
    for name in costs.ORDERED:
        yield from (Asked(path, (("order", f"{name} {way}"),)) for way in ("asc", "desc"))
    for name, found in costs.COMPARED.items():
        kind = MOMENT if found.attribute == "created_at" else found.kind
        known = ["CZK", "USD"] if found.kind is CURRENCY else spelled(kind, values.of(Expense, found.attribute))
        yield from (Asked(path, ((name, value),)) for value in known)
    words: dict[str, Collection[str]] = dict.fromkeys(costs.STANDINGS, SYMBOLS)
    words |= {name: spellings.values() for name, (_, spellings) in costs.WORDS.items()}
    for name, each in words.items():
        yield from (Asked(path, ((f"{name}[]", word),)) for word in (*each, "nothing"))


def is_served(listing: Listing, key: Key, operator: Operator) -> bool:
    """Whether an index finds it: of the attribute, or of the text that is searched.

    Any field may be asked for here. What no index has is read in all of the account's records (decision 48).
    """
    record, attribute = listing.shape.record, key.field.attribute
    in_text = attribute in {*record.searched, *record.found_by}
    if operator == "cont":
        return in_text
    return has_index(record, attribute) or (in_text and operator == "eq")


def _values(values: Values, listing: Listing, key: Key, operator: Operator) -> list[str]:
    if operator == "null":
        return ["true", "false"]
    found = spelled(key.field.kind, values.of(listing.shape.record, key.field.attribute))
    return found if operator == "eq" else [found[0], found[-1]]


def _asked(path: str, name: str, operator: Operator, values: list[str]) -> Iterator[Asked]:
    asked = f"q[{name}_{operator}]" + ("[]" if operator == "in" else "")
    yield from (Asked(path, ((asked, value),)) for value in values)
