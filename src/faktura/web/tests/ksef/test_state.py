"""How far documents have come on their way to KSeF, said in plain words; a firm of another country sees none of it."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.mark import LIVE, SendingState
from faktura.core.ksef.pace import note_rest
from faktura.store.database import Database
from faktura.web.tests.conftest import Browser, add, issue
from faktura.web.tests.ksef.desk import NOON, card, connect, put
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

NUMBER = "5265877635-20261120-0100001AF629-AF"


def to_a_firm(service: Service, firm: Firm, **values: Any) -> Invoice:
    return issue(service, firm, add(service, firm, "Nabywca", vat_no="PL5260250274"), **values)


# The document


@pytest.mark.parametrize(
    ("state", "values", "badge", "said"),
    [
        (
            "waiting",
            {"not_before": NOON + dt.timedelta(minutes=5)},
            "Waits for KSeF",
            "Until then it can be taken back.",
        ),
        ("waiting", {"failures": 2}, "Waits for KSeF", "KSeF did not answer. The next try is at"),
        ("waiting", {}, "Waits for KSeF", "Its turn comes in a moment."),
        ("sent", {}, "At KSeF", "It is at KSeF, which usually takes a minute."),
        ("sending", {"next_at": NOON + dt.timedelta(hours=1)}, "At KSeF", "It takes longer than usual."),
        ("accepted", {"ksef_number": NUMBER}, "In KSeF", NUMBER),
        (
            "rejected",
            {"code": 450, "text": "Błąd semantyki"},
            "Refused by KSeF",
            "Correct what it says, and send it again.",
        ),
        (
            "rejected",
            {"code": 440, "text": "Duplikat"},
            "Refused by KSeF",
            "issue a copy of it, which gets the next number",
        ),
        ("failed", {"text": "Timeout"}, "Not taken by KSeF", "nothing arrives twice"),
    ],
)
def test_a_document_says_where_it_is_and_what_to_do(
    owner: Browser, service: Service, polish: Firm, state: SendingState, values: dict[str, Any], badge: str, said: str
) -> None:
    connect(service, polish)
    invoice = issue(service, polish)
    put(service, polish, invoice, state, **values)
    page = owner.get(f"/jablko/invoices/{invoice.id}").text

    assert badge in card(page)
    assert said in card(page)
    assert page.count(f">{badge}</span>") == 2
    assert f">{badge}</span>" in owner.get("/jablko/invoices").text
    assert ("hx-get" in page[page.index('id="passage"') :][:100]) == (state in LIVE)


def test_what_was_refused_is_told_word_by_word(owner: Browser, service: Service, polish: Firm) -> None:
    invoice = issue(service, polish)
    put(service, polish, invoice, "rejected", code=430, text="Błąd weryfikacji", details=("P_13_1: brak", "NIP <b>"))

    said = card(owner.get(f"/jablko/invoices/{invoice.id}").text)
    assert "KSeF refused it: Błąd weryfikacji (430)" in said
    assert "P_13_1: brak NIP &lt;b&gt;" in said


def test_what_the_connection_waits_for_is_said_first(owner: Browser, service: Service, polish: Firm) -> None:
    connect(service, polish, active=False)
    invoice = issue(service, polish)
    put(service, polish, invoice, "waiting")

    said = card(owner.get(f"/jablko/invoices/{invoice.id}").text)
    assert "The connection to KSeF does not work." in said


def test_a_pause_that_ksef_asked_for_is_said_first(owner: Browser, service: Service, polish: Firm) -> None:
    connect(service, polish)
    invoice = issue(service, polish)
    put(service, polish, invoice, "waiting")
    service.database.write(lambda tx: note_rest(Office(tx, NOON), "test 1234563218", 540))

    assert "KSeF asked for a pause until" in card(owner.get(f"/jablko/invoices/{invoice.id}").text)


def test_what_never_set_out_says_so(owner: Browser, service: Service, polish: Firm) -> None:
    invoice, proforma = issue(service, polish), issue(service, polish, kind="proforma")

    assert "It was not sent to KSeF. The firm is not connected." in card(
        owner.get(f"/jablko/invoices/{invoice.id}").text
    )
    assert 'id="ksef"' not in owner.get(f"/jablko/invoices/{proforma.id}").text


def test_what_was_sent_and_confirmed_is_downloaded(owner: Browser, service: Service, polish: Firm) -> None:
    invoice, other = issue(service, polish), issue(service, polish)
    put(service, polish, invoice, "accepted", ksef_number=NUMBER, upo=b"<Potwierdzenie/>")
    page = owner.get(f"/jablko/invoices/{invoice.id}").text
    files = re.findall(r'href="(/jablko/ksef/\d+/\w+\.xml)"', page)

    assert [owner.get(file).data for file in files] == [b"<Faktura/>", b"<Potwierdzenie/>"]
    assert {owner.get(f"/jablko/ksef/{other.id}/{name}.xml").status_code for name in ("invoice", "upo")} == {404}
    put(service, polish, other, "waiting")
    assert owner.get(f"/jablko/ksef/{other.id}/upo.xml").status_code == 404


def test_its_customer_sees_the_number(browser: Browser, service: Service, polish: Firm) -> None:
    invoice = issue(service, polish, language="pl")
    put(service, polish, invoice, "accepted", ksef_number=NUMBER)
    page = browser.get(f"/jablko/p/{invoice.token}/{invoice.number.replace('/', '%2F')}").text

    assert re.search(rf"<dt>Numer KSeF</dt><dd>(<[^>]*>)?{NUMBER}", page)


# Lists


def test_the_list_is_chosen_by_where_documents_are(owner: Browser, service: Service, polish: Firm) -> None:
    documents = [issue(service, polish) for _ in range(6)]
    issue(service, polish, kind="proforma")
    states: tuple[SendingState, ...] = ("accepted", "waiting", "sent", "rejected", "failed")
    for document, state in zip(documents, states, strict=False):
        put(service, polish, document, state, ksef_number=NUMBER if state == "accepted" else None)

    def found(part: str) -> list[str]:
        page = owner.get(f"/jablko/invoices?ksef={part}&sort=number").text
        return re.findall(r'href="/jablko/invoices/\d+">([^<]+)</a>', page)

    numbers = [document.number for document in documents]
    assert found("accepted") == numbers[:1]
    assert found("under_way") == numbers[1:3]
    assert found("refused") == numbers[3:5]
    assert found("outside") == numbers[1:]
    assert len(found("nonsense")) == 7


def test_what_was_refused_and_sent_again_is_on_its_way(owner: Browser, service: Service, polish: Firm) -> None:
    invoice = issue(service, polish)
    put(service, polish, invoice, "rejected", code=450, text="Nie")
    put(service, polish, invoice, "waiting", attempt=2)

    assert invoice.number not in owner.get("/jablko/invoices?ksef=refused").text
    assert invoice.number in owner.get("/jablko/invoices?ksef=under_way").text
    assert "Sent again since: Waits for KSeF." in owner.get("/jablko/ksef?part=refused").text


@pytest.mark.parametrize("typed", [NUMBER, "0100001AF629", "5265877635-20261120"])
def test_a_document_is_found_by_its_ksef_number(owner: Browser, service: Service, polish: Firm, typed: str) -> None:
    invoice, other = issue(service, polish), issue(service, polish)
    put(service, polish, invoice, "accepted", ksef_number=NUMBER)

    page = owner.get(f"/jablko/invoices?query={typed}").text
    assert f'">{invoice.number}</a>' in page
    assert f'">{other.number}</a>' not in page


def test_the_queue_says_of_each_why_it_waits(owner: Browser, service: Service, polish: Firm) -> None:
    connect(service, polish)
    waiting, refused, taken = (issue(service, polish) for _ in range(3))
    put(service, polish, waiting, "waiting", failures=1, deadline=NOON + dt.timedelta(days=1))
    put(service, polish, refused, "rejected", code=450, text="Błąd semantyki")
    put(service, polish, taken, "accepted", ksef_number=NUMBER)
    first, second, third = (owner.get(f"/jablko/ksef?part={part}").text for part in ("", "refused", "accepted"))

    assert "They are handed over in about 1 minute." in first
    assert waiting.number in first
    assert "KSeF did not answer. The next try is at" in first
    assert "It has to be there by" in first
    assert "KSeF refused it: Błąd semantyki (450)" in second
    assert NUMBER in third
    assert "outside KSeF" not in first


def test_an_empty_queue_says_so(owner: Browser) -> None:
    said = [owner.get(f"/jablko/ksef?part={part}").text for part in ("under_way", "refused", "accepted")]

    assert ["Nothing is on its way to KSeF." in said[0], "KSeF refused nothing." in said[1]] == [True, True]
    assert "Nothing was sent to KSeF yet." in said[2]


# A firm that is not connected


def test_what_was_issued_outside_is_counted_until_the_firm_is_connected(
    owner: Browser, service: Service, polish: Firm
) -> None:
    to_a_firm(service, polish)
    issue(service, polish, "Konsument")
    for path in ("/jablko", "/jablko/ksef"):
        page = owner.get(path).text
        assert "1 invoice of this month is outside KSeF: PLN121.00." in page.replace("\N{NO-BREAK SPACE}", ""), path
        assert "a month may stay outside until the end of 2026" in page
    connect(service, polish)

    assert "outside KSeF" not in owner.get("/jablko").text + owner.get("/jablko/ksef").text


def test_more_than_may_stay_outside_is_said_loudly(
    owner: Browser, service: Service, polish: Firm, clock: Clock
) -> None:
    line = Given({"name": "Praca", "unit_price": Decimal(9000), "vat_rate": Decimal(23)})
    to_a_firm(service, polish, lines=[line])
    assert "the invoice that went beyond it, and all after it, belong in KSeF" in owner.get("/jablko").text

    clock.stand_at(dt.datetime(2027, 1, 4, 11, tzinfo=dt.UTC))
    to_a_firm(service, polish)
    owner.sign_in(polish.user.email)
    assert "Since 2027 all of them belong there." in owner.get("/jablko").text


# Everybody else


def test_a_firm_of_another_country_sees_nothing_of_ksef(
    app: Flask, service: Service, database: Database, clock: Clock
) -> None:
    firm = open_firm(database, clock, language="en")
    browser = Browser(app)
    browser.sign_in(firm.user.email)
    invoice = issue(service, firm)

    paths = ("", "/invoices", "/invoices/new", f"/invoices/{invoice.id}", "/todos", "/history", "/settings")
    assert [path for path in paths if "ksef" in browser.get(f"/applecorp{path}").text.lower()] == []
