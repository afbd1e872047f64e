"""Documents of all kinds with whatever stands on them, as the core adds them up, and what is known of others."""

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from faktura.core.documents.amounts import add_up
from faktura.core.documents.record import Line, Seller
from faktura.core.invoices.record import Invoice
from faktura.core.vat_treatment import VatTreatment
from faktura.outputs.reading.context import Context
from faktura.outputs.reading.facts import Advance, RateSum
from faktura.store.records import changed

DAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
ZERO = Decimal(0)

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40)

NAMES = TEXTS.map("Č{}".format)
"""With something that can be seen."""


def amounts(low: str, high: str, places: int = 2) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(low), Decimal(high), allow_nan=False, allow_infinity=False, places=places)


@st.composite
def lines(draw: st.DrawFn, number: int, sign: int) -> Line:
    treatment: VatTreatment = draw(st.sampled_from(["taxed", "taxed", "taxed", "taxed", "exempt", "not_subject"]))
    rate = draw(st.sampled_from(["0", "5", "8", "12", "21", "23"])) if treatment == "taxed" else "0"
    return Line(
        number,
        draw(TEXTS),
        draw(amounts("-100", "100000", 4)) * sign,
        quantity=draw(amounts("0.001", "500", 3)),
        unit=draw(st.sampled_from(["", "ks", "hod.", "kg", "balík"])),
        vat_rate=Decimal(rate),
        vat_treatment=treatment,
        discount=draw(st.sampled_from([ZERO, ZERO, Decimal(10)])),
    )


SELLERS = st.builds(
    Seller,
    name=NAMES,
    street=st.just("Dlouhá 1"),
    city=st.just("Praha"),
    postcode=st.just("11000"),
    country=st.just("CZ"),
    registration_no=st.just("12345679"),
    vat_no=st.just("CZ12345679"),
    vat_mode=st.sampled_from(["vat_payer", "vat_payer", "vat_payer", "non_vat_payer"]),
    contact_name=st.none() | st.just("Jana Nová"),
)

BUYERS: list[dict[str, Any]] = [
    {"buyer_country": "CZ", "buyer_registration_no": "87654326", "buyer_vat_no": "CZ87654326"},
    {"buyer_country": "DE", "buyer_vat_no": "DE123456788"},
    {"buyer_country": "PL", "buyer_vat_no": "PL1234563218"},
    {"buyer_country": "SK", "buyer_vat_no": "SK2222222222", "buyer_local_vat_no": "2222222222"},
    {"buyer_country": "US", "buyer_registration_no": "98-7654321"},
]


@st.composite
def documents(draw: st.DrawFn) -> tuple[Invoice, Context]:
    """A document, and what is known of others that belong to it."""
    kind = draw(st.sampled_from(["invoice", "invoice", "final_invoice", "correction", "tax_document"]))
    sign = draw(st.sampled_from([1, -1])) if kind == "correction" else 1
    sold = tuple(draw(lines(number, sign)) for number in range(1, draw(st.integers(1, 6)) + 1))
    currency = draw(st.sampled_from(["CZK", "CZK", "EUR"]))
    corrected = {"corrected_number": "2026-0007", "corrected_on": dt.date(2026, 10, 1)} if kind == "correction" else {}
    invoice = changed(
        Invoice(1, 42, 1, NOW, NOW, seller=draw(SELLERS), lines=sold),
        **corrected,
        **draw(st.sampled_from(BUYERS)),
        kind=kind,
        number="2026-0042",
        uuid="00000000-0000-4000-8000-000000000042",
        issued_on=DAY,
        due_on=DAY + dt.timedelta(14),
        taxable_on=draw(st.none() | st.just(dt.date(2026, 11, 20))),
        buyer_name=draw(NAMES),
        buyer_street="Krátká 2",
        buyer_city="Brno",
        buyer_postcode="60200",
        currency=currency,
        native_currency="CZK",
        exchange_rate=None if currency == "CZK" else draw(amounts("0.5", "60", 3)),
        reverse_charge=draw(st.booleans()) and kind != "tax_document",
        sale_kind=draw(st.sampled_from([None, "service", "merchandise"])),
        price_mode=draw(st.sampled_from(["without_vat", "from_total_with_vat"])),
        tally=draw(st.sampled_from(["by_rate", "by_line"])),
        round_total=draw(st.booleans()),
        order_number="OBJ-1",
        note=draw(st.none() | TEXTS),
        variable_symbol="20260042",
        iban="CZ6508000000192000145399",
    )
    document = add_up(invoice)
    return document, Context(deducts=tuple(draw(_advances(document))) if kind == "final_invoice" else ())


@st.composite
def _advances(draw: st.DrawFn, document: Invoice) -> list[Advance]:
    """Of rates that the document has itself: a taxed one, and one of which no VAT was due."""
    parts = [
        RateSum(
            vat_rate=one.vat_rate,
            vat_treatment=one.vat_treatment,
            net=(one.net / 4).quantize(Decimal("0.01")),
            vat=(one.vat / 4).quantize(Decimal("0.01")),
        )
        for one in document.vat_sums
    ]
    taxed = Advance(number="DD-1", amount=sum((p.gross for p in parts), ZERO), paid_on=DAY, by_rate=tuple(parts))
    untaxed = Advance(number="Z-1", amount=draw(amounts("0.01", "100")), paid_on=DAY)
    return draw(st.sampled_from([[], [taxed], [untaxed], [taxed, untaxed]]))
