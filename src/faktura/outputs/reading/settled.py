"""What other programs are told of a document: plain values in no format, in which signs and cents are settled."""

import datetime as dt
from decimal import Decimal
from typing import Literal

import msgspec

from faktura.core.vat_treatment import VatTreatment
from faktura.outputs.reading.facts import Facts

Sort = Literal["invoice", "credit_note", "debit_note", "proforma", "tax_document"]
"""What a correction is, follows from its total: one that comes to nothing is a credit note, too."""

ZERO = Decimal(0)


class Amount(msgspec.Struct, frozen=True):
    """Money in the document's currency, and what it is in that of the books, which may be the same."""

    own: Decimal = ZERO
    native: Decimal = ZERO

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.own + other.own, self.native + other.native)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.own - other.own, self.native - other.native)

    def times(self, factor: int) -> "Amount":
        """Nothing has no sign."""
        return Amount(self.own * factor + 0, self.native * factor + 0)


NOTHING = Amount()


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody is; `house` is the number of the building, which may not be known apart from the street."""

    street: str = ""
    house: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""

    @property
    def line(self) -> str:
        """Street and house together."""
        return " ".join(filter(None, (self.street, self.house)))


class Firm(msgspec.Struct, frozen=True, kw_only=True):
    """Who sells, buys or is delivered to; `register_note` is how the firm stands in a register of firms.

    It receives electronic invoices at `electronic_address`, a number of `electronic_scheme`, where it said so.
    """

    name: str
    address: Address = Address()
    registration_no: str = ""
    vat_no: str = ""
    local_vat_no: str = ""
    register_note: str = ""
    electronic_scheme: str = ""
    electronic_address: str = ""
    contact_name: str = ""
    phone: str = ""
    email: str = ""

    @property
    def is_named_alone(self) -> bool:
        """Whether nothing is known of it but what it is called."""
        return not any((self.registration_no, self.vat_no, self.local_vat_no, self.address.street, self.address.city))


class Charge(msgspec.Struct, frozen=True):
    """A rate of VAT and what is done with it: `percent` is zero unless it is charged, or owed by the buyer."""

    percent: Decimal
    treatment: VatTreatment = "taxed"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """Something sold. The price of one unit is never negative, but its quantity may be; `gross` is net and VAT.

    `before_discount` is the net of the line without its discount, where one is known.
    """

    id: str
    name: str
    quantity: Decimal
    unit: str = ""
    code: str = ""
    gtin: str = ""
    unit_price: Amount
    unit_gross_price: Amount
    net: Amount
    vat: Amount
    before_discount: Amount | None = None
    charge: Charge

    @property
    def gross(self) -> Amount:
        return self.net + self.vat


class Tax(msgspec.Struct, frozen=True, kw_only=True):
    """What a rate comes to, and what of it was taxed before."""

    charge: Charge
    net: Amount
    vat: Amount
    claimed_net: Amount = NOTHING
    claimed_vat: Amount = NOTHING


class TaxedDeposit(msgspec.Struct, frozen=True, kw_only=True):
    """What was paid before and taxed then, of one rate."""

    number: str
    variable_symbol: str
    charge: Charge
    net: Amount
    vat: Amount


class Deposit(msgspec.Struct, frozen=True, kw_only=True):
    """What was paid before on a document of which no VAT was due."""

    number: str
    variable_symbol: str
    amount: Amount


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a format for other programs needs. All amounts of a credit note are positive.

    The net amounts of its items come to those of its taxes, rate by rate and in both currencies. With `from_gross` VAT
    is computed from prices that hold it. `sells_goods` is true where it is known that no service is sold.
    `corrected_kind` is that of the document that a correction corrects, where it is one of ours. `paid_before` came
    in until the day of issue, besides deposits: later payments change nothing.
    """

    facts: Facts
    uuid: str
    sort: Sort
    is_taxed: bool
    seller: Firm
    buyer: Firm
    delivery: Firm | None = None
    buyer_reference: str = ""
    taxed_on: dt.date
    from_gross: bool = False
    sells_goods: bool = False
    supply_code: str = ""
    corrected_kind: str = ""
    corrected_uuid: str = ""
    currency: str
    native_currency: str
    exchange_rate: Decimal
    items: tuple[Item, ...]
    taxes: tuple[Tax, ...]
    taxed_deposits: tuple[TaxedDeposit, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    paid_before: Amount = NOTHING
    rounding: Amount = NOTHING
    payment_method: str = "bank"
    bank_account: str = ""
    bank_name: str = ""
    iban: str = ""
    bic: str = ""
    variable_symbol: str = ""

    @property
    def is_foreign(self) -> bool:
        return self.currency != self.native_currency

    @property
    def is_at_home(self) -> bool:
        """Whether seller and buyer are of one country."""
        return self.buyer.address.country == self.seller.address.country

    @property
    def net(self) -> Amount:
        return sum((tax.net for tax in self.taxes), NOTHING)

    @property
    def vat(self) -> Amount:
        return sum((tax.vat for tax in self.taxes), NOTHING)

    @property
    def claimed_net(self) -> Amount:
        return sum((tax.claimed_net for tax in self.taxes), NOTHING)

    @property
    def claimed_vat(self) -> Amount:
        return sum((tax.claimed_vat for tax in self.taxes), NOTHING)

    @property
    def paid(self) -> Amount:
        """All that was paid before and is not taxed yet."""
        return sum((deposit.amount for deposit in self.deposits), self.paid_before)

    @property
    def payable(self) -> Amount:
        return self.net + self.vat - self.claimed_net - self.claimed_vat + self.rounding - self.paid
