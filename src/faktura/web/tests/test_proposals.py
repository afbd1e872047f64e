"""What programs propose: a person sees what would change, and confirms or refuses it once."""

import pytest

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.contacts import Contact, change_contact
from faktura.core.errors import Given
from faktura.core.people.users import Membership, Permission, Scope
from faktura.core.proposals.deeds import AnyDeed, ChangeContact, PayInvoice, SendLetter
from faktura.core.proposals.verbs import Tried, find_proposal, propose, try_deed
from faktura.store.records import changed
from faktura.web.tests.conftest import Browser, add, in_books, issue, without_wholes
from faktura.wire.service import Service
from tests.firm import Firm


def proposed(service: Service, firm: Firm, deed: AnyDeed) -> str:
    """The address of its page."""
    with pytest.raises(Tried) as tried:
        in_books(service, firm, lambda books: try_deed(books, deed))

    def work(books: Books) -> int:
        by = Books(books.tx, books.account, firm.user.id, books.now, "faktura mcp")
        return propose(by, deed, tried.value.outcome).id

    return f"/applecorp/proposals/{in_books(service, firm, work)}"


def street(service: Service, firm: Firm, contact: Contact) -> str | None:
    return in_books(service, firm, lambda books: books.find(Contact, contact.id)).street


def let_in(service: Service, firm: Firm, permission: Permission, scopes: tuple[Scope, ...]) -> None:
    def work(books: Books) -> None:
        [member] = books.all(Membership)
        books.change(member, changed(member, permission=permission, scopes=scopes))

    in_books(service, firm, work)


def test_a_person_sees_what_would_change_and_confirms_it(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel", street="Krátká 2")
    address = proposed(service, firm, ChangeContact(contact_id=contact.id, street="Dlouhá 1"))
    listed = owner.get("/applecorp/proposals").text
    assert f'<a href="{address}">Change a contact</a> waits for you' in listed
    page = without_wholes(owner.get(address).text)
    assert "Street</span>: <del>Krátká 2</del> → <ins>Dlouhá 1</ins>" in page
    assert f'<a href="/applecorp/subjects/{contact.id}">Karel</a>' in page
    assert street(service, firm, contact) == "Krátká 2"

    confirmed = owner.post(f"{address}/confirm")
    assert (confirmed.status_code, confirmed.headers["Location"]) == (303, address)
    after = owner.get(address).text
    assert ("It is done." in after, f"{address}/confirm" in after) == (True, False)
    assert street(service, firm, contact) == "Dlouhá 1"
    happened = in_books(service, firm, lambda books: books.all(Happening))[-1]
    assert (happened.user_id, happened.program, happened.way) == (firm.user.id, "faktura mcp", "browser")


def test_what_is_refused_is_never_done(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    address = proposed(service, firm, ChangeContact(contact_id=contact.id, street="Dlouhá 1"))
    owner.get(address)
    once = dict(owner.hidden)
    owner.post(f"{address}/refuse")
    assert "It will not be done." in owner.get(address).text
    owner.hidden = once
    again = owner.post(f"{address}/confirm", once="another")
    assert (again.status_code, "This was decided already" in again.text) == (409, True)
    assert street(service, firm, contact) is None


def test_what_somebody_changed_since_is_not_overwritten(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    address = proposed(service, firm, ChangeContact(contact_id=contact.id, street="Dlouhá 1"))
    in_books(service, firm, lambda books: change_contact(books, contact.id, Given({"street": "Široká 3"})))
    owner.get(address)
    assert owner.post(f"{address}/confirm").status_code == 409
    assert street(service, firm, contact) == "Široká 3"


def test_a_letter_is_seen_whole_before_it_leaves(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    letter = SendLetter(invoice_id=invoice.id, recipient="kupec@firma.example", subject="Faktura", body="Prosíme.")
    assert "kupec@firma.example\nFaktura\n\nProsíme." in owner.get(proposed(service, firm, letter)).text


def test_who_may_not_write_decides_nothing(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    address = proposed(service, firm, ChangeContact(contact_id=contact.id, street="Dlouhá 1"))
    owner.get(address)
    let_in(service, firm, "read", ("invoices", "expenses", "reports"))
    assert owner.post(f"{address}/confirm").status_code == 403
    page = owner.get(address).text
    assert ("Dlouhá 1" in page, "/confirm" in page) == (True, False)
    assert street(service, firm, contact) is None


def test_what_is_closed_to_a_member_is_not_shown(owner: Browser, service: Service, firm: Firm) -> None:
    address = proposed(service, firm, PayInvoice(invoice_id=issue(service, firm).id))
    owner.get(address)
    let_in(service, firm, "owner", ("expenses",))
    assert owner.get(address).status_code == 403
    assert owner.post(f"{address}/refuse").status_code == 403
    assert "Nothing was proposed yet." in owner.get("/applecorp/proposals").text
    number = int(address.rpartition("/")[2])
    assert in_books(service, firm, lambda books: find_proposal(books, number)).decision is None
