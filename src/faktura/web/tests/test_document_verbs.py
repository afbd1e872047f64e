"""What is done with a document in the browser: sent, paid, locked, shared and thrown away."""

import datetime as dt
import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from flask import Flask

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.core.invoices.events import fire, mark_seen
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message
from faktura.core.people.users import Language, Membership, Permission
from faktura.jobs import Reach, handlers
from faktura.outputs.mail.server import read_mail_server
from faktura.store.database import Database
from faktura.store.queries import Condition, Selection
from faktura.store.records import changed
from faktura.web.tests.conftest import Browser, add, again, in_books, issue
from faktura.wire.service import Service
from faktura.worker import Worker
from tests.firm import Firm, open_firm
from tests.mail_double import mail_server

NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)
BUYER = "ucetni@odberatel.example"


def at(invoice: Invoice, rest: str = "", slug: str = "applecorp") -> str:
    return f"/{slug}/invoices/{invoice.id}{rest}"


def line(price: int, **values: Any) -> Given:
    return Given({"name": "Práce", "unit_price": Decimal(price), "vat_rate": Decimal(21)} | values)


def untaxed(price: int) -> Given:
    return Given({"name": "Kurz", "unit_price": Decimal(price), "vat_rate": Decimal(0)})


def letters(service: Service, firm: Firm) -> list[Message]:
    return in_books(service, firm, lambda books: books.all(Message))


def undo_in(page: str) -> str:
    (address,) = re.findall(r'<form id="undo-\d+" method="post" action="([^"]+)"', page)
    return unescape(address)


def become(service: Service, firm: Firm, permission: Permission, *scopes: str) -> None:
    def verb(books: Books) -> None:
        (member,) = books.all(Membership, Selection((Condition("user_id", "eq", firm.user.id),)))
        books.change(member, changed(member, permission=permission, scopes=scopes or member.scopes))

    in_books(service, firm, verb)


# One main verb by state


@pytest.mark.parametrize(
    ("events", "kind", "days", "main"),
    [
        ((), "invoice", 14, "Send"),
        (("mark_as_sent",), "invoice", 14, "Record payment"),
        (("mark_as_sent",), "invoice", 0, "Remind"),
        (("mark_as_sent",), "correction", 0, "Record the return"),
        (("cancel",), "invoice", 14, None),
    ],
)
def test_each_state_has_one_main_verb(
    owner: Browser, service: Service, firm: Firm, clock: Clock, events: Any, kind: Any, days: int, main: str | None
) -> None:
    clock.stand_at(NOON)
    buyer = add(service, firm, "Karel")
    named = {"corrected_id": issue(service, firm, buyer).id} if kind == "correction" else {}
    invoice = issue(service, firm, buyer, kind=kind, due_days=days, lines=[line(-5 if named else 5)], **named)
    in_books(service, firm, lambda books: [fire(books, invoice.id, event) for event in events])
    clock.stand_at(NOON + dt.timedelta(days=1))
    page = owner.get(at(invoice)).text

    assert re.findall(r'class="button main"[^>]*>([^<]+)<', page) == ([main] if main else [])


@pytest.mark.parametrize(
    ("verb", "back", "shown"),
    [
        ("cancel", "undo-cancel", "Cancelled"),
        ("uncollectible", "undo-uncollectible", "Uncollectible"),
        ("lock", "unlock", "Locked"),
    ],
)
def test_what_can_be_taken_back_offers_to_undo_it(
    owner: Browser, service: Service, firm: Firm, verb: str, back: str, shown: str
) -> None:
    invoice = issue(service, firm)
    before = again(service, firm, invoice)
    owner.get(at(invoice))
    done = owner.post(at(invoice, f"/{verb}"))
    page = owner.get(done.location).text

    assert f'">{shown}</span>' in page
    assert undo_in(page) == at(invoice, f"/{back}")
    owner.post(undo_in(page))
    now = again(service, firm, invoice)
    assert (now.status, now.locked_at, now.cancelled_at) == (before.status, None, None)


def test_what_does_not_go_is_refused_in_words_on_the_page(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    owner.get(at(invoice))
    owner.post(at(invoice, "/lock"))
    owner.get(at(invoice))
    refused = owner.post(at(invoice, "/cancel"))

    assert refused.status_code == 409
    assert "This cannot be done with the document as it is now." in refused.text
    assert again(service, firm, invoice).cancelled_at is None


# Rights


GETS = ("/send", "/payments/new", "/correct", "/follow-up", "/delete", "/note")
POSTS = (*GETS, "/cancel", "/lock", "/mark-as-sent", "/share", "/share/stop", "/payments/1/remove", "/letters/1/again")


def test_who_may_only_read_sees_no_verb_and_does_none(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    become(service, firm, "read")
    page = owner.get(at(invoice)).text
    body = page[page.index("<main") : page.index("</main>")]

    assert "<form" not in body
    assert not re.search(r'href="/applecorp/invoices/\d+/(?!document[.-])', body)
    assert {owner.get(at(invoice, path)).status_code for path in GETS} == {403}
    owner.get("/me")
    assert {owner.post(at(invoice, path)).status_code for path in POSTS} == {403}
    assert again(service, firm, invoice) == invoice


def test_whom_documents_are_closed_to_does_nothing_with_them(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    become(service, firm, "owner", "expenses")

    assert {owner.get(at(invoice, path)).status_code for path in GETS} == {403}
    owner.get("/me")
    assert {owner.post(at(invoice, path)).status_code for path in POSTS} == {403}


def test_an_accountant_locks_and_writes_notes_and_nothing_else(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    become(service, firm, "accountant")
    page = owner.get(at(invoice)).text
    assert re.findall(rf'(?:href|action)="{at(invoice)}/([a-z/-]+)"', page) == ["lock", "note"]

    owner.get(at(invoice, "/note"))
    assert owner.post(at(invoice, "/note"), private_note="Checked").status_code == 303
    owner.get(at(invoice))
    assert owner.post(at(invoice, "/lock")).status_code == 303
    owner.get("/me")
    others = set(POSTS) - {"/lock", "/note"}
    assert {owner.post(at(invoice, path)).status_code for path in others} == {403}
    now = again(service, firm, invoice)
    assert now.private_note == "Checked"
    assert now.locked_at is not None


def test_documents_of_others_are_not_found_by_any_verb(
    owner: Browser, service: Service, database: Database, clock: Clock
) -> None:
    other = open_firm(database, clock, "pearcorp")
    foreign = [issue(service, other) for _ in range(3)][-1]

    for slug in ("pearcorp", "applecorp"):
        assert {owner.get(at(foreign, path, slug)).status_code for path in GETS} == {404}
        owner.get("/me")
        pressed = {path: owner.post(at(foreign, path, slug)).status_code for path in POSTS}
        typed = {"/note", "/send"} if slug == "applecorp" else set()
        assert {status for path, status in pressed.items() if path not in typed} == {404}
    assert again(service, other, foreign) == foreign


# Payments (story 8)


def test_a_part_that_was_paid_is_the_same_on_every_page_and_undone_on_all(
    owner: Browser, browser: Browser, service: Service, firm: Firm
) -> None:
    """Story 8; in a browser it is in tests/pages/test_without_scripts.py."""
    buyer = add(service, firm, "Karel")
    invoice = issue(service, firm, buyer, lines=[untaxed(1000)], language="en")
    public = f"/applecorp/p/{invoice.token}/{invoice.number}"

    def show(amount: str) -> list[bool]:
        own = [owner.get(path).text for path in ("/applecorp/invoices", "/applecorp", at(invoice))]
        return [
            f"CZK\u00a0{amount}" in page or f"{amount}\u00a0CZK" in page for page in (*own, browser.get(public).text)
        ]

    form = owner.get(at(invoice, "/payments/new")).text
    assert 'value="1000"' in form
    paid = owner.post(at(invoice, "/payments/new"), amount="400", paid_on="2026-11-28")
    toast = owner.get(paid.location).text
    assert show("600.00") == [True] * 4
    assert "Paid in part" in owner.get("/applecorp/invoices").text

    owner.get(at(invoice))
    owner.post(undo_in(toast))
    assert show("600.00") == [False] * 4
    assert show("1,000.00") == [True] * 4
    assert not again(service, firm, invoice).payments


def test_more_than_is_owed_and_a_difference_by_rounding_both_pay_a_document(
    owner: Browser, service: Service, firm: Firm
) -> None:
    for amount, ticked in (("150", {}), ("120,50", {"mark_as_paid": "yes"})):
        invoice = issue(service, firm)
        owner.get(at(invoice, "/payments/new"))
        owner.post(at(invoice, "/payments/new"), amount=amount, paid_on="2026-11-28", **ticked)
        assert again(service, firm, invoice).status == "paid"
    short = issue(service, firm)
    owner.get(at(short, "/payments/new"))
    owner.post(at(short, "/payments/new"), amount="120,50", paid_on="2026-11-28")
    assert again(service, firm, short).paid_on is None


def test_a_payment_that_cannot_be_read_keeps_what_was_typed(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    owner.get(at(invoice, "/payments/new"))
    refused = owner.post(at(invoice, "/payments/new"), amount="lots", paid_on="2026-11-28", bank_account_id="x")

    assert refused.status_code == 422
    assert 'value="lots"' in refused.text
    assert not again(service, firm, invoice).payments


def test_a_payment_that_is_sent_twice_is_written_down_once(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    owner.get(at(invoice, "/payments/new"))
    form = owner.hidden
    for _ in range(2):
        owner.hidden = form
        assert owner.post(at(invoice, "/payments/new"), amount="50", paid_on="2026-11-28").status_code == 303
    assert len(again(service, firm, invoice).payments) == 1


# Letters (story 7)


def test_the_letter_that_leaves_is_the_one_that_was_seen(
    owner: Browser, service: Service, firm: Firm, database: Database, clock: Clock
) -> None:
    """Story 7."""
    invoice = issue(service, firm, add(service, firm, "Žlutý kůň s.r.o.", email=BUYER, email_copy="sef@kun.example"))
    page = owner.get(at(invoice, "/send")).text
    seen = {name: unescape(found) for name, found in re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', page)}
    body = unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[0])
    fields = {name: seen[name] for name in ("recipient", "copy", "subject")}
    sent = owner.post(at(invoice, "/send"), body=body, attached="yes", **fields)
    assert sent.status_code == 303
    assert "Waiting" in owner.get(at(invoice)).text

    with mail_server() as room:
        reach = Reach(
            mail_server=read_mail_server(f"smtp://127.0.0.1:{room.port}?from=a@house.example"), printer=service.printer
        )
        assert Worker(database, clock, handlers(), reach).do_next()
        (email,) = room.emails
    assert (email["To"], email["Cc"], email["Subject"]) == (BUYER, "sef@kun.example", seen["subject"])
    text, pdf = email.iter_parts()
    assert text.get_content().replace("\r\n", "\n").strip() == body.strip()
    assert f"/applecorp/p/{invoice.token}/" in body
    assert pdf.get_content_type() == "application/pdf"
    assert again(service, firm, invoice).sent_at is not None


def test_a_refused_letter_shows_what_the_server_said_and_is_sent_again(
    owner: Browser, service: Service, firm: Firm, database: Database, clock: Clock
) -> None:
    """Story 7."""
    invoice = issue(service, firm)
    owner.get(at(invoice, "/send"))
    owner.post(at(invoice, "/send"), recipient=BUYER, subject="Faktura", body="Dobrý den")

    with mail_server() as room:
        room.refusals[f"RCPT {BUYER}"] = "550 5.1.1 No such mailbox here"
        reach = Reach(mail_server=read_mail_server(f"smtp://127.0.0.1:{room.port}?from=a@house.example"))
        worker = Worker(database, clock, handlers(), reach)
        assert worker.do_next()
        page = owner.get(at(invoice)).text
        assert "No such mailbox here" in page
        (address,) = re.findall(r'action="([^"]+/letters/\d+/again)"', page)
        room.refusals.clear()
        form = owner.hidden
        for _ in range(2):
            owner.hidden = form
            assert owner.post(address).status_code == 303
        assert worker.do_next()
        (email,) = room.emails
    assert email.get_content().strip() == "Dobrý den"
    assert [message.state for message in letters(service, firm)] == ["failed", "sent"]
    assert "/again" not in owner.get(at(invoice)).text


def test_a_letter_in_another_language_is_filled_in_so(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm, add(service, firm, "Karel", email=BUYER), language="cs")

    assert "Faktura" in owner.get(at(invoice, "/send")).text
    page = owner.get(at(invoice, "/send?language=de")).text
    assert "Rechnung" in page
    fields = {"recipient": BUYER, "subject": "Rechnung", "body": "Hallo", "attached": "yes"}
    owner.post(at(invoice, "/send?language=de"), **fields)
    (message,) = letters(service, firm)
    assert (message.language, message.copy, message.print_as) == ("de", None, "regular")


def test_a_letter_without_address_or_text_is_not_written(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    owner.get(at(invoice, "/send"))
    refused = owner.post(at(invoice, "/send"), recipient="nobody", subject=" ", body="")

    assert refused.status_code == 422
    assert refused.text.count('aria-invalid="true"') >= 2
    assert not letters(service, firm)
    assert again(service, firm, invoice).sent_at is None


def test_where_no_mail_goes_out_the_page_says_so_and_offers_the_link(
    owner: Browser, service: Service, firm: Firm
) -> None:
    service.sends_mail = False
    invoice = issue(service, firm)
    page = owner.get(at(invoice, "/send")).text

    assert "no mail server is set" in page
    assert f"http://faktura.example/applecorp/p/{invoice.token}/{invoice.number}" in page
    assert 'name="subject"' not in page


def test_the_customers_opening_stands_among_all_that_happened(
    owner: Browser, service: Service, firm: Firm, clock: Clock
) -> None:
    """Story 7."""
    clock.stand_at(NOON)
    invoice = issue(service, firm)
    owner.get(at(invoice, "/send"))
    clock.stand_at(NOON + dt.timedelta(minutes=1))
    owner.post(at(invoice, "/send"), recipient=BUYER, subject="Faktura", body="Dobrý den")
    clock.stand_at(NOON + dt.timedelta(minutes=2))
    in_books(service, firm, lambda books: mark_seen(books, find_invoice(books, invoice.id)))
    clock.stand_at(NOON + dt.timedelta(minutes=3))
    in_books(service, firm, lambda books: add_payment(books, invoice.id, Given({"amount": Decimal(21)})))
    page = owner.get(at(invoice)).text
    timeline = page[page.index('id="timeline"') :]
    said = ("A part was paid", "Opened by the customer", "“Faktura”", "Issued")

    assert sorted(said, key=timeline.index) == list(said)
    assert timeline.count("Sent by e-mail") == 0


# Links and deletion


def test_a_link_is_made_prolonged_and_stopped(owner: Browser, browser: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    owner.get(at(invoice))
    owner.post(at(invoice, "/share"))
    page = owner.get(at(invoice)).text
    (address,) = re.findall(r'data-copy="http://faktura.example(/applecorp/p/[^"]+)"', page)
    assert browser.get(address).status_code == 200
    until = re.findall(r"Good until ([^<]+)\.", page)
    owner.post(at(invoice, "/share/prolong"))
    assert re.findall(r"Good until ([^<]+)\.", owner.get(at(invoice)).text) != until
    owner.post(at(invoice, "/share/stop"))
    assert browser.get(address).status_code == 404


def test_a_document_that_others_rest_on_is_not_deleted_and_they_are_named(
    owner: Browser, service: Service, firm: Firm
) -> None:
    buyer = add(service, firm, "Karel")
    invoice = issue(service, firm, buyer)
    credit = issue(service, firm, buyer, kind="correction", corrected_id=invoice.id, lines=[line(-10)])
    page = owner.get(at(invoice, "/delete")).text
    assert "1 document rests on it" in page
    assert credit.number in page
    owner.get(at(credit, "/delete"))
    assert owner.post(at(invoice, "/delete")).status_code == 409

    assert owner.post(at(credit, "/delete")).location == "/applecorp/invoices"
    owner.get(at(invoice, "/delete"))
    assert owner.post(at(invoice, "/delete")).status_code == 303
    assert not in_books(service, firm, lambda books: books.all(Invoice))


def test_pages_of_verbs_speak_czech_and_polish(app: Flask, service: Service, database: Database, clock: Clock) -> None:
    said: dict[Language, str] = {"cs": "Zaznamenat platbu", "pl": "Zapisz płatność"}
    for language, words in said.items():
        firm = open_firm(database, clock, f"firm-{language}", language=language)
        visitor = Browser(app)
        visitor.sign_in(firm.user.email)
        assert words in visitor.get(at(issue(service, firm), "/payments/new", f"firm-{language}")).text


def test_a_document_is_sent_and_paid_by_key_whichever_is_its_main_verb(
    owner: Browser, service: Service, firm: Firm
) -> None:
    invoice = issue(service, firm)
    for event in (None, "mark_as_sent"):
        if event:
            in_books(service, firm, lambda books: fire(books, invoice.id, "mark_as_sent"))
        page = owner.get(at(invoice)).text
        assert f'href="{at(invoice)}/send" data-key="s"' in page
        assert f'href="{at(invoice)}/payments/new" data-key="p"' in page
