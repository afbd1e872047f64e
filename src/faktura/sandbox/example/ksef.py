"""The Polish example firm connected to KSeF's double, by a certificate that the double made."""

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import Job
from faktura.core.errors import Given
from faktura.core.ksef.addresses import addresses_of
from faktura.core.ksef.connecting import connect
from faktura.core.ksef.connection import CHECK, NEEDED, KsefConnection, connection_of, note_sign_in
from faktura.store.records import changed
from faktura.store.statements import Query
from faktura.store.transaction import columns_of

FIRM = "jabluszko"


def is_connected(books: Books, address: str) -> bool:
    """Whether the firm has a connection, to a double that is where it was."""
    found = connection_of(books)
    return found is not None and not _has_moved(found, address)


def connect_example(books: Books, pair: tuple[str, str], key: str, address: str) -> None:
    """Connect the firm to the double at the address by a certificate and its key, or lead it to where the double is.

    It is active at once: whoever asked for an example need not wait until it has signed in.
    """
    old = connection_of(books)
    if old is not None:
        if _has_moved(old, address):
            books.change(old, changed(old, **addresses_of(old.environment, address)._asdict()))
        return
    certificate, private_key = pair
    given = {"environment": "test", "method": "certificate", "certificate": certificate, "private_key": private_key}
    connect(books, Given(given), key, double=address)
    note_sign_in(books, NEEDED)
    for job in books.tx.records(Job, _CHECKS, account_id=books.account.id, name=CHECK):
        books.tx.remove(job)


def _has_moved(connection: KsefConnection, address: str) -> bool:
    """A sandbox is reached at another port each time; whatever is no double of one is left alone."""
    return connection.api_url != address and connection.api_url.endswith("/world/ksef")


_CHECKS = Query(
    sa.select(*columns_of(Job)).where(
        Job.table.c.account_id == sa.bindparam("account_id"), Job.table.c.name == sa.bindparam("name")
    )
)
