"""A document is issued beside KSeF: signed here, good at once, and sent there as soon as that is possible."""

from faktura.core.books.books import Books
from faktura.core.errors import WrongState
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import KsefConnection, active_connection, secret_of
from faktura.core.ksef.deadlines import deadline_of, mode_at
from faktura.core.ksef.mark import KsefMark
from faktura.core.ksef.offline import may_sign
from faktura.core.ksef.sendings import KsefSending, Wanted, queue, resume, show_state
from faktura.core.ksef.service import outages_at
from faktura.outputs.e_invoices.ksef import built
from faktura.outputs.e_invoices.ksef_links import certificate_link
from faktura.store.records import changed


def send_offline(books: Books, invoice_id: int, key: str, *, letter: Wanted | None = None) -> KsefSending:
    """Issue a document beside KSeF, and queue it; one that is on its way already is signed in addition.

    The `key` opens what is sealed.

    Raises:
        NotFound: there is no such document.
        WrongState: the account is not connected, or has no certificate to sign by; documents of this kind do not go
            there.
        Invalid: KSeF would refuse what it says.

    """
    connection = active_connection(books)
    invoice = books.find(Invoice, invoice_id)
    if (standing := resume(books, invoice_id, letter)) is not None:
        return standing if standing.state == "accepted" else take_offline(books, standing, key)
    prepared, link = built(books, invoice)
    outages = outages_at(books.tx, connection.status_url)
    mode = mode_at(outages, books.now)
    return queue(
        books,
        invoice,
        prepared,
        link,
        letter=letter,
        mode=mode,
        deadline=deadline_of(mode, invoice.issued_on, outages),
        certificate_link=_signed(books, connection, prepared.digest, key),
    )


def take_offline(books: Books, sending: KsefSending, key: str) -> KsefSending:
    """Have what waits for KSeF good without it: the same bytes are signed, and are sent as issued beside it.

    Raises:
        WrongState: the account is not connected, or has no certificate to sign by.

    """
    connection, invoice = active_connection(books), books.find(Invoice, sending.invoice_id)
    if sending.mode != "online" or invoice.ksef is None:
        return sending
    signed = _signed(books, connection, sending.digest, key)
    outages = outages_at(books.tx, connection.status_url)
    mode = mode_at(outages, books.now)
    deadline = deadline_of(mode, invoice.issued_on, outages)
    kept = books.change(sending, changed(sending, mode=mode, deadline=deadline))
    show_state(books, kept, mark=KsefMark(kept.state, invoice.ksef.link, mode, signed))
    return kept


def _signed(books: Books, connection: KsefConnection, digest: str, key: str) -> str:
    """Code II of the bytes."""
    private_key = secret_of(connection, "offline_key", key) if may_sign(connection, books.now) else None
    if private_key is None or connection.offline_certificate is None:
        raise WrongState("no_offline_certificate")
    return certificate_link(connection.qr_url, connection.tax_no, digest, connection.offline_certificate, private_key)
