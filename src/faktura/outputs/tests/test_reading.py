"""What a document says, point by point of the law, whoever spells it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.accounts.change import change_account
from faktura.core.contacts import change_contact
from faktura.core.countries.pl import lists
from faktura.core.errors import Given
from faktura.core.invoices.events import fire
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import Firm, a_firm, line
from faktura.outputs.mail.wording import send_invoice
from faktura.outputs.printing.pdf import compose
from faktura.outputs.printing.printed import PrintedDocument
from faktura.outputs.reading.context import context_of
from faktura.outputs.reading.facts import Facts, Mark, RateSum, marked
from faktura.outputs.reading.invoices import facts_of
from faktura.outputs.reading.sheet import sheet_of
from faktura.outputs.tests.documents import text_of
from faktura.outputs.words.words import LANGUAGES, NOT_LABELS, WORDS, labels_in
from faktura.store.database import Database
from faktura.store.records import changed
from tests import needs

pytestmark = needs.ONE_ENGINE

IBAN = "CZ6508000000192000145399"
LINK = "https://faktura.example/applecorp/p/abc"


@pytest.fixture
def firm(database: Database) -> Firm:
    return a_firm(database)


@pytest.fixture
def polish(database: Database) -> Firm:
    return a_firm(database, country="PL", currency="PLN", invoice_language="pl")


def read(firm: Firm, invoice: Invoice) -> Facts:
    return firm.do(lambda books: facts_of(found := find_invoice(books, invoice.id), context_of(books, found)))


def test_paper_says_what_it_said_before_the_books_were_kept_in_another_currency(firm: Firm) -> None:
    issued = firm.issue(currency="EUR", exchange_rate=Decimal(25))
    before = printed(read(firm, issued))

    firm.account = firm.do(change_account, Given({"currency": "EUR"}))

    assert "CZK" in before
    assert printed(read(firm, issued)) == before
    assert "CZK" not in printed(read(firm, firm.issue(currency="EUR")))


def printed(facts: Facts) -> str:
    return text_of(compose(PrintedDocument(facts=facts, language=facts.language)))


def letter_about(firm: Firm, invoice: Invoice) -> str:
    firm.do(change_contact, firm.contact.id, Given({"email": "ucetni@odberatel.example"}))
    return firm.do(send_invoice, invoice.id, Given({}), LINK).body.replace("\u00a0", " ")


def amounts(sums: tuple[RateSum, ...]) -> list[tuple[int, str, str]]:
    return [(int(s.vat_rate), str(s.net), str(s.vat)) for s in sums]


def test_a_polish_advance_invoice_states_the_advance_its_tax_and_what_is_left(polish: Firm) -> None:
    order = (line(1000, 23), line(500, 8))
    facts = read(polish, polish.issue(*order, kind="tax_document", advance_amount=Decimal(400)))

    assert amounts(facts.rate_sums) == [(23, "1000.00", "230.00"), (8, "500.00", "40.00")]
    assert amounts(facts.received) == [(23, "225.99", "51.98"), (8, "112.99", "9.04")]
    assert (facts.total, facts.to_pay) == (Decimal(1770), Decimal(1370))
    text = printed(facts)
    assert "Otrzymana zaliczka -400,00 zł" in text
    assert "23 % 225,99 51,98 277,97" in text
    assert "Do zapłaty 1 370,00 zł" in text


def test_there_is_no_tax_inside_an_advance_where_the_customer_owes_it(polish: Firm) -> None:
    advance = {"kind": "tax_document", "advance_amount": Decimal(400), "reverse_charge": True}
    facts = read(polish, polish.issue(line(1000, 23), **advance))

    assert amounts(facts.received) == [(23, "400.00", "0")]
    assert facts.to_pay == Decimal(600)


def test_a_polish_final_invoice_states_what_is_left_after_advances_by_number_and_rate(polish: Firm) -> None:
    order = (line(1000, 23), line(500, 8))
    first = polish.issue(*order, kind="tax_document", advance_amount=Decimal(400))
    second = polish.issue(*order, kind="tax_document", advance_amount=Decimal(300), previous_advance_id=first.id)
    facts = read(polish, polish.issue(*order, kind="final_invoice", previous_advance_id=second.id))

    assert [(a.number, a.amount) for a in facts.advances] == [
        (first.number, Decimal(400)),
        (second.number, Decimal(300)),
    ]
    rest = [(rate, Decimal(net) + Decimal(vat)) for rate, net, vat in amounts(facts.rest)]
    assert sum(gross for _, gross in rest) == facts.to_pay == Decimal(1070)
    text = printed(facts)
    assert f"{first.number} 23 % 225,99 51,98 277,97" in text
    assert "Pozostało po zaliczkach" in text


def test_a_czech_final_invoice_states_base_and_tax_after_its_tax_documents(firm: Firm) -> None:
    proforma = firm.issue(line(100), line(50, 12), kind="proforma", follow_up="tax_document")
    paid = firm.do(add_payment, proforma.id, Given({"amount": Decimal(177)})).invoice
    taxed = firm.again(firm.do(find_invoice, paid.payments[0].tax_document_id))
    lines = (line(300), line(80, 12))
    facts = read(firm, firm.issue(*lines, kind="final_invoice", tax_document_ids=(taxed.id,)))

    assert amounts(facts.rest) == [(21, "200.00", "42.00"), (12, "30.00", "3.60")]
    assert facts.to_pay == Decimal("275.60")
    assert f"{taxed.number} 21 % 100,00 21,00 121,00" in printed(facts)


def test_a_deducted_proforma_is_named(firm: Firm) -> None:
    proforma = firm.issue(line(100), kind="proforma", follow_up="none")
    firm.do(add_payment, proforma.id, Given({"amount": Decimal(50)}))
    facts = read(firm, firm.issue(line(300), related_id=proforma.id))

    assert f"Odečtené zálohy: {proforma.number} -50,00 Kč" in printed(facts)
    assert facts.rest == ()


def test_every_exemption_names_its_provision(polish: Firm) -> None:
    """Art. 106e (1) 19 of the VAT act."""
    issued = polish.issue(line(100, 0, vat_treatment="exempt"), vat_exemption="r3-1-14")
    assert "Podstawa zwolnienia: § 3 ust. 1 pkt 14, Rozporządzenie Ministra" in printed(read(polish, issued))
    context = polish.do(lambda books: context_of(books, issued))
    for code, exemption in lists.vat_exemptions().items():
        remarks = sheet_of(facts_of(changed(issued, vat_exemption=code), context), "pl").remarks
        assert f"Podstawa zwolnienia: {exemption.basis}, {exemption.act}" in remarks


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pl", ["zw", "np", "oo"]),
        ("cs", ["osvobozeno", "mimo DPH", "přenesená"]),
        ("en", ["exempt", "outside VAT", "reverse charge"]),
    ],
)
def test_why_there_is_no_rate_is_said_in_the_documents_language(firm: Firm, language: str, words: list[str]) -> None:
    treatments = ("exempt", "not_subject", "reverse_charge")
    lines = [line(100, 0, vat_treatment=treatment) for treatment in treatments]
    sheet = sheet_of(read(firm, firm.issue(line(1), *lines, language=language)), language)

    assert [row[0] for row in sheet.rate_tables[0].rows[1:]] == words


def test_the_day_of_a_receipt_is_called_so(firm: Firm) -> None:
    text = printed(read(firm, firm.issue(kind="tax_document")))

    assert "Datum přijetí platby 21. 11. 2026" in text
    assert "Datum zdanitelného plnění" not in text


TITLES = {
    "invoice": ("Faktura – daňový doklad", "Faktúra – daňový doklad", "Faktura VAT", "VAT invoice", "Rechnung"),
    "tax_document": (
        *("Daňový doklad k přijaté platbě", "Daňový doklad k prijatej platbe", "Faktura zaliczkowa"),
        *("Tax document on a payment received", "Anzahlungsrechnung"),
    ),
    "correction": (
        "Opravný daňový doklad",
        "Opravná faktúra",
        "Faktura korygująca",
        "Credit note",
        "Korrekturrechnung",
    ),
    "proforma": (
        *("Zálohová faktura", "Zálohová faktúra", "Faktura pro forma", "Proforma invoice", "Proforma-Rechnung"),
    ),
}


@pytest.mark.parametrize("kind", TITLES)
def test_the_documents_of_a_payer_say_in_every_language_what_they_are(firm: Firm, kind: str) -> None:
    corrected = {"corrected_id": firm.issue().id} if kind == "correction" else {}
    facts = read(firm, firm.issue(kind=kind, **corrected))
    assert [sheet_of(facts, language).title for language in ("cs", "sk", "pl", "en", "de")] == list(TITLES[kind])
    assert ("Toto není daňový doklad." in sheet_of(facts, "cs").remarks) == (kind == "proforma")


def test_who_pays_no_vat_issues_no_tax_document(database: Database) -> None:
    small = a_firm(database, vat_mode="non_vat_payer")
    sheet = sheet_of(read(small, small.issue(line(100, 0), reverse_charge=True)), "cs")

    assert (sheet.title, sheet.parties[0].remark) == ("Faktura", "Neplátce DPH")
    assert "Daň odvede zákazník." not in sheet.remarks
    assert "Datum zdanitelného plnění" not in dict(sheet.facts)


def test_an_identified_person_issues_one_where_the_customer_abroad_owes_the_tax(database: Database) -> None:
    person = a_firm(database, vat_mode="identified_person")
    at_home = sheet_of(read(person, person.issue(line(100, 0))), "cs")
    abroad = sheet_of(read(person, person.issue(line(100, 0), reverse_charge=True)), "cs")

    assert (at_home.title, abroad.title) == ("Faktura", "Faktura – daňový doklad")
    assert "Daň odvede zákazník." in abroad.remarks
    assert "Datum zdanitelného plnění" in dict(abroad.facts)
    assert "Datum zdanitelného plnění" not in dict(at_home.facts)


def test_a_tax_document_that_the_customer_issues_says_so_in_the_words_of_the_law(firm: Firm) -> None:
    usual = firm.issue()
    firm.account = firm.do(change_account, Given({"selfbilling": True}))
    billed = read(firm, firm.issue())

    words = [sheet_of(billed, language).remarks for language in ("cs", "sk", "pl", "en", "de")]
    assert words == [
        ("Vystaveno zákazníkem.",),
        ("Vyhotovenie faktúry odberateľom.",),
        ("Samofakturowanie.",),
        ("Self-billing.",),
        ("Gutschrift.",),
    ]
    assert "Vystaveno zákazníkem." in printed(billed)
    assert "Vystaveno zákazníkem." not in sheet_of(read(firm, usual), "cs").remarks
    assert "Vystaveno zákazníkem." not in sheet_of(read(firm, firm.issue(kind="proforma")), "cs").remarks


def test_a_cancelled_document_owes_nothing_anywhere(firm: Firm) -> None:
    cancelled = firm.do(fire, firm.issue(iban=IBAN).id, "cancel")
    facts = read(firm, cancelled)

    assert (facts.to_pay, facts.codes) == (Decimal(0), ())
    assert "K úhradě 0,00 Kč" in printed(facts)
    letter = letter_about(firm, cancelled)
    assert "stornován" in letter
    assert "K úhradě" not in letter


def test_a_paid_document_is_not_asked_for(firm: Firm) -> None:
    paid = firm.do(add_payment, firm.issue().id, Given()).invoice
    letter = letter_about(firm, paid)

    assert "Doklad je uhrazen" in letter
    assert "Splatnost" not in letter


def test_a_credit_note_is_sent_as_money_to_be_returned(firm: Firm) -> None:
    original = firm.issue()
    credit = firm.issue(line(-10), kind="correction", corrected_id=original.id)
    letter = letter_about(firm, credit)

    assert "posíláme Vám doklad Opravný doklad" in letter
    assert "K vrácení: 12,10 Kč" in letter
    assert "splatnosti" not in letter


def test_a_credit_note_past_its_day_is_no_reminder(firm: Firm) -> None:
    early = dt.date(2026, 10, 1)
    original = firm.issue(issued_on=early)
    credit = firm.issue(line(-10), kind="correction", corrected_id=original.id, issued_on=early, due_days=1)

    assert credit.status == "overdue"
    assert "po splatnosti" not in letter_about(firm, credit)


def test_where_the_customer_owes_the_tax_no_column_of_it_stands_there(firm: Firm) -> None:
    for reverse in (
        firm.issue(line(100), reverse_charge=True),
        firm.issue(line(100, 0, vat_treatment="reverse_charge")),
    ):
        facts = read(firm, reverse)
        text = printed(facts)
        assert "Daň odvede zákazník." in text
        assert [word for word in ("Bez DPH", "Částka DPH", "Rekapitulace", "21 %") if word in text] == []
        assert facts.to_pay == Decimal(100)


@pytest.mark.parametrize(
    ("values", "is_shown"),
    [
        ({}, False),
        ({"iban_visibility": "always"}, True),
        ({"bank_account": None}, True),
        ({"buyer_country": "DE"}, True),
        ({"currency": "EUR"}, True),
        ({"iban_visibility": "always", "hide_bank_account": True}, False),
    ],
)
def test_an_iban_is_shown_where_it_is_needed_or_wanted(firm: Firm, values: dict[str, Any], *, is_shown: bool) -> None:
    account = {"bank_account": "19-2000145399/0800", "iban": IBAN, "bic": "GIBACZPX", "exchange_rate": Decimal(25)}
    text = printed(read(firm, firm.issue(**account | values)))

    assert ("IBAN CZ65 0800" in text) is is_shown
    assert ("GIBACZPX" in text) is is_shown


def test_a_hidden_account_is_in_no_letter(firm: Firm) -> None:
    hidden = firm.issue(bank_account="123/0100", iban=IBAN, hide_bank_account=True)

    assert "123/0100" not in letter_about(firm, hidden)


def test_native_sums_are_in_the_currency_of_the_books(database: Database) -> None:
    firm = a_firm(database, currency="EUR")
    at_home = read(firm, firm.issue(currency="EUR"))
    foreign = read(firm, firm.issue(currency="CZK", exchange_rate=Decimal("0.04")))

    assert (at_home.native_currency, foreign.native_currency) == ("", "EUR")
    assert "CZK" not in printed(at_home)
    assert "1 CZK = 0,04 EUR" in printed(foreign)


def test_nothing_is_said_to_be_less_than_nothing(firm: Firm) -> None:
    original = firm.issue(line(100, 0))
    text = printed(read(firm, firm.issue(line(-10, 0), kind="correction", corrected_id=original.id)))

    assert "-0,00" not in text


def test_every_word_is_there_in_every_language() -> None:
    """Plurals are counted in test_wording: each language has its own forms."""
    words = [(f"{key}.{name}", word) for key, named in WORDS.items() if key != "days" for name, word in named.items()]

    assert [name for name, word in words if tuple(word) != LANGUAGES or not all(map(str.strip, word.values()))] == []


def test_no_two_labels_have_one_name() -> None:
    names = [name for section, words in WORDS.items() if section not in NOT_LABELS for name in words]

    assert sorted(names) == sorted(set(names))


def test_every_fact_that_stands_under_a_label_has_one() -> None:
    under_labels = {name for mark in (Mark.FACT, Mark.PAYMENT, Mark.SIGNATURE) for name in marked(mark)}

    assert under_labels - labels_in("en").keys() == set()
