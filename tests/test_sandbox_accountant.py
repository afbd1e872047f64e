"""The example of a sandbox yields months that an accountant can take in."""

import datetime as dt
import io
import zipfile

from lxml import etree

from faktura.core.bookkeeping import SORTS, Period, order_period
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.invoices.batch_files import kept_file, piece_at
from faktura.core.invoices.batches import Batch, Verb, results_of
from faktura.core.people.accounts import Account
from faktura.core.people.users import hash_password
from faktura.jobs import Reach, handlers
from faktura.outputs.accounting.pohoda import NAMESPACES
from faktura.outputs.e_invoices.checking import faults_in
from faktura.sandbox.example.firms import fill
from faktura.store.database import Database
from faktura.store.transaction import Transaction
from faktura.worker import Worker
from tests import needs

pytestmark = [needs.ONE_ENGINE, needs.FAKTUROID, needs.INFAKT]

NOW = dt.datetime(2035, 3, 15, 1, 30, tzinfo=dt.UTC)
YEAR = Period(dt.date(2034, 3, 1), dt.date(2035, 3, 31), frozenset(SORTS))


def made(database: Database, verb: Verb) -> tuple[bytes, set[str | None], Batch]:
    """The file of a year, and why something is missing in it."""
    clock = Clock()
    clock.stand_at(NOW)

    def books(tx: Transaction) -> Books:
        office = Office(tx, NOW)
        return Books(office.tx, office.find(Account, slug="applecorp"), None, NOW)

    batch = database.write(lambda tx: order_period(books(tx), YEAR, verb, {"period": "2034"}))
    jobs = {name: handler for name, handler in handlers().items() if name == "do_batch"}
    worker = Worker(database, clock, jobs, Reach())
    while worker.do_next():
        pass

    def read(tx: Transaction) -> tuple[bytes, set[str | None], Batch]:
        found = books(tx)
        done = found.find(Batch, batch.id)
        content = b"".join(piece_at(found, done, 0, place) for place in range(kept_file(found, done).pieces))
        return content, {one.refused for one in results_of(found, done)}, done

    return database.read(read)


def test_its_year_is_told_whole(database: Database) -> None:
    database.write(lambda tx: list(fill(Office(tx, NOW), hash_password("look"))))
    pack, left_out, batch = made(database, "pohoda")
    assert left_out <= {"cancelled"}
    assert batch.document_ids
    assert batch.expense_ids
    types = {found.text for found in etree.fromstring(pack).iterfind(".//inv:invoiceType", NAMESPACES)}
    assert types >= {"issuedInvoice", "issuedAdvanceInvoice", "issuedCreditNotice", "receivedInvoice"}

    archive, left_out, _ = made(database, "isdoc")
    assert left_out <= {"cancelled"}
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        told = [files.read(name) for name in files.namelist() if name.endswith(".isdoc")]
    assert len(told) > 10
    assert [faults_in(file, "isdoc") for file in told] == [[]] * len(told)
