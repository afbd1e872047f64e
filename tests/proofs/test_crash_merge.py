"""Two contacts are one with all that names them, or they are two: also where whoever merges is killed."""

import signal
import subprocess
import sys

from faktura.core.books.audit import AUDIT
from faktura.core.contacts import Contact, add_contact
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.merging import merge_contacts
from faktura.core.tests.conftest import a_firm
from faktura.core.tests.test_contacts import all_that_names_a_contact, copies_of
from faktura.store.check import check
from faktura.store.database import Database
from tests.running import PATIENCE, environment


def test_a_merge_that_was_killed_before_its_commit_changed_nothing_and_can_be_done(database: Database) -> None:
    firm = a_firm(database)
    kept, gone = firm.do(add_contact, Given({"name": "Karel"})), firm.contact
    firm.do(copies_of, firm.issue(), 1000)
    before = firm.do(all_that_names_a_contact)
    url = database.url.render_as_string(hide_password=False)
    ids = map(str, (firm.account.id, kept.id, gone.id))
    killed = subprocess.run(
        [sys.executable, "-m", "tests.proofs.dying_merger", url, *ids],
        env=environment(),
        timeout=PATIENCE,
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL
    assert firm.do(all_that_names_a_contact) == before
    firm.do(merge_contacts, kept.id, gone.id, Given())
    assert {document.contact_id for document in firm.do(lambda books: books.all(Invoice))} == {kept.id}
    assert [contact.id for contact in firm.do(lambda books: books.all(Contact))] == [kept.id]
    assert check(database, lambda _: None, AUDIT) == []
