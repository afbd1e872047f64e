"""What needs a person: on the overview and on a page of its own, done by one press, and to do again."""

import datetime as dt
import re
import threading
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from faktura.core.contacts import note_reliability
from faktura.core.messages import Outgoing, give_up, write_message
from faktura.core.people.users import Membership, Permission, Scope
from faktura.core.received.due import list_due
from faktura.core.todos import Todo, put_on_list
from faktura.store.records import changed
from faktura.store.statements import Statement
from faktura.web.tests.conftest import Browser, add, enter, in_books, issue
from faktura.wire.service import Service
from tests.firm import Firm

LATE: dict[str, Any] = {"issued_on": dt.date(2026, 9, 1), "due_days": 14}


def listed(page: str) -> list[str]:
    """The words of each line of the list, without its dates."""
    lines = re.findall(r'<ul class="rows">(.*?)</ul>', page, re.DOTALL)
    words = re.findall(r"<li><span>(.*?)<span class=\"faint\">", "".join(lines), re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", one)).split()) for one in words]


def only(service: Service, firm: Firm) -> Todo:
    [todo] = in_books(service, firm, lambda books: books.all(Todo))
    return todo


def let_in(service: Service, firm: Firm, permission: Permission, scopes: tuple[Scope, ...]) -> None:
    def work(books: Any) -> None:
        [member] = books.all(Membership)
        books.change(member, changed(member, permission=permission, scopes=scopes))

    in_books(service, firm, work)


def test_what_needs_somebody_is_on_the_overview_with_a_link_to_it(owner: Browser, service: Service, firm: Firm) -> None:
    assert "To do</h2>" not in owner.get("/applecorp").text
    invoice = issue(service, firm, **LATE)

    page = owner.get("/applecorp").text
    assert listed(page) == [f"The document is overdue {invoice.number}"]
    assert f'href="/applecorp/invoices/{invoice.id}"' in page
    assert "All, 1 thing" in page


def test_the_overview_shows_the_last_five_and_how_many_there_are(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Pozdní s.r.o.")
    late = [issue(service, firm, contact, **LATE) for _ in range(7)]

    page = owner.get("/applecorp").text
    assert listed(page) == [f"The document is overdue {one.number}" for one in reversed(late[2:])]
    assert "All, 7 things" in page
    assert len(listed(owner.get("/applecorp/todos").text)) == 7


def test_a_todo_is_done_by_one_press_and_to_do_again_by_another(owner: Browser, service: Service, firm: Firm) -> None:
    issue(service, firm, **LATE)
    address = f"/applecorp/todos/{only(service, firm).id}/toggle"
    owner.get("/applecorp")
    pressed = owner.post(f"{address}?at=overview")
    assert (pressed.status_code, pressed.headers["Location"]) == (303, "/applecorp")
    page = owner.get("/applecorp").text
    assert listed(page) == []
    assert f'action="{address}"' in page, "it can be taken back"
    assert "Nothing needs you." in owner.get("/applecorp/todos").text
    assert len(listed(owner.get("/applecorp/todos?part=done").text)) == 1

    assert owner.post(address).headers["Location"] == "/applecorp/todos"
    assert only(service, firm).done_at is None


def test_a_press_that_is_sent_twice_counts_once(owner: Browser, service: Service, firm: Firm) -> None:
    issue(service, firm, **LATE)
    address = f"/applecorp/todos/{only(service, firm).id}/toggle"
    for _ in range(2):
        owner.get("/applecorp")
        assert owner.post(address, once="the same form").status_code == 303
    assert only(service, firm).done_at is not None


def test_a_letter_that_did_not_arrive_says_whom_it_was_for(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)

    def fail(books: Any) -> None:
        give_up(books, write_message(books, invoice, Outgoing("nikdo@firma.example", "Doklad", "Dobrý den")).id, "550")

    in_books(service, firm, fail)
    expected = [f"An e-mail was not delivered {invoice.number} nikdo@firma.example"]
    assert listed(owner.get("/applecorp/todos").text) == expected


def test_each_sort_leads_to_its_page(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    expense = enter(service, firm, contact, due_on=dt.date(2026, 1, 1), issued_on=dt.date(2026, 1, 1))
    in_books(service, firm, list_due)
    in_books(service, firm, lambda books: note_reliability(books, contact.id, unreliable=True))

    page = owner.get("/applecorp/todos").text
    assert listed(page) == [
        "The contact is an unreliable payer of VAT Karel",
        f"The expense has to be paid {expense.number}",
    ]
    for address in (f"/applecorp/subjects/{contact.id}", f"/applecorp/expenses/{expense.id}"):
        assert f'href="{address}"' in page
        assert owner.get(address).status_code == 200


def test_whoever_may_only_read_sees_no_verb(owner: Browser, service: Service, firm: Firm) -> None:
    issue(service, firm, **LATE)
    address = f"/applecorp/todos/{only(service, firm).id}/toggle"
    let_in(service, firm, "read", ("invoices",))

    for path in ("/applecorp", "/applecorp/todos"):
        page = owner.get(path).text
        assert len(listed(page)) == 1
        assert address not in page
    assert owner.post(address).status_code == 403


def test_whoever_sees_no_documents_sees_no_todo_about_one(owner: Browser, service: Service, firm: Firm) -> None:
    issue(service, firm, **LATE)
    address = f"/applecorp/todos/{only(service, firm).id}/toggle"
    let_in(service, firm, "owner", ("expenses",))

    assert "Nothing needs you." in owner.get("/applecorp/todos").text
    assert owner.post(address).status_code == 403
    assert only(service, firm).done_at is None
    assert owner.post("/applecorp/todos/999/toggle").status_code == 404


def test_the_list_has_fifty_rows_a_page(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")

    def fill(books: Any) -> None:
        for _ in range(51):
            put_on_list(books, "contact_unreliable", contact)
            [todo] = books.all(Todo)[-1:]
            books.change(todo, changed(todo, done_at=books.now))

    in_books(service, firm, fill)
    page = owner.get("/applecorp/todos?part=done")
    assert len(listed(page.text)) == 50
    assert len(page.data) <= 40_000
    last = re.search(r'rel="next" href="([^"]+)"', page.text)
    assert last
    assert len(listed(owner.get(unescape(last[1])).text)) == 1


def test_what_happened_last_says_to_what_and_leads_to_all(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)

    page = owner.get("/applecorp").text
    assert re.search(rf'<li>Issued <a href="/applecorp/invoices/{invoice.id}">', page)
    assert 'href="/applecorp/history">All that happened' in page


def test_the_overview_asks_as_often_however_much_there_is(
    owner: Browser, service: Service, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = add(service, firm, "Karel")

    def asked() -> int:
        count, asking = list[str](), threading.current_thread()
        run: Callable[..., Any] = Statement.run

        def counted(statement: Statement, *arguments: Any) -> Any:
            if threading.current_thread() is asking:  # what others commit is asked for meanwhile
                count.append(statement.sql)
            return run(statement, *arguments)

        with monkeypatch.context() as patched:
            patched.setattr(Statement, "run", counted)
            page = owner.get("/applecorp")
        assert page.status_code == 200
        assert len(page.data) <= 30_000
        return len(count)

    issue(service, firm, contact, **LATE)
    once = asked()
    for _ in range(8):
        issue(service, firm, contact, **LATE)
        enter(service, firm, contact)
    in_books(service, firm, list_due)
    assert once <= MOST_QUESTIONS
    assert asked() <= MOST_QUESTIONS


MOST_QUESTIONS = 22
"""Of the person, the account, its sums and drafts, what is to be done and happened last; each sort of record once."""
