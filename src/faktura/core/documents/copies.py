"""Whether what documents show of their links is what the rows of links say, as `faktura db check` asks."""

import functools
from collections import defaultdict
from collections.abc import Iterator

import sqlalchemy as sa

from faktura.core.documents.deductions import advance_of, part_sum, parts_of
from faktura.core.documents.find import Key, documents_of, sorts
from faktura.core.documents.links import Link, Links
from faktura.core.documents.record import ZERO, Document
from faktura.core.documents.showing_links import show_links
from faktura.store.records import changed
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of

Said = Iterator[tuple[str, str]]

AT_A_TIME = 250

COPIES = (
    *("corrected_id", "correction_id", "related_id", "previous_advance_id", "previous_advances", "next_advances"),
    *("deductions", "deducted"),
)


def wrong_links(tx: Transaction) -> Said:
    """The kind of what is wrong and a sentence, over all accounts and sorts of documents."""
    accounts: dict[int, dict[Key, Links]] = defaultdict(lambda: defaultdict(lambda: Links([], [])))
    for link in tx.records(Link, _LINKS):
        accounts[link.account_id][link.from_key].out.append(link)
        accounts[link.account_id][link.to_key].into.append(link)
    for cls in sorts():
        for account_id, document_id in tx.rows(_showing(cls)):
            accounts[account_id].setdefault((cls.table_name, document_id), Links([], []))
    for account_id, linked in accounts.items():
        keys = sorted(linked)
        for start in range(0, len(keys), AT_A_TIME):
            yield from _wrong_in(tx, account_id, {key: linked[key] for key in keys[start : start + AT_A_TIME]})


def _wrong_in(tx: Transaction, account_id: int, linked: dict[Key, Links]) -> Said:
    ends = {
        end for links in linked.values() for link in (*links.out, *links.into) for end in (link.from_key, link.to_key)
    }
    there = documents_of(tx, account_id, ends | linked.keys())
    for key, links in linked.items():
        document = there.get(key)
        known = all(link.to_key in there and link.from_key in there for link in (*links.out, *links.into))
        if document is None or not known:
            continue
        name = f"{key[0]} account_id {account_id}, id {key[1]}"
        said = show_links(changed(document), links, there, document.updated_at)
        for attribute in COPIES:
            if getattr(document, attribute) != getattr(said, attribute):
                yield "link", f"{name}: {attribute} is not what its links say"
        if [p.tax_document_id for p in document.payments] != [p.tax_document_id for p in said.payments]:
            yield "link", f"{name}: its payments name other tax documents than its links"
        standing = Links([], [link for link in links.into if there[link.from_key].cancelled_at is None])
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
