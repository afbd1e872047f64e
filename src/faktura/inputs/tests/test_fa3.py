"""Invoices of KSeF are read: all examples with sums that fit, and older versions leniently."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from faktura.core.received.received_invoice import Named, ReceivedInvoice
from faktura.inputs.e_invoices.read import read_invoice
from faktura.inputs.tests.hostile import changed, example, read, refused
from faktura.inputs.tests.test_e_invoices import examples
from tests import needs

pytestmark = needs.ONE_ENGINE

EXAMPLES = examples("samples-fa3/*.xml")

NAMESPACE = "http://crd.gov.pl/wzor/2025/06/25/13775/"
HEAD = f'<Faktura xmlns="{NAMESPACE}"><Naglowek><KodFormularza kodSystemowy="FA (3)"/></Naglowek>'
SELLER = (
    "<Podmiot1><DaneIdentyfikacyjne><NIP>1234563218</NIP><Nazwa>Sprzedawca</Nazwa></DaneIdentyfikacyjne></Podmiot1>"
)
BUYER = "<Podmiot2><DaneIdentyfikacyjne><NIP>1111111111</NIP><Nazwa>Nabywca</Nazwa></DaneIdentyfikacyjne></Podmiot2>"


def money(*amounts: str | int) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, amounts))


def sums(invoice: ReceivedInvoice) -> list[tuple[Decimal, ...]]:
    return [(rate.vat_rate, rate.net, rate.vat) for rate in invoice.rates]


def of(name: str) -> ReceivedInvoice:
    return read(example(f"samples-fa3/{name}.xml")).invoice


def said(body: str, kind: str = "VAT") -> ReceivedInvoice:
    """An invoice with sums and rows as they stand in it."""
    fa = f"<KodWaluty>PLN</KodWaluty><P_1>2026-11-21</P_1><P_2>1</P_2>{body}<RodzajFaktury>{kind}</RodzajFaktury>"
    return read_invoice(f"{HEAD}{SELLER}{BUYER}<Fa>{fa}</Fa></Faktura>".encode(), lambda _content, _format: ()).invoice


def rows(*rows: str) -> str:
    return "".join(f"<FaWiersz><P_7>Towar</P_7>{row}</FaWiersz>" for row in rows)


def doubts(invoice: ReceivedInvoice) -> set[str]:
    return {warned.doubt for warned in invoice.warnings}


def test_all_examples_are_there(shared_folder: Path) -> None:
    assert shared_folder.is_dir()
    assert len(EXAMPLES) == 20


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_read_and_its_sums_fit(name: str) -> None:
    invoice = read(example(name)).invoice

    assert (invoice.format, invoice.version) == ("fa3", "FA (3)")
    assert invoice.number
    assert invoice.issued_on == dt.date(2026, 11, 21)
    assert invoice.warnings == ()
    assert sum(line.net for line in invoice.lines) == sum(rate.net for rate in invoice.rates)
    assert invoice.payable == invoice.total - invoice.prepaid


def test_an_invoice_is_read_with_all_that_it_says() -> None:
    invoice = of("vat-mixed-rates")

    assert invoice.supplier == Named(
        name="Firma Testowa sp. z o.o.",
        street="Długa 1/2",
        city="Kraków",
        postcode="30-001",
        country="PL",
        vat_no="1234563218",
        email="biuro@example.pl",
        phone="123456789",
    )
    assert (invoice.buyer.name, invoice.buyer.vat_no) == ("Nabywca SA", "1111111111")
    assert (invoice.number, invoice.taxable_on) == ("1/11/2026", dt.date(2026, 11, 20))
    assert (invoice.due_on, invoice.payment_method) == (dt.date(2026, 12, 5), "bank")
    assert (invoice.iban, invoice.bank_account) == ("PL81915000090000000100000004", "")
    assert (invoice.order_number, invoice.note) == ("ZAM 5", "Dziękujemy")
    assert sums(invoice) == [money(23, "66.23", "15.23"), money(8, 100, 8), money(0, 10, 0), money(0, 50, 0)]
    assert [rate.treatment for rate in invoice.rates] == ["taxed", "taxed", "taxed", "exempt"]
    assert [(line.name, line.unit) for line in invoice.lines][:2] == [("Usługa", "szt."), ("Książka", "szt.")]
    assert [(line.quantity, line.unit_price) for line in invoice.lines][:2] == [money(1, "66.23"), money("2.5", 40)]


def test_a_correction_takes_off_what_stood_before_it() -> None:
    invoice = of("kor-lines")

    assert (invoice.sort, invoice.corrected) == ("credit_note", ("1/11/2026",))
    assert [(line.quantity, line.net) for line in invoice.lines] == [money(-1, "-66.23")]
    assert invoice.total == Decimal("-81.46")


def test_a_correction_that_asks_for_more_is_a_debit_note() -> None:
    more = said(
        "<P_13_1>10</P_13_1><P_14_1>2.30</P_14_1><P_15>12.30</P_15>" + rows("<P_11>10</P_11><P_12>23</P_12>"), "KOR"
    )

    assert (more.sort, more.total, more.warnings) == ("debit_note", Decimal("12.30"), ())
    assert of("kor-outside-ksef-date").sort == "debit_note"


def test_an_advance_is_what_its_sums_say_under_the_names_of_its_order() -> None:
    for name, sort, net in (("zal", "tax_document", "81.30"), ("kor-zal", "credit_note", "-40.65")):
        invoice = of(name)
        assert invoice.sort == sort
        assert [(line.name, line.net) for line in invoice.lines] == [("Strona www", Decimal(net))]


def test_a_settlement_takes_off_what_was_taxed_with_its_advances() -> None:
    invoice = of("roz-outside")

    assert invoice.advances == ("Z9/2025",)
    assert [(line.name, line.net) for line in invoice.lines] == [("Strona www", 200), ("Z9/2025", Decimal("-81.30"))]
    assert of("roz").advances == ("1234563218-20261118-0100001AF629-5A",)


def test_prices_with_vat_are_read_without_it() -> None:
    [line] = of("vat-gross-basis-discount-paid").lines
    without_its_vat = said(
        "<P_13_1>81.30</P_13_1><P_14_1>18.70</P_14_1><P_15>100</P_15>"
        + rows("<P_9B>100</P_9B><P_11A>100</P_11A><P_12>23</P_12>")
    )

    assert line.net == without_its_vat.lines[0].net == Decimal("81.30")
    assert without_its_vat.warnings == ()


def test_a_price_before_a_discount_is_none_of_what_was_bought() -> None:
    row = "<P_8B>2</P_8B><P_9A>100</P_9A><P_10>20</P_10><P_11>180</P_11><P_12>23</P_12>"
    [line] = said(f"<P_13_1>180</P_13_1><P_14_1>41.40</P_14_1><P_15>221.40</P_15>{rows(row)}").lines

    assert (line.quantity, line.unit_price, line.net) == money(2, 90, 180)


def test_two_rates_of_one_sum_are_told_apart_by_their_rows() -> None:
    both = rows("<P_11>100</P_11><P_12>23</P_12>", "<P_11>50</P_11><P_12>22</P_12>")
    invoice = said(f"<P_13_1>150</P_13_1><P_14_1>34</P_14_1><P_15>184</P_15>{both}")

    assert sums(invoice) == [money(23, 100, 23), money(22, 50, 11)]
    assert invoice.warnings == ()


@pytest.mark.parametrize(
    ("fields", "rate"),
    [("<P_13_1>10</P_13_1><P_14_1>2.30</P_14_1>", 23), ("<P_13_5>10</P_13_5><P_14_5>1.90</P_14_5>", 19)],
)
def test_without_rows_a_rate_follows_from_its_sum(fields: str, rate: int) -> None:
    assert [one.vat_rate for one in said(f"{fields}<P_15>12</P_15>").rates] == [rate]


def test_what_is_taxed_abroad_has_its_own_rate() -> None:
    assert sums(of("vat-oss")) == [money(19, 100, 19)]


def test_what_was_paid_is_known_wholly_and_in_parts() -> None:
    paid, partly = of("vat-gross-basis-discount-paid"), of("vat-jst-third-party")

    assert (paid.prepaid, paid.payable, paid.payment_method) == (*money(100, 0), "cash")
    assert (partly.prepaid, partly.payable, partly.payment_method) == (*money(23, 100), "")


def test_what_is_to_be_paid_besides_the_invoice_is_told() -> None:
    fields = "<P_13_1>100</P_13_1><P_14_1>23</P_14_1><P_15>123</P_15>"
    less = said(
        f"{fields}<Rozliczenie><Odliczenia><Kwota>23</Kwota></Odliczenia><DoZaplaty>100</DoZaplaty></Rozliczenie>"
    )
    more = said(
        f"{fields}<Rozliczenie><Obciazenia><Kwota>7</Kwota></Obciazenia><DoZaplaty>130</DoZaplaty></Rozliczenie>"
    )

    assert (less.prepaid, less.payable, doubts(less)) == (*money(23, 100), set())
    assert (more.prepaid, more.payable, doubts(more)) == (*money(0, 130), {"sums_differ"})


def test_a_factor_is_paid_where_there_is_one() -> None:
    accounts = "<RachunekBankowy><NrRB>81915000090000000100000004</NrRB></RachunekBankowy>"
    factor = "<RachunekBankowyFaktora><NrRB>61109010140000071219812874</NrRB></RachunekBankowyFaktora>"
    invoice = said(f"<P_15>0</P_15><Platnosc>{accounts}{factor}</Platnosc>")

    assert invoice.iban == "PL61109010140000071219812874"


def test_an_exchange_rate_is_that_of_the_rows() -> None:
    assert of("vat-eur-domestic-tax-in-pln").exchange_rate == Decimal("4.2512")
    assert (of("vat-eur-domestic-tax-in-pln").currency, of("vat-mixed-rates").exchange_rate) == ("EUR", None)


def test_sums_that_do_not_fit_are_kept_and_doubted() -> None:
    invoice = read(changed(example("samples-fa3/vat-split-payment.xml"), ("<P_15>24600.00", "<P_15>24600.01"))).invoice

    assert doubts(invoice) == {"sums_differ"}
    assert invoice.is_to_be_checked


def test_a_rate_that_nobody_knows_is_doubted() -> None:
    assert "unknown_rate" in doubts(said("<P_13_1>1</P_13_1><P_15>1</P_15>" + rows("<P_11>1</P_11><P_12>0 XX</P_12>")))


def test_the_second_version_is_read_by_the_same_names() -> None:
    second = changed(example("samples-fa3/vat-mixed-rates.xml"), ('kodSystemowy="FA (3)"', 'kodSystemowy="FA (2)"'))
    invoice = read(second).invoice

    assert doubts(invoice) == {"older_version"}
    assert (invoice.total, len(invoice.lines)) == (Decimal("249.46"), 4)


def test_the_first_version_is_read_by_its_own_names() -> None:
    first = """<Faktura xmlns="http://crd.gov.pl/wzor/2021/11/29/11089/">
    <Naglowek><KodFormularza kodSystemowy="FA (1)">FA</KodFormularza></Naglowek>
    <Podmiot1><DaneIdentyfikacyjne><NIP>1234563218</NIP><ImiePierwsze>Jan</ImiePierwsze><Nazwisko>Nowak</Nazwisko>
    </DaneIdentyfikacyjne><Adres><AdresPol><KodKraju>PL</KodKraju><Ulica>Długa</Ulica><NrDomu>1</NrDomu>
    <NrLokalu>2</NrLokalu>
    <Miejscowosc>Kraków</Miejscowosc><KodPocztowy>30-001</KodPocztowy></AdresPol></Adres></Podmiot1>
    <Podmiot2><DaneIdentyfikacyjne><NIP>1111111111</NIP><PelnaNazwa>Nabywca SA</PelnaNazwa></DaneIdentyfikacyjne>
    </Podmiot2><Fa><KodWaluty>PLN</KodWaluty><P_1>2023-01-02</P_1><P_2>7</P_2>
    <P_13_1>100</P_13_1><P_14_1>23</P_14_1><P_13_6>5</P_13_6>
    <P_15>128</P_15><RodzajFaktury>VAT</RodzajFaktury><FaWiersze><LiczbaWierszyFaktury>2</LiczbaWierszyFaktury>
    <FaWiersz><P_7>Praca</P_7><P_8B>1</P_8B><P_9A>100</P_9A><P_11>100</P_11><P_12>23</P_12></FaWiersz>
    <FaWiersz><P_7>Prasa</P_7><P_8B>1</P_8B><P_9A>5</P_9A><P_11>5</P_11><P_12>0</P_12></FaWiersz></FaWiersze>
    <Platnosc><TerminyPlatnosci><TerminPlatnosci>2023-01-09</TerminPlatnosci></TerminyPlatnosci>
    <RachunekBankowy><NrRBPL>81915000090000000100000004</NrRBPL></RachunekBankowy></Platnosc></Fa></Faktura>"""

    invoice = read(first.encode()).invoice

    assert doubts(invoice) == {"older_version"}
    assert (invoice.supplier.name, invoice.buyer.name) == ("Jan Nowak", "Nabywca SA")
    assert (invoice.supplier.street, invoice.supplier.postcode, invoice.supplier.city) == (
        "Długa 1/2",
        "30-001",
        "Kraków",
    )
    assert (invoice.total, invoice.due_on, invoice.iban[:6]) == (Decimal(128), dt.date(2023, 1, 9), "PL8191")


def test_the_invoice_of_a_farmer_is_known_and_not_read() -> None:
    farmer = changed(example("samples-fa3/vat-mixed-rates.xml"), ('kodSystemowy="FA (3)"', 'kodSystemowy="FA_RR (1)"'))

    assert refused(farmer) == "no_reader"
