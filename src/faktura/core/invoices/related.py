"""What an invoice may have to do with other documents: what it corrects, follows, settles or goes on from."""

from typing import Any, NamedTuple

from faktura.core.books.books import Books
from faktura.core.documents.deductions import allot, paid_for, taken_of
from faktura.core.documents.find import Key, key_of
from faktura.core.documents.links import NO_LINKS, Links, Sort, drop_links, keep_links, link_to, links_into, links_of
from faktura.core.documents.record import CORRECTIONS, UNDER_OSS
from faktura.core.errors import Problems
from faktura.core.invoices.record import Invoice
from faktura.store.queries import Condition, Selection


class Named(NamedTuple):
    """The ids of the documents that an invoice names."""

    corrected_id: int | None = None
    related_id: int | None = None
    previous_advance_id: int | None = None
    settled_ids: tuple[int, ...] = ()


class Relations(NamedTuple):
    """`advances` are the chain that went before, the first first; `settled` are tax documents of payments."""

    original: Invoice | None = None
    followed: Invoice | None = None
    settled: tuple[Invoice, ...] = ()
    advances: tuple[Invoice, ...] = ()

    @property
    def proforma(self) -> Invoice | None:
        return self.followed if self.followed is not None and self.followed.kind == "proforma" else None

    def ends(self) -> list[tuple[Sort, Invoice]]:
        """What it leads to; of a proforma that is taken off which the tax documents over it leave."""
        ends: list[tuple[Sort, Invoice]] = [("corrects", self.original)] if self.original is not None else []
        ends += [("settles", tax_document) for tax_document in self.settled]
        ends += [("deducts", advance) for advance in self.advances]
        return [*ends, ("follows", self.followed)] if self.followed is not None else ends


NO_RELATIONS = Relations()


def taken_names(values: dict[str, Any]) -> Named:
    """What a new invoice names, taken out of what is given."""
    taken = {name: values.pop(name, None) for name in ("corrected_id", "related_id", "previous_advance_id")}
    return Named(**taken, settled_ids=tuple(dict.fromkeys(values.pop("tax_document_ids", ()))))


def names_of(links: Links) -> Named:
    """What a document names by its links."""
    corrected, followed, advances = (links.leading(sort) for sort in _NAMING)
    return Named(
        corrected[0].to_id if corrected else None,
        followed[0].to_id if followed else None,
        advances[-1].to_id if advances else None,
        tuple(link.to_id for link in links.leading("settles")),
    )


def changed_names(now: Named, old: Invoice, given: dict[str, Any]) -> Named:
    """What it names after a change: a value that it shows already, also of a link to it, changes nothing."""
    given.pop("tax_document_ids", None)
    sent = {name: given.pop(name) for name in Named._fields if name in given}
    return now._replace(**{name: value for name, value in sent.items() if value != getattr(old, name)})


def find_relations(books: Books, invoice: Invoice, named: Named, problems: Problems) -> Relations:
    """The documents that it names; what it may not name, or what another one has used already, is a problem."""
    return Relations(
        _original(books, invoice, named.corrected_id, problems),
        _followed(books, invoice, named, problems),
        tuple(_settled(books, invoice, named, problems)),
        tuple(_advances(books, invoice, named.previous_advance_id, problems)),
    )


def relate(books: Books, invoice: Invoice, related: Relations, links: Links) -> tuple[Key, ...]:
    """Keep the links that an invoice has now, of which each takes its part of the money; back come all former ends."""
    wanted = related.ends()
    ends = {(sort, key_of(end)) for sort, end in wanted}
    kept = {(link.sort, link.to_key): link for link in links.out if link.sort != "receipts"}
    drop_links(books, [link for end, link in kept.items() if end not in ends])
    keep_links(books, invoice, [link_to(invoice, end, sort) for sort, end in wanted if (sort, key_of(end)) not in kept])
    for _, end in wanted:
        allot(books, end, links_of(books, end))
    return tuple(link.to_key for link in kept.values())


def _followed(books: Books, invoice: Invoice, named: Named, problems: Problems) -> Invoice | None:
    """The document that an invoice follows: of a proforma it takes off what was paid, which only one can do."""
    if named.related_id is None:
        return None
    found = books.look_up(Invoice, id=named.related_id)
    if found is None or found.id == invoice.id:
        problems.add("related_id", "not_in_list")
        return None
    if found.kind == "proforma" and not _can_be_followed(books, invoice, found, named):
        problems.add("related_id", "not_in_list")
    return found


def _can_be_followed(books: Books, invoice: Invoice, proforma: Invoice, named: Named) -> bool:
    is_sale = invoice.kind in {"invoice", "final_invoice"}
    return is_sale and _is_same_trade(invoice, proforma) and _has_money(books, invoice, proforma, named)


def _has_money(books: Books, invoice: Invoice, proforma: Invoice, named: Named) -> bool:
    """Whether nobody else took off what was paid for a proforma; where nothing is paid yet, nobody did."""
    links = links_of(books, proforma)
    if any(link.amount for link in links.coming("follows") if link.from_id != invoice.id):
        return False
    of_others = [link for link in links.coming("receipts") if link.from_id not in named.settled_ids]
    paid = paid_for(proforma)
    return not paid or paid != taken_of(books, of_others)


def _is_same_trade(invoice: Invoice, other: Invoice) -> bool:
    """Money is taken off only for the customer who paid it, in the currency in which it came."""
    return (other.contact_id, other.currency) == (invoice.contact_id, invoice.currency) and other.cancelled_at is None


def _settled(books: Books, invoice: Invoice, named: Named, problems: Problems) -> list[Invoice]:
    """The tax documents that a final invoice settles: of the same customer, and taken off by nobody else."""
    ids = named.settled_ids
    if not ids:
        return []
    found = {document.id: document for document in books.some(Invoice, ids)}
    right = [found[i] for i in ids if i in found and _can_be_settled(books, invoice, found[i])]
    if len(right) != len(ids) or invoice.kind != "final_invoice":
        problems.add("tax_document_ids", "not_in_list")
    return right


def _can_be_settled(books: Books, invoice: Invoice, document: Invoice) -> bool:
    links = links_of(books, document)
    return not links.leading("deducts") and _is_free(books, invoice, document, links)


def _is_free(books: Books, invoice: Invoice, document: Invoice, links: Links) -> bool:
    """Whether an advance was taken in from the same customer and is taken off by nobody else, nor by its proforma."""
    if document.kind != "tax_document" or not _is_same_trade(invoice, document):
        return False
    taken = [*links.coming("settles"), *links.coming("deducts")]
    if any(link.amount for link in taken if link.from_id != invoice.id):
        return False
    proformas = [link.to_key for link in links.leading("receipts")]
    followers = links_into(books, proformas, "follows")
    return not any(link.amount for link in followers if link.from_id != invoice.id)


def _advances(books: Books, invoice: Invoice, last_id: int | None, problems: Problems) -> list[Invoice]:
    """The chain of advances that ends with the one named, the first first; a chain has one end."""
    if last_id is None:
        return []
    last = books.look_up(Invoice, id=last_id)
    links = NO_LINKS if last is None else links_of(books, last)
    before = [link.to_id for link in links.leading("deducts")]
    if last is None or invoice.id in {last.id, *before} or not _is_free(books, invoice, last, links):
        problems.add("previous_advance_id", "not_in_list")
        return []
    earlier = {document.id: document for document in books.some(Invoice, before)}
    return [*(earlier[advance_id] for advance_id in before), last]


def _original(books: Books, invoice: Invoice, corrected_id: int | None, problems: Problems) -> Invoice | None:
    """What a correction corrects; without a document of this book, a number that was given names it."""
    if invoice.kind not in CORRECTIONS:
        return None
    names = corrected_id, invoice.corrected_uuid, invoice.corrected_number
    found = named_original(books, *names, invoice.contact_id)
    if found is None or not _can_be_corrected(invoice, found):
        if found is not None or corrected_id is not None or invoice.corrected_uuid is not None:
            problems.add("corrected_id", "not_in_list")
        elif not invoice.corrected_number:
            problems.add("corrected_id", "blank")
        return None
    invoice.corrected_uuid = found.uuid
    invoice.corrected_number = invoice.corrected_number or found.number
    invoice.corrected_on = invoice.corrected_on or found.issued_on
    invoice.corrected_gross_total = found.gross_total
    invoice.margin_kind = found.margin_kind
    for name in ("oss_service", "supply_place", "supply_place_secondary"):
        if getattr(invoice, name) is None:
            setattr(invoice, name, getattr(found, name))
    _check_dates_before(invoice, found, problems)
    return found


def _can_be_corrected(correction: Invoice, original: Invoice) -> bool:
    same = (original.contact_id, original.currency) == (correction.contact_id, correction.currency)
    is_alike = (original.kind in UNDER_OSS) == (correction.kind in UNDER_OSS)
    return same and is_alike and original.kind != "proforma" and original.id != correction.id


def _check_dates_before(correction: Invoice, original: Invoice, problems: Problems) -> None:
    """A correction of dates names those that the document has."""
    for before, name in _DATES_BEFORE.items():
        said = getattr(correction, before)
        if said is not None and said != getattr(original, name):
            problems.add(before, "malformed")


_NAMING: tuple[Sort, ...] = ("corrects", "follows", "deducts")

_DATES_BEFORE = {
    "sale_date_before": "taxable_on",
    "service_from_before": "service_from",
    "service_until_before": "service_until",
}


def named_original(
    books: Books, corrected_id: int | None, uuid: str | None, number: str | None, contact_id: int | None
) -> Invoice | None:
    """The document that a correction names: by id, by uuid or by its number, which of two is that of the contact."""
    if corrected_id is not None:
        return books.look_up(Invoice, id=corrected_id)
    if uuid is not None:
        return books.look_up(Invoice, uuid=uuid.strip().lower())
    numbered = books.all(Invoice, Selection((Condition("number", "eq", number.strip()),))) if number else []
    right = [document for document in numbered if document.kind not in {"proforma", *CORRECTIONS}]
    return min(right, key=lambda document: (document.contact_id != contact_id, document.id), default=None)
