"""What is typed of a document: the fields of its editor, and what they are in words of the core."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from flask_babel import lazy_gettext

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.countries.consumption import rates_in
from faktura.core.countries.known import country_of
from faktura.core.countries.pl.lists import vat_exemptions
from faktura.core.documents.merge import price_of
from faktura.core.documents.record import UNDER_OSS, ZERO, Draft, Line
from faktura.core.errors import Given, Problem
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.duty import goes_to_ksef
from faktura.core.people.accounts import Account
from faktura.core.vat_treatment import VatTreatment
from faktura.web.door.names import KINDS
from faktura.web.forms.choices import currencies_named, eu_named, languages_named
from faktura.web.forms.fields import Choice, Date, Field, Lines, Money, Paragraphs, Pick, Text, Whole, Words, YesNo
from faktura.web.forms.form import Form
from faktura.web.forms.numbers import typed_number

AS_AGREED = lazy_gettext("As agreed with the customer")
AT_HOME = lazy_gettext("Where the customer lives")

NEW_KINDS = {kind: KINDS[kind] for kind in ("invoice", "proforma", "correction")}

MARGIN = "margin_invoice"

OSS = "oss_invoice"

SOLD = {"goods": lazy_gettext("Goods"), "service": lazy_gettext("Service")}

OSS_SERVICES = {
    "electronic": lazy_gettext("Electronic services"),
    "broadcasting": lazy_gettext("Broadcasting"),
    "telecommunications": lazy_gettext("Telecommunications"),
    "real_estate": lazy_gettext("Real estate"),
}

SALE_KINDS = {"merchandise": SOLD["goods"], "service": SOLD["service"]}

MARGIN_KINDS = {
    "second_hand_goods": lazy_gettext("Second-hand goods"),
    "travel_agencies": lazy_gettext("Travel agencies"),
    "works_of_art": lazy_gettext("Works of art"),
    "collectables_and_antiques": lazy_gettext("Collectables and antiques"),
}

PRICE_MODES = {
    "without_vat": lazy_gettext("Prices without VAT"),
    "from_total_with_vat": lazy_gettext("Prices with VAT"),
}

METHODS = {
    "bank": lazy_gettext("Bank transfer"),
    "cash": lazy_gettext("Cash"),
    "card": lazy_gettext("Card"),
    "cod": lazy_gettext("Cash on delivery"),
    "paypal": lazy_gettext("PayPal"),
    "compensation": lazy_gettext("Offset"),
}

TREATMENTS = {
    "exempt": lazy_gettext("Exempt"),
    "not_subject": lazy_gettext("Not subject to VAT"),
    "reverse_charge": lazy_gettext("Reverse charge"),
}

FOR_KSEF = ("sale_kind", "vat_exemption")
"""What KSeF wants to know of some documents."""

COPIED = (
    *("price_mode", "currency", "payment_method", "bank_account_id", "order_number", "language", "note", "footer_note"),
    *("private_note", "round_total", "reverse_charge", "due_days", *FOR_KSEF),
)
"""What one document has of another that it is a copy of."""


NEW_CONTACT = "new_contact."
"""Begins what is typed of a customer who is no contact yet."""


MARGIN_RATE = "margin_rate"
"""Of travel outside the EU, and of what is exported, it is 0 % (art. 119 (7) and (8), 120 (20) of the Polish act)."""


class Desk(NamedTuple):
    """What there is to choose from: the VAT rates of a day, none where no VAT is charged, and bank accounts.

    What is sold under a margin scheme (`of_margin`) has a form without VAT, and under the one-stop shop (`of_oss`) one
    with the rates of another country.
    """

    account: Account
    today: dt.date
    rates: tuple[Decimal, ...]
    bank_accounts: Sequence[BankAccount]
    of_margin: bool = False
    of_oss: bool = False

    @property
    def charges(self) -> bool:
        return self.of_oss or (self.account.vat_mode == "vat_payer" and not self.of_margin)


def desk_of(books: Books, day: dt.date | None = None, *, of_margin: bool = False) -> Desk:
    rates = country_of(books.account.country).rates_on(day or books.today)
    charged = tuple(rate.percent for rate in rates) if books.account.vat_mode == "vat_payer" else ()
    return Desk(books.account, books.today, charged, books.all(BankAccount), of_margin)


def desk_of_oss(books: Books, country: str | None, day: dt.date | None = None) -> Desk:
    """With the rates of the country of consumption."""
    rates = rates_in(country or "", day or books.today)
    return Desk(books.account, books.today, rates, books.all(BankAccount), of_oss=True)


def desk_for(books: Books, invoice: Invoice, day: dt.date | None = None) -> Desk:
    """For a document like this one."""
    if invoice.kind in UNDER_OSS:
        return desk_of_oss(books, invoice.buyer_country, day)
    return desk_of(books, day, of_margin=invoice.margin_kind is not None)


def editor(desk: Desk) -> Form:
    """The form, with the choices of the account."""
    return Form(*_HIDDEN, *_head(desk), lines_of(desk), *_payment(desk), *_TEXTS, *_more(desk))


def _head(desk: Desk) -> Iterable[Field]:
    own = MARGIN if desk.of_margin else OSS if desk.of_oss else None
    kinds = NEW_KINDS if own is None else {own: KINDS[own]}
    yield Choice("kind", lazy_gettext("Kind"), options=kinds.items)
    if desk.of_margin:
        yield Choice("margin_kind", lazy_gettext("Margin scheme"), options=MARGIN_KINDS.items)
    buyer = lazy_gettext("Customer")
    yield Pick("contact_id", buyer, required=True, first=True, endpoint="contacts.pick", new=f"{NEW_CONTACT}name")
    yield Text(f"{NEW_CONTACT}name", lazy_gettext("Name"))
    yield Text(f"{NEW_CONTACT}registration_no", lazy_gettext("Registration number"))
    yield Text(f"{NEW_CONTACT}email", lazy_gettext("E-mail"), type="email")
    if desk.of_oss:
        yield from CONSUMED
    if desk.charges:
        yield Choice("price_mode", lazy_gettext("Prices"), options=PRICE_MODES.items)


CONSUMED: tuple[Field, ...] = (
    Choice("buyer_country", lazy_gettext("Country of consumption"), options=eu_named, empty=AT_HOME),
    Choice("oss", lazy_gettext("What is sold"), options=SOLD.items),
    Choice("oss_service", lazy_gettext("Sort of service"), options=OSS_SERVICES.items, empty=""),
    Text(
        "supply_place", lazy_gettext("Evidence of the place"), hint=lazy_gettext("An address, say, or an IP address.")
    ),
    Text("supply_place_secondary", lazy_gettext("Second evidence of the place")),
)
"""What a document under the one-stop shop says of where its customer consumes what they bought."""

OF_CONSUMPTION = tuple(field.name for field in CONSUMED)


def lines_of(desk: Desk) -> Lines:
    vat: tuple[Field, ...] = ()
    if desk.of_margin:
        vat = (Money("purchase_price", lazy_gettext("Bought for")), *_of_margin(desk))
    elif desk.rates or desk.of_oss:
        vat = (Choice("vat_rate", lazy_gettext("VAT"), options=_vat_offered(desk)),)
    elif desk.charges:
        vat = (Money("vat_rate", lazy_gettext("VAT, %")),)
    return Lines(
        "lines",
        lazy_gettext("Lines"),
        telling=("name", "unit_price"),
        columns=(
            Whole("id", ""),
            Whole("product", ""),
            Paragraphs("name", lazy_gettext("What")),
            Money("quantity", lazy_gettext("Quantity")),
            Text("unit", lazy_gettext("Unit")),
            Money("unit_price", lazy_gettext("Price of a unit")),
            *vat,
            *(() if desk.of_margin else (Money("discount", lazy_gettext("Discount, %")),)),
        ),
    )


def _of_margin(desk: Desk) -> Iterable[Field]:
    """The rate of the VAT inside the margin, which is the highest where nothing else is said."""
    if desk.rates:
        usual = typed_number(desk.rates[0])
        yield Choice(MARGIN_RATE, lazy_gettext("VAT of the margin, %"), options=lambda: [("0", "0")], empty=usual)


def _vat_offered(desk: Desk) -> Callable[[], Iterable[tuple[str, Words]]]:
    rates = [(str(rate), f"{typed_number(rate)} %") for rate in desk.rates]
    return lambda: rates if desk.of_oss else [*rates, *TREATMENTS.items()]


def _payment(desk: Desk) -> Iterable[Field]:
    own = [(str(b.id), f"{b.name} · {b.number} · {b.currency}") for b in desk.bank_accounts]
    yield Date("issued_on", lazy_gettext("Issued"), required=True)
    yield Date("taxable_on", lazy_gettext("Taxable supply") if desk.charges else lazy_gettext("Day of sale"))
    yield Whole("due_days", lazy_gettext("Due in days"), hint=lazy_gettext("Empty means as agreed with the customer."))
    yield Choice("payment_method", lazy_gettext("Payment"), options=METHODS.items, empty=AS_AGREED)
    yield Choice(
        "bank_account_id",
        lazy_gettext("Bank account"),
        options=lambda: own,
        empty=lazy_gettext("The usual one of the currency"),
    )
    yield Text("variable_symbol", lazy_gettext("Variable symbol"), hint=lazy_gettext("Empty means from the number."))
    yield Choice("currency", lazy_gettext("Currency"), options=currencies_named, empty=AS_AGREED)
    yield Money("exchange_rate", lazy_gettext("Exchange rate"), hint=lazy_gettext("Empty means that of the day."))


def _more(desk: Desk) -> Iterable[Field]:
    yield Text("number", lazy_gettext("Number"), hint=lazy_gettext("Empty means the next one."))
    yield Text("order_number", lazy_gettext("Order number"))
    yield Text("corrected_number", lazy_gettext("Number of the document that is corrected"))
    yield Choice("language", lazy_gettext("Language of the document"), options=languages_named, empty=AS_AGREED)
    yield Text("tags", lazy_gettext("Tags"), hint=lazy_gettext("Separated by commas."))
    yield YesNo("round_total", lazy_gettext("Round the total"))
    yield YesNo("reminders_off", lazy_gettext("Do not remind the customer of it"))
    if desk.charges and not desk.of_oss:
        yield YesNo("reverse_charge", lazy_gettext("The customer owes the VAT (reverse charge)"))
    if goes_to_ksef(desk.account):
        abroad = lazy_gettext("KSeF wants to know it where no VAT is charged to a customer abroad.")
        yield Choice("sale_kind", lazy_gettext("Goods or a service"), options=SALE_KINDS.items, empty="", hint=abroad)
        yield Choice("vat_exemption", lazy_gettext("Legal basis of the exemption"), options=_exemptions, empty="")


def _exemptions() -> Iterable[tuple[str, Words]]:
    return [(code, f"{one.basis}: {one.name}") for code, one in vat_exemptions().items()]


OF_THE_FORM = {"draft", "changes", "version", "confirmed"}
"""Fields that say nothing of the document."""

_TEXTS = (
    Paragraphs("note", lazy_gettext("Text above the lines"), hint=lazy_gettext("Empty means the usual one.")),
    Paragraphs("footer_note", lazy_gettext("Text below the lines"), hint=lazy_gettext("Empty means the usual one.")),
    Paragraphs("private_note", lazy_gettext("Private note"), hint=lazy_gettext("Only members of the account see it.")),
)

_HIDDEN = (
    *(Whole(name, "") for name in ("draft", "changes", "version", "related_id", "generator_id")),
    YesNo("confirmed", lazy_gettext("Change it all the same")),
)
"""Which draft this is, the document that is changed and the version that was seen, and what this follows or is of."""


def told(given: Given) -> Given:
    """In words of the core."""
    values = {name: value for name, value in given.items() if name not in OF_THE_FORM and NEW_CONTACT not in name}
    unread = dict(given.unread)
    new = {name.removeprefix(NEW_CONTACT): value for name, value in given.items() if NEW_CONTACT in name and value}
    if new:
        lives_in = {"country": country} if (country := values.get("buyer_country")) else {}
        values["new_contact"] = Given(new | lives_in | {"role": "customer"})
        unread.pop("contact_id", None)
    if values.get("kind") not in {None, *KINDS}:
        unread["kind"] = [Problem("not_in_list")]
        values.pop("kind")
    for name, known in {"sale_kind": SALE_KINDS, "vat_exemption": vat_exemptions()}.items():
        if values.get(name) not in {None, *known}:
            unread[name] = [Problem("not_in_list")]
            values.pop(name)
    if (account_id := values.get("bank_account_id")) is not None:
        if account_id.isascii() and account_id.isdecimal() and len(account_id) < len(str(2**31)):
            values["bank_account_id"] = int(account_id)
        else:
            unread["bank_account_id"] = [Problem("not_in_list")]
            values.pop("bank_account_id")
    if "tags" in values:
        values["tags"] = tuple(tag.strip() for tag in (values["tags"] or "").split(",") if tag.strip())
    values["lines"] = [line_told(line) for line in values.get("lines") or ()]
    return Given(values, unread)


def line_told(line: Given) -> Given:
    """Its price is the one before the discount, where it has one."""
    values = {name: value for name, value in line.items() if value is not None}
    rate = values.pop("vat_rate", None)
    if MARGIN_RATE in line:
        values["margin_zero_rated"] = values.pop(MARGIN_RATE, None) == "0"
    if (product_id := values.pop("product", None)) is not None:
        values["product_if_there"] = product_id
    unread = dict(line.unread)
    if isinstance(rate, Decimal):
        values["vat_rate"] = rate
    elif rate in TREATMENTS:
        values["vat_treatment"] = rate
    elif rate is not None:
        values["vat_treatment"] = "taxed"
        try:
            values["vat_rate"] = Decimal(rate)
        except ArithmeticError:
            unread["vat_rate"] = [Problem("not_in_list")]
    if values.get("discount") and "unit_price" in values:
        values["unit_price_before_discount"] = values.pop("unit_price")
    return Given(values, unread)


def new_lines(given: Given) -> Given:
    """The same of a document of its own, whose lines have no ids yet."""
    lines = [Given({n: v for n, v in line.items() if n != "id"}, line.unread) for line in given["lines"]]
    return Given({**given, "lines": lines}, given.unread)


def change_told(given: Given, old: Draft) -> Given:
    """What is typed of a document that is there: an exchange rate that nobody said stays the one of the day."""
    told_of = told(given)
    told_of.pop("new_contact", None)
    if told_of.get("exchange_rate") is None and not old.exchange_rate_given:
        told_of.pop("exchange_rate", None)
    return told_of


def shown_of(invoice: Invoice) -> dict[str, Any]:
    """A document in the fields of the editor."""
    values = msgspec.structs.asdict(invoice)
    return values | {
        "draft": None,
        "changes": invoice.id,
        "contact_id": _Buyer(invoice.contact_id, invoice.buyer_name),
        "bank_account_id": invoice.bank_account_id,
        "tags": ", ".join(invoice.tags),
        "lines": [shown_line(line) for line in invoice.lines],
        "exchange_rate": invoice.exchange_rate if invoice.exchange_rate_given else None,
    }


def copy_of(invoice: Invoice) -> dict[str, Any]:
    """A new document with the same terms and lines."""
    values = shown_of(invoice)
    lines = [line | {"id": None} for line in values["lines"]]
    kind = invoice.kind if invoice.kind in {*NEW_KINDS, MARGIN, OSS} else "invoice"
    kept = {name: values[name] for name in (*COPIED, *OF_CONSUMPTION, "contact_id", "tags", "margin_kind")}
    return kept | {"kind": kind, "lines": lines}


class _Buyer(NamedTuple):
    id: int
    name: str


def shown_line(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "product": line.product_id,
        "name": line.name,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": price_of(line),
        "purchase_price": line.purchase_price,
        MARGIN_RATE: "0" if line.margin_zero_rated else None,
        "vat_rate": typed_rate(line.vat_rate, line.vat_treatment),
        "discount": line.discount or None,
    }


def typed_rate(rate: Decimal, treatment: VatTreatment) -> str:
    """As the choice has it: a 21 whether it is kept as 21 or as 21.00, or why no VAT is charged."""
    return format(rate.normalize() if rate else ZERO, "f") if treatment == "taxed" else treatment


def usual(desk: Desk) -> Mapping[str, Any]:
    """What a new document has at first."""
    account = desk.account
    mode = "without_vat" if account.vat_price_mode == "without_vat" else "from_total_with_vat"
    kind = (
        MARGIN if desk.of_margin else OSS if desk.of_oss else "proforma" if account.proforma_by_default else "invoice"
    )
    return {"kind": kind, "issued_on": desk.today, "taxable_on": desk.today, "price_mode": mode}
