"""Whether what documents show of their links is what the rows of links say, as `faktura db check` asks."""

import functools
from collections import defaultdict
from collections.abc import Iterator

import sqlalchemy as sa

from faktura.core.documents.deductions import advance_of, part_sum, parts_of
from faktura.core.documents.links import Link, Links
from faktura.core.documents.record import ZERO, Document
from faktura.core.documents.showing_links import show_links
from faktura.store import queries
from faktura.store.records import changed
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of

Said = Iterator[tuple[str, str]]

AT_A_TIME = 250

COPIES = (
    *("corrected_id", "correction_id", "related_id", "previous_advance_id", "previous_advances", "next_advances"),
    *("deductions", "deducted"),
)


def wrong_links(cls: type[Document], tx: Transaction) -> Said:
    """The kind of what is wrong and a sentence, over all accounts."""
    accounts: dict[int, dict[int, Links]] = defaultdict(lambda: defaultdict(lambda: Links([], [])))
    for link in tx.records(Link, _LINKS):
        accounts[link.account_id][link.from_id].out.append(link)
        accounts[link.account_id][link.to_id].into.append(link)
    for account_id, document_id in tx.rows(_showing(cls)):
        accounts[account_id].setdefault(document_id, Links([], []))
    for account_id, linked in accounts.items():
        ids = sorted(linked)
        for start in range(0, len(ids), AT_A_TIME):
            yield from _wrong_in(cls, tx, account_id, {n: linked[n] for n in ids[start : start + AT_A_TIME]})


def _wrong_in(cls: type[Document], tx: Transaction, account_id: int, linked: dict[int, Links]) -> Said:
    ends = {
        end for links in linked.values() for link in (*links.out, *links.into) for end in (link.from_id, link.to_id)
    }
    there = {document.id: document for document in queries.by_ids(tx, cls, account_id, sorted(ends | linked.keys()))}
    for document_id, links in linked.items():
        document = there.get(document_id)
        known = all(link.to_id in there and link.from_id in there for link in (*links.out, *links.into))
        if document is None or not known:
            continue
        name = f"{cls.table_name} account_id {account_id}, id {document_id}"
        said = show_links(changed(document), links, there, document.updated_at)
        for attribute in COPIES:
            if getattr(document, attribute) != getattr(said, attribute):
                yield "link", f"{name}: {attribute} is not what its links say"
        if [p.tax_document_id for p in document.payments] != [p.tax_document_id for p in said.payments]:
            yield "link", f"{name}: its payments name other tax documents than its links"
        standing = Links([], [link for link in links.into if there[link.from_id].cancelled_at is None])
        yield from _wrong_amounts(name, document, standing)


def _wrong_amounts(name: str, document: Document, links: Links) -> Said:
    for link in links.coming("settles"):
        if link.amount != (total := part_sum(parts_of(document))):
            yield "deduction", f"{name}: comes to {total}, but {link.from_id} takes off {link.amount} for it"
    for link in links.coming("deducts"):
        if link.amount != (total := advance_of(document)):
            yield "deduction", f"{name}: took in {total}, but {link.from_id} takes off {link.amount} for it"


_LINKS = Query(sa.select(*columns_of(Link)).order_by(Link.table.c.account_id, Link.table.c.id))


@functools.cache
def _showing(cls: type[Document]) -> Query:
    """Documents that show a link, whether or not there is one."""
    c = cls.table.c
    shown = [c[name].is_not(None) for name in cls.copied]
    return Query(sa.select(c.account_id, c.id).where(sa.or_(*shown, c.deducted != ZERO)))
