"""What KSeF would refuse is found before, and stands in the document's own attributes (design: e-invoices 3.2, 3.3)."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from faktura.core.books.books import Books
from faktura.core.documents.record import Line
from faktura.core.documents.third_parties import LocalUnit, ThirdParty
from faktura.core.errors import Given, Invalid, WrongState
from faktura.core.invoices.compose import compose_invoice
from faktura.core.invoices.events import fire
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.follow_up import add_payment, create_tax_document
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import KsefConnection
from faktura.core.tests.conftest import Firm, a_firm, line
from faktura.outputs.e_invoices.checking import SCHEMAS
from faktura.outputs.e_invoices.fa3 import rules
from faktura.outputs.e_invoices.fa3.prepare import prepare, problems_for_ksef
from faktura.outputs.tests.stories import Story
from faktura.outputs.tests.test_fa3_samples import GERMAN, HOME, MADE_AT, SELLER, in_ksef, sold
from faktura.store.database import Database
from faktura.store.records import changed
from tests import needs

pytestmark = needs.ONE_ENGINE


@pytest.fixture
def story(database: Database) -> Story:
    return Story(a_firm(database, country="PL", currency="PLN"), SELLER, {"country": "PL"} | HOME)


def found(firm: Firm, invoice: Invoice) -> dict[str, list[str]]:
    problems = firm.do(problems_for_ksef, invoice).by_attribute()
    return {name: [f"{p.code} {p.limit or ''}".strip() for p in of] for name, of in problems.items()}


def issued(story: Story, **values: Any) -> Invoice:
    """One that KSeF takes, with something else in it."""
    return changed(story.firm.issue(sold("Usługa", 100)), **values)


def of_lines(story: Story, **values: Any) -> Invoice:
    invoice = issued(story)
    return changed(invoice, lines=(changed_line(invoice.lines[0], **values),))


def changed_line(one: Line, **values: Any) -> Line:
    return msgspec.structs.replace(one, **values)


def changed_seller(invoice: Invoice, **values: Any) -> Invoice:
    return changed(invoice, seller=msgspec.structs.replace(invoice.seller, **values))


def test_what_is_all_right_is_made_ready_and_leaves_the_document_alone(story: Story) -> None:
    invoice = issued(story)
    made = story.firm.do(prepare, invoice)

    assert found(story.firm, invoice) == {}
    assert (made.kind, made.number, made.xml[:38]) == ("VAT", invoice.number, b"<?xml version='1.0' encoding='UTF-8'?>")
    assert story.firm.again(invoice) == invoice


def test_the_same_document_made_at_the_same_time_is_the_same_to_the_byte(story: Story) -> None:
    invoice = issued(story)
    one, other = (story.firm.do(lambda books: prepare(books, invoice, made_at=MADE_AT)) for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"issued_on": dt.date(2026, 11, 22)}, {"issued_on": ["in_future"]}),
        ({"number": "\u0085"}, {"number": ["blank"]}),
        ({"number": "1" * 257}, {"number": ["too_long 256"]}),
        ({"buyer_vat_no": "1111111112"}, {"buyer_vat_no": ["wrong_check_digit"]}),
        ({"buyer_vat_no": "PL1111111112", "buyer_country": "DE"}, {"buyer_vat_no": ["wrong_check_digit"]}),
        ({"buyer_vat_no": "0000000000"}, {"buyer_vat_no": ["wrong_check_digit"]}),
        ({"buyer_vat_no": "DE1234567890123", "buyer_country": "DE"}, {"buyer_vat_no": ["malformed"]}),
        ({"buyer_name": "N" * 513}, {"buyer_name": ["too_long 512"]}),
        ({"buyer_phone": "1" * 17}, {"buyer_phone": ["too_long 16"]}),
        ({"buyer_email": f"a@{'b' * 254}"}, {"buyer_email": ["too_long 255"]}),
        ({"buyer_email": "nobody"}, {"buyer_email": ["malformed_email"]}),
        ({"buyer_street": "U" * 513}, {"buyer_street": ["too_long 512"]}),
        ({"buyer_country": "TA", "buyer_street": "U"}, {"buyer_country": ["not_in_list"]}),
        ({"note": "n" * 3501}, {"note": ["too_long 3500"]}),
        ({"footer_note": "n" * 3501}, {"footer_note": ["too_long 3500"]}),
        ({"order_number": "n" * 257}, {"order_number": ["too_long 256"]}),
        ({"receipt_number": "n" * 257}, {"receipt_number": ["too_long 256"]}),
        ({"bdo_code": "0001234567"}, {"bdo_code": ["too_long 9"]}),
        ({"bank_account": "123", "iban": None}, {"bank_account": ["too_short 10"]}),
        ({"bank_account": "1" * 35, "iban": None}, {"bank_account": ["too_long 34"]}),
        ({"currency": "ZWG", "exchange_rate": Decimal(1)}, {"currency": ["not_in_list"]}),
        ({"currency": "EUR", "exchange_rate": None}, {"exchange_rate": ["unknown_rate"]}),
        ({"lines": ()}, {"lines": ["blank"]}),
        (
            {"third_parties": (ThirdParty(1, "factor", "F", tax_no="1111111112"),)},
            {"third_parties.tax_no": ["wrong_check_digit"]},
        ),
        (
            {"third_parties": (ThirdParty(1, "factor", "F", internal_no="1234"),)},
            {"third_parties.internal_no": ["malformed"]},
        ),
        ({"third_parties": (ThirdParty(1, "factor", "F" * 513),)}, {"third_parties.name": ["too_long 512"]}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_value_that_ksef_refuses_is_told(story: Story, values: dict[str, Any], refused: dict[str, list[str]]) -> None:
    invoice = issued(story, **values)

    assert found(story.firm, invoice) == refused
    with pytest.raises(Invalid):
        story.firm.do(prepare, invoice)


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"name": "n" * 257}, {"lines.name": ["too_long 256"]}),
        ({"name": " "}, {"lines.name": ["blank"]}),
        ({"vat_rate": Decimal(21)}, {"lines.vat_rate": ["not_in_list"]}),
        ({"unit": "u" * 257}, {"lines.unit": ["too_long 256"]}),
        ({"item_code": "i" * 51}, {"lines.item_code": ["too_long 50"]}),
        ({"gtin": "0" * 21}, {"lines.gtin": ["too_long 20"]}),
        ({"pkwiu": "0" * 51}, {"lines.pkwiu": ["too_long 50"]}),
        ({"vat_treatment": "exempt", "vat_rate": Decimal(0)}, {}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_line_that_ksef_refuses_is_told(story: Story, values: dict[str, Any], refused: dict[str, list[str]]) -> None:
    assert found(story.firm, of_lines(story, **values)) == refused


def test_whoever_sells_has_a_number_and_an_address(story: Story) -> None:
    invoice = issued(story)
    seller = changed_seller(invoice, vat_no=None, street=None, city=None, postcode=None, phone="1" * 17, email="nobody")

    assert found(story.firm, seller) == {
        "seller.phone": ["too_long 16"],
        "seller.vat_no": ["blank"],
        "seller.street": ["blank"],
        "seller.email": ["malformed_email"],
    }
    assert found(story.firm, changed_seller(invoice, vat_no="1234563217")) == {"seller.vat_no": ["wrong_check_digit"]}


def test_across_a_border_what_is_not_taxed_is_goods_or_services(story: Story) -> None:
    abroad = {"buyer_country": "DE", "buyer_vat_no": "DE123456788"}
    untaxed = story.firm.issue(sold("Praca", 100, 0), **abroad)

    assert found(story.firm, untaxed) == {"sale_kind": ["blank"]}
    assert found(story.firm, changed(untaxed, sale_kind="service")) == {}
    assert found(story.firm, story.firm.issue(sold("Praca", 100), **abroad)) == {}


def test_what_is_exempt_says_by_what_provision(story: Story) -> None:
    exempt = story.firm.issue(sold("Lekcje", 100, 0, vat_treatment="exempt"))

    assert found(story.firm, exempt) == {"vat_exemption": ["blank"]}
    assert found(story.firm, changed(exempt, vat_exemption="our own words")) == {"vat_exemption": ["not_in_list"]}
    assert found(story.firm, changed(exempt, vat_exemption="43-1-28")) == {}


def test_whoever_is_no_payer_is_exempt_by_article_113_where_nothing_else_is_said(story: Story) -> None:
    invoice = changed_seller(story.firm.issue(sold("Praca", 100, 0)), vat_mode="non_vat_payer")
    made = story.firm.do(prepare, invoice).xml.decode()

    assert "<P_13_7>100.00</P_13_7><P_15>100.00</P_15>" in made
    assert "<P_19A>art. 113 ust. 1 i 9 ustawy o VAT</P_19A>" in made


def test_a_correction_names_what_it_corrects_and_why_in_256_letters(story: Story) -> None:
    own = {"kind": "correction", "corrected_number": "9/2025"}
    invoice = story.firm.issue(sold("Praca", -100), **own, note="p" * 257)
    assert found(story.firm, invoice) == {"note": ["too_long 256"], "corrected_on": ["blank"]}


def test_ksef_takes_a_number_once_for_a_kind(story: Story) -> None:
    first = in_ksef(story, issued(story), "1234563218-20261101-0100001AF629-37")

    assert found(story.firm, first) == {}
    assert found(story.firm, issued(story, number=first.number)) == {"number": ["taken"]}
    correction = story.firm.issue(sold("Praca", -1), kind="correction", corrected_id=first.id)
    assert found(story.firm, changed(correction, number=first.number)) == {}


def test_a_file_above_a_megabyte_is_refused(story: Story) -> None:
    lines = tuple(line("1", 23, name="n" * 250, pkwiu="0" * 50, cn="0" * 50, pkob="0" * 50) for _ in range(1000))
    parties = tuple(ThirdParty(n, "factor", "F" * 500, street="U" * 500, city="M" * 500) for n in range(100))
    invoice = changed(story.firm.issue(*lines), third_parties=parties, note="n" * 3500)
    assert found(story.firm, invoice) == {}

    long = changed(invoice, lines=tuple(changed_line(one, name="ń" * 256) for one in invoice.lines) * 2)
    assert found(story.firm, long) == {"lines": ["files_too_large 1"]}


@pytest.mark.parametrize("country", ["CZ", "SK"])
def test_only_what_a_polish_firm_sells_goes_to_ksef(story: Story, country: str) -> None:
    with pytest.raises(WrongState, match="not_for_ksef"):
        story.firm.do(prepare, changed_seller(issued(story), country=country))


def test_proformas_and_what_is_cancelled_do_not_go_to_ksef(story: Story) -> None:
    proforma = story.firm.issue(sold("Praca", 100), kind="proforma")
    cancelled = story.firm.do(fire, issued(story).id, "cancel")
    for invoice in (proforma, cancelled):
        with pytest.raises(WrongState, match="not_for_ksef"):
            story.firm.do(prepare, invoice)


def test_an_advance_over_a_proforma_is_of_the_order_on_that(story: Story) -> None:
    proforma = story.firm.issue(sold("Strona", 200), kind="proforma", follow_up="none")
    paid = story.firm.do(add_payment, proforma.id, Given({"amount": Decimal(123)}))
    payment = story.firm.do(create_tax_document, proforma.id, paid.payment.id).payment
    advance = story.firm.do(find_invoice, payment.tax_document_id)
    made = story.firm.do(prepare, advance)

    assert made.kind == "ZAL"
    assert "<P_13_1>100.00</P_13_1><P_14_1>23.00</P_14_1><P_15>123.00</P_15>" in made.xml.decode()
    assert "<WartoscZamowienia>246.00</WartoscZamowienia>" in made.xml.decode()


def test_letters_of_poland_stand_beside_the_number_in_trade_within_the_eu(story: Story) -> None:
    german = {"buyer_country": "DE", "buyer_vat_no": "DE123456788", "sale_kind": "merchandise"}
    goods = changed_seller(story.firm.issue(sold("Towar", 100, 0), **german), vat_no="PL1234563218")
    at_home = changed_seller(issued(story), vat_no="PL1234563218")

    assert b"<PrefiksPodatnika>PL</PrefiksPodatnika>" in story.firm.do(prepare, goods).xml
    assert b"PrefiksPodatnika" not in story.firm.do(prepare, at_home).xml
    assert b"<KodUE>DE</KodUE><NrVatUE>123456788</NrVatUE>" in story.firm.do(prepare, goods).xml


@pytest.mark.parametrize(
    ("treatment", "sale_kind", "country", "vat_no", "name", "field"),
    [
        ("taxed", "service", "DE", "DE123456788", "0 KR", "P_13_6_1"),
        ("not_subject", "service", "DE", "DE123456788", "np II", "P_13_9"),
        ("not_subject", "service", "DE", None, "np I", "P_13_8"),
        ("not_subject", "merchandise", "DE", "DE123456788", "np I", "P_13_8"),
        ("reverse_charge", "service", "DE", "DE123456788", "np II", "P_13_9"),
        ("reverse_charge", "merchandise", "DE", "DE123456788", "0 WDT", "P_13_6_2"),
        ("taxed", "merchandise", "DE", None, "0 KR", "P_13_6_1"),
        ("taxed", "merchandise", "US", None, "0 EX", "P_13_6_3"),
        ("taxed", "service", "US", None, "0 KR", "P_13_6_1"),
        ("not_subject", None, "PL", None, "np I", "P_13_8"),
    ],
)
def test_what_is_not_taxed_is_called_by_what_was_sold_and_to_whom(
    story: Story, treatment: str, sale_kind: str | None, country: str, vat_no: str | None, name: str, field: str
) -> None:
    buyer = {"buyer_country": country, "buyer_vat_no": vat_no or "", "sale_kind": sale_kind}
    invoice = story.firm.issue(sold("Praca", 100, 0, vat_treatment=treatment), **buyer)
    made = story.firm.do(prepare, changed(invoice, buyer_vat_no=vat_no)).xml.decode()

    assert f"<P_12>{name}</P_12>" in made
    assert f"<{field}>100.00</{field}>" in made


def test_a_unit_of_local_government_and_a_member_of_a_group_are_told_of_the_buyer(story: Story) -> None:
    unit = LocalUnit("Gmina", "Rynek", "1", "Kraków", "30-001", "PL")
    member = ThirdParty(1, "vat_group_recipient", "Członek", internal_no="1111111111-00012")
    made = story.firm.do(prepare, issued(story, seller_unit=unit, third_parties=(member,))).xml.decode()

    assert "<JST>2</JST><GV>1</GV>" in made
    assert "<IDWew>1111111111-00012</IDWew><Nazwa>Członek</Nazwa></DaneIdentyfikacyjne><Rola>10</Rola>" in made
    assert made.count("<Rola>7</Rola>") == 1


def test_what_came_in_after_the_day_of_issue_is_not_told(story: Story) -> None:
    early = issued(story, paid_on=dt.date(2026, 11, 22))
    assert b"Zaplacono" not in story.firm.do(prepare, early).xml
    assert b"<TerminPlatnosci>" in story.firm.do(prepare, early).xml


def test_rules_of_a_file_are_those_that_no_schema_says(story: Story) -> None:
    good = story.firm.do(prepare, issued(story)).xml

    assert rules.broken_rules(good) == []
    assert rules.broken_rules(b"\xef\xbb\xbf" + good) == ["the file is UTF-8, without a byte order mark"]
    assert rules.broken_rules(good.replace(b"1111111111", b"1111111112")) == [
        "2: the check digit of the NIP 1111111112 fits"
    ]
    assert rules.broken_rules(good.replace(b"</Faktura>", b"<?php?></Faktura>")) == [
        "the file has no processing instructions"
    ]
    [text] = rules.broken_rules(good.replace("Usługa".encode(), "Us\u0080uga".encode()))
    assert text == "2: P_7 has no character that KSeF refuses"
    assert rules.broken_rules(good + b" " * 1_000_000) == ["the file has at most 1000000 bytes"]


def test_a_consumer_abroad_pays_vat_of_their_own_country(story: Story) -> None:
    own = {"kind": "oss_invoice", "oss": "goods", "buyer_country": "DE", "buyer_vat_no": ""}
    made = story.firm.do(prepare, story.firm.issue(sold("Buty", 100, 19), **own)).xml.decode()

    assert GERMAN["country"] == "DE"
    assert "<P_13_5>100.00</P_13_5><P_14_5>19.00</P_14_5><P_15>119.00</P_15>" in made
    assert "<P_12_XII>19</P_12_XII><Procedura>WSTO_EE</Procedura>" in made


def test_a_firm_is_connected_under_the_number_that_its_documents_have(story: Story) -> None:
    urls = dict.fromkeys(("api_url", "qr_url", "status_url"), "https://ksef.example")
    own = {"environment": "test", "method": "token", "tax_no": "1111111111"}
    story.firm.do(lambda books: books.add(KsefConnection, **urls, **own))
    assert found(story.firm, issued(story)) == {"seller.vat_no": ["malformed"]}


@pytest.mark.parametrize(
    ("country", "vat_no", "told"),
    [
        ("GR", "EL094259216", "<KodUE>EL</KodUE><NrVatUE>094259216</NrVatUE>"),
        ("GB", "XI123456789", "<KodUE>XI</KodUE><NrVatUE>123456789</NrVatUE>"),
        ("GB", "GB123456789", "<KodKraju>GB</KodKraju><NrID>GB123456789</NrID>"),
        ("DE", "PL1111111111", "<NIP>1111111111</NIP>"),
        ("PL", None, "<BrakID>1</BrakID>"),
    ],
)
def test_a_buyer_is_known_by_the_number_of_their_country(
    story: Story, country: str, vat_no: str | None, told: str
) -> None:
    made = story.firm.do(prepare, issued(story, buyer_country=country, buyer_vat_no=vat_no)).xml.decode()
    assert f"{told}<Nazwa>Nabywca SA</Nazwa>" in made


def test_a_final_invoice_says_what_was_paid_untaxed_as_a_part_of_its_payment(story: Story) -> None:
    proforma = story.firm.issue(sold("Strona", 200), kind="proforma", follow_up="none")
    story.firm.do(add_payment, proforma.id, Given({"amount": Decimal(100)}))
    final = story.firm.issue(sold("Strona", 200), kind="final_invoice", related_id=proforma.id)
    made = story.firm.do(prepare, final)

    assert (made.kind, b"<P_15>246.00</P_15>" in made.xml) == ("VAT", True)
    assert b"<KwotaZaplatyCzesciowej>100.00</KwotaZaplatyCzesciowej>" in made.xml


def test_a_second_correction_of_an_advance_goes_on_from_the_first(story: Story) -> None:
    advance = story.firm.issue(sold("Strona", 200), kind="tax_document", advance_amount=Decimal(100))
    taken = Given({"name": "Zwrot", "vat_rate": Decimal(23), "gross": Decimal(-30)})
    own = {"kind": "correction", "corrected_id": advance.id}
    one, other = (story.firm.do(prepare, story.firm.issue(taken, **own)) for _ in range(2))

    assert (one.kind, b"<P_15ZK>100.00</P_15ZK>" in one.xml) == ("KOR_ZAL", True)
    assert (other.kind, b"<P_15ZK>70.00</P_15ZK>" in other.xml) == ("KOR_ZAL", True)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"kind": "tax_document", "advance_amount": Decimal(50)},
        {"kind": "final_invoice"},
        {"kind": "correction", "corrected_number": "9/2025", "corrected_on": dt.date(2025, 11, 1)},
    ],
)
def test_a_document_is_looked_at_before_it_is_issued(story: Story, values: dict[str, Any]) -> None:
    given = {"contact_id": story.firm.contact.id, "lines": [sold("Usługa", 100)]} | values

    def look(books: Books, **more: Any) -> list[str]:
        composed = compose_invoice(books, Given(given | more))
        assert composed.problems == {}
        return list(problems_for_ksef(books, composed.invoice).by_attribute())

    assert story.firm.do(look) == []
    assert story.firm.do(lambda books: look(books, buyer_phone="1" * 17, issued_on=dt.date(2026, 11, 30))) == [
        "buyer_phone",
        "issued_on",
    ]


def test_the_schemas_of_ksef_lie_beside_the_licence_of_their_owner() -> None:
    notice = (Path(SCHEMAS) / "fa3" / "LICENSE.txt").read_text(encoding="utf-8")
    assert "Permission is hereby granted" in notice
    assert len(list((Path(SCHEMAS) / "fa3").glob("*.xsd"))) == 4
