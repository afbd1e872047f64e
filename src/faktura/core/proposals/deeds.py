"""What a program may propose: each deed with its arguments, and the verb that does it."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from faktura.core.books.books import Books
from faktura.core.books.history import differences
from faktura.core.codes import DocumentLanguage
from faktura.core.contacts import add_contact, change_contact, find_contact
from faktura.core.documents.checks import Rules
from faktura.core.documents.record import Document
from faktura.core.errors import Given
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.letters import send_letter
from faktura.core.people.users import Scope
from faktura.core.received.enter import enter_expense
from faktura.core.received.find import find_expense
from faktura.core.received.pay import pay_expense
from faktura.store.records import Tenant

Details = Mapping[str, tuple[Any, Any]]
"""By attribute, what it holds and what it would hold."""

Id = Annotated[int, Meta(ge=1, lt=2**31)]

OF_PEOPLE = Rules(whole_seller=True)
"""A person confirms, so that what people are asked for before they issue is asked here as well."""


class Deed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="deed"):
    """One thing to do; its attributes are those of the verb, and what is not given is the verb's default."""

    table: ClassVar[str]
    """Of the record that it makes or changes."""

    of: ClassVar[str | None] = None
    """By which of its attributes the record is named that it changes."""

    scope: ClassVar[Scope | None] = None
    """What must be open to whoever proposes or confirms it."""

    def do(self, books: Books) -> tuple[Tenant, Details]:
        """Do it; back come the record and what it changed."""
        raise NotImplementedError

    @property
    def record_id(self) -> int | None:
        """Of the record that it changes."""
        return getattr(self, self.of) if self.of else None

    def given(self) -> Given:
        values = {name: getattr(self, name) for name in self.__struct_fields__}
        return Given({name: _given(value) for name, value in values.items() if value is not UNSET})


class NewLine(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A line; its price is of one unit, without VAT unless the document says otherwise."""

    name: str
    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    unit: str = ""
    vat_rate: Annotated[Decimal, Meta(description="In percent; the firm's usual rate where it is not given.")] | (
        UnsetType
    ) = UNSET


class IssueInvoice(Deed, frozen=True, kw_only=True, tag="issue_invoice"):
    """Issue an invoice or a proforma invoice to a contact."""

    table = "invoices"
    scope = "invoices"

    contact_id: Id
    lines: Annotated[tuple[NewLine, ...], Meta(min_length=1, max_length=1000)]
    kind: Literal["invoice", "proforma"] = "invoice"
    issued_on: dt.date | UnsetType = UNSET
    taxable_on: dt.date | UnsetType = UNSET
    due_days: int | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    price_mode: Literal["without_vat", "with_vat"] | UnsetType = UNSET
    order_number: str | UnsetType = UNSET
    note: str | UnsetType = UNSET

    def do(self, books: Books) -> tuple[Tenant, Details]:
        given = self.given()
        given["lines"] = [_usual_rate(books, line) for line in given["lines"]]
        made = issue_invoice(books, given, OF_PEOPLE)
        return made, _new(made, _OF_DOCUMENTS)


class EnterExpense(Deed, frozen=True, kw_only=True, tag="enter_expense"):
    """Enter what was bought from a contact."""

    table = "expenses"
    scope = "expenses"

    contact_id: Id
    lines: Annotated[tuple[NewLine, ...], Meta(min_length=1, max_length=1000)]
    original_number: Annotated[str, Meta(description="The number on the supplier's document.")] | UnsetType = UNSET
    issued_on: dt.date | UnsetType = UNSET
    due_on: dt.date | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    description: str | UnsetType = UNSET

    def do(self, books: Books) -> tuple[Tenant, Details]:
        given = self.given()
        given["lines"] = [_usual_rate(books, line) for line in given["lines"]]
        made = enter_expense(books, given)
        return made, _new(made, ("original_number", "seller_name", *_OF_DOCUMENTS))


class _Contact(Deed, frozen=True, kw_only=True):
    email: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    street: str | UnsetType = UNSET
    city: str | UnsetType = UNSET
    postcode: str | UnsetType = UNSET
    country: Annotated[str, Meta(description="Two letters, such as CZ.")] | UnsetType = UNSET
    registration_no: str | UnsetType = UNSET
    vat_no: str | UnsetType = UNSET
    due_days: int | UnsetType = UNSET


class AddContact(_Contact, frozen=True, kw_only=True, tag="add_contact"):
    """Add a contact."""

    table = "contacts"

    name: str

    def do(self, books: Books) -> tuple[Tenant, Details]:
        made = add_contact(books, self.given())
        return made, _new(made, tuple(self.given()))


class ChangeContact(_Contact, frozen=True, kw_only=True, tag="change_contact"):
    """Change attributes of a contact; those that are not given stay."""

    table = "contacts"
    of = "contact_id"

    contact_id: Id
    name: str | UnsetType = UNSET

    def do(self, books: Books) -> tuple[Tenant, Details]:
        given = self.given()
        contact_id = given.pop("contact_id")
        old = find_contact(books, contact_id)
        kept = change_contact(books, contact_id, given)
        return kept, {name: of for name, of in differences(old, kept).items() if name in given}


class _Payment(Deed, frozen=True, kw_only=True):
    amount: Annotated[Decimal, Meta(description="What is left to pay where it is not given.")] | UnsetType = UNSET
    paid_on: dt.date | UnsetType = UNSET


class PayInvoice(_Payment, frozen=True, kw_only=True, tag="pay_invoice"):
    """Write down money that came in for an invoice."""

    table = "invoices"
    scope = "invoices"
    of = "invoice_id"

    invoice_id: Id

    def do(self, books: Books) -> tuple[Tenant, Details]:
        given = self.given()
        old = find_invoice(books, given.pop("invoice_id"))
        return _paid(old, add_payment(books, old.id, given).invoice)


class PayExpense(_Payment, frozen=True, kw_only=True, tag="pay_expense"):
    """Write down money that was paid for an expense."""

    table = "expenses"
    scope = "expenses"
    of = "expense_id"

    expense_id: Id

    def do(self, books: Books) -> tuple[Tenant, Details]:
        given = self.given()
        old = find_expense(books, given.pop("expense_id"))
        return _paid(old, pay_expense(books, old.id, given)[0])


class SendLetter(Deed, frozen=True, kw_only=True, tag="send_letter"):
    """Send a letter about an invoice, as it is written here; of an overdue one its customer is reminded by it."""

    table = "invoices"
    scope = "invoices"
    of = "invoice_id"

    invoice_id: Id
    recipient: str
    subject: str
    body: str
    copy: str = ""
    language: DocumentLanguage | None = None
    attached: bool = True

    def do(self, books: Books) -> tuple[Tenant, Details]:
        given = self.given()
        invoice_id = given.pop("invoice_id")
        send_letter(books, invoice_id, given)
        return find_invoice(books, invoice_id), {"letter": (None, f"{self.recipient}\n{self.subject}\n\n{self.body}")}


AnyDeed = IssueInvoice | EnterExpense | AddContact | ChangeContact | PayInvoice | PayExpense | SendLetter


def _given(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_given(part) for part in value]
    if isinstance(value, NewLine):
        named = msgspec.structs.asdict(value)
        return Given({name: part for name, part in named.items() if part is not UNSET})
    return value


def _usual_rate(books: Books, line: Given) -> Given:
    taxed = books.account.vat_mode != "non_vat_payer"
    return line if "vat_rate" in line or not taxed else Given(line | {"vat_rate": Decimal(books.account.vat_rate)})


def _new(made: Tenant, names: tuple[str, ...]) -> Details:
    return {name: (None, value) for name in names if (value := getattr(made, name, None)) not in (None, "", ())}


def _paid(old: Document, new: Document) -> tuple[Tenant, Details]:
    return new, {name: of for name, of in differences(old, new).items() if name in _OF_PAYMENTS}


_OF_PAYMENTS = ("payments", "paid_amount", "left_to_pay", "status", "paid_on")

_OF_DOCUMENTS = (
    *("kind", "number", "buyer_name", "issued_on", "taxable_on", "due_on", "order_number", "note", "currency"),
    *("lines", "net_total", "vat_total", "gross_total"),
)
