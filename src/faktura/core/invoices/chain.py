"""All documents of one trade, from the proforma to the last credit note, in the order in which they follow."""

from faktura.core.books.books import Books
from faktura.core.documents.links import links_of
from faktura.core.invoices.record import Invoice

MOST = 50
"""More than a trade has; beyond it a page would show no chain any more."""


def chain_of(books: Books, invoice: Invoice) -> list[Invoice]:
    """Whatever can be reached by links, whichever way they lead; a document by itself is no chain."""
    found, waiting = {invoice.id: invoice}, [invoice]
    while waiting and len(found) < MOST:
        document = waiting.pop(0)
        links = links_of(books, document)
        ends = {link.beyond(document) for link in (*links.out, *links.into)}
        new = {document_id for kind, document_id in ends if kind == Invoice.table_name} - found.keys()
        others = books.some(Invoice, sorted(new)[: MOST - len(found)])
        found |= {other.id: other for other in others}
        waiting += others
    ordered = sorted(found.values(), key=lambda one: (_ORDER.get(one.kind, len(_ORDER)), one.issued_on, one.id))
    return ordered if len(ordered) > 1 else []


_ORDER = {
    "proforma": 0,
    "tax_document": 1,
    "invoice": 2,
    "final_invoice": 2,
    "margin_invoice": 2,
    "oss_invoice": 2,
    "correction": 3,
    "oss_correction": 3,
}
