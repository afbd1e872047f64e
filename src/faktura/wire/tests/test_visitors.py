"""Who came lately is remembered no longer than it is true."""

import pytest

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.applications import Application, Grant, grant_access
from faktura.core.people.hashes import secret_hash
from faktura.core.people.tokens import Visitor, end_grant, visitor_with_token
from faktura.core.people.users import Membership
from faktura.store.database import Database, open_database
from faktura.store.records import changed
from faktura.store.transaction import Transaction
from faktura.wire import visitors as visitors_module
from faktura.wire.visitors import Visitors
from tests.firm import Firm, open_firm


def recall(known: Visitors[Visitor], database: Database, firm: Firm) -> Visitor | None:
    return known.recall(database, secret_hash(firm.token))


def meet(known: Visitors[Visitor], database: Database, firm: Firm) -> Visitor | None:
    def find(tx: Transaction) -> Visitor | None:
        return visitor_with_token(Office(tx, Clock().now()), firm.token, firm.account.slug)

    return database.read(lambda tx: known.look_up(database, secret_hash(firm.token), lambda: find(tx)))


def test_whom_a_look_up_found_is_recalled(database: Database) -> None:
    firm, known = open_firm(database, Clock()), Visitors[Visitor]()

    assert recall(known, database, firm) is None
    assert meet(known, database, firm) == recall(known, database, firm) is not None


def test_a_grant_that_was_ended_is_forgotten_before_its_end_is_answered(database: Database) -> None:
    firm, known = open_firm(database, Clock()), Visitors[Visitor]()
    meet(known, database, firm)

    def end(tx: Transaction) -> None:
        office = Office(tx, Clock().now())
        end_grant(office, office.find(Grant, user_id=firm.user.id))

    database.write(end)
    assert recall(known, database, firm) is None


def test_a_lowered_permission_is_forgotten(database: Database) -> None:
    firm, known = open_firm(database, Clock()), Visitors[Visitor]()
    meet(known, database, firm)

    def lower(tx: Transaction) -> None:
        books = Books(tx, firm.account, None, Clock().now())
        member = books.look_up(Membership, user_id=firm.user.id)
        assert member is not None
        books.change(member, changed(member, permission="read"))

    database.write(lower)
    assert recall(known, database, firm) is None
    met = meet(known, database, firm)
    assert met is not None
    assert met.permission == "read"


def test_a_new_grant_forgets_nobody(database: Database) -> None:
    firm, known = open_firm(database, Clock()), Visitors[Visitor]()
    meet(known, database, firm)

    def grant(tx: Transaction) -> None:
        office = Office(tx, Clock().now())
        old = office.find(Grant, user_id=firm.user.id)
        grant_access(office, office.find(Application, id=old.application_id), old.user_id)

    database.write(grant)
    assert recall(known, database, firm) is not None


def test_a_change_by_another_process_is_noticed_after_a_moment(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm, known = open_firm(database, Clock()), Visitors[Visitor]()
    meet(known, database, firm)
    elsewhere = open_database(database.url.render_as_string(hide_password=False))
    elsewhere.write(lambda tx: end_grant(Office(tx, Clock().now()), Office(tx, Clock().now()).find(Grant, id=1)))
    elsewhere.close()

    monkeypatch.setattr(visitors_module, "FRESH_SECONDS", 0.0)
    assert recall(known, database, firm) is None
    assert meet(known, database, firm) is None
