"""Invoices of the same contract, added to the opponent: their lines in a table of their own, the number in another."""

import datetime as dt
import secrets
from decimal import ROUND_HALF_UP, Decimal

from fastapi import HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field, field_serializer
from sqlalchemy import ForeignKey, Index, Numeric, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from bench.opponents.fastapi_orm import MOUNT, PAGE, PRAGUE, Base, Database, Entry, History, Subject, Visitor, app

__all__ = ["app"]

CENT = Decimal("0.01")
MONEY = Numeric(16, 6)
DUE_DAYS = 14


class Series(Base):
    __tablename__ = "series"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Line(Base):
    __tablename__ = "lines"
    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), index=True)
    name: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(MONEY)
    unit_name: Mapped[str]
    unit_price: Mapped[Decimal] = mapped_column(MONEY)
    vat_rate: Mapped[Decimal] = mapped_column(MONEY)
    unit_price_with_vat: Mapped[Decimal] = mapped_column(MONEY)
    total_price_without_vat: Mapped[Decimal] = mapped_column(MONEY)
    total_vat: Mapped[Decimal] = mapped_column(MONEY)


class Invoice(Base):
    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("account_id", "number"),
        Index("ix_invoices_page", "account_id", "issued_on", "number"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"), index=True)
    custom_id: Mapped[str | None]
    document_type: Mapped[str]
    number: Mapped[str]
    variable_symbol: Mapped[str | None]
    token: Mapped[str]
    status: Mapped[str]
    your_name: Mapped[str]
    client_name: Mapped[str]
    client_street: Mapped[str | None]
    client_city: Mapped[str | None]
    client_zip: Mapped[str | None]
    client_country: Mapped[str | None]
    client_registration_no: Mapped[str | None]
    client_vat_no: Mapped[str | None]
    client_local_vat_no: Mapped[str | None]
    client_has_delivery_address: Mapped[bool]
    client_delivery_name: Mapped[str | None]
    client_delivery_street: Mapped[str | None]
    client_delivery_city: Mapped[str | None]
    client_delivery_zip: Mapped[str | None]
    client_delivery_country: Mapped[str | None]
    subject_custom_id: Mapped[str | None]
    order_number: Mapped[str | None]
    issued_on: Mapped[dt.date]
    taxable_fulfillment_due: Mapped[dt.date | None]
    due: Mapped[int]
    due_on: Mapped[dt.date]
    note: Mapped[str | None]
    footer_note: Mapped[str | None]
    private_note: Mapped[str | None]
    bank_account: Mapped[str | None]
    payment_method: Mapped[str]
    currency: Mapped[str]
    language: Mapped[str]
    subtotal: Mapped[Decimal] = mapped_column(MONEY)
    total: Mapped[Decimal] = mapped_column(MONEY)
    remaining_amount: Mapped[Decimal] = mapped_column(MONEY)
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    lines: Mapped[list[Line]] = relationship(order_by=Line.id)


class LineIn(BaseModel):
    name: str = Field(min_length=1)
    quantity: Decimal = Decimal(1)
    unit_name: str = ""
    unit_price: Decimal
    vat_rate: Decimal = Decimal(0)


class InvoiceIn(BaseModel):
    custom_id: str | None = None
    document_type: str = "invoice"
    subject_id: int | None = None
    subject_custom_id: str | None = None
    order_number: str | None = None
    issued_on: dt.date | None = None
    taxable_fulfillment_due: dt.date | None = None
    due: int | None = None
    note: str | None = None
    footer_note: str | None = None
    private_note: str | None = None
    payment_method: str = "bank"
    lines: list[LineIn] = Field(max_length=1000)


class LineOut(LineIn):
    model_config = ConfigDict(from_attributes=True)
    id: int
    unit_price_with_vat: Decimal
    total_price_without_vat: Decimal
    total_vat: Decimal


class RateSum(BaseModel):
    vat_rate: Decimal
    base: Decimal
    vat: Decimal


class InvoiceOut(InvoiceIn):
    model_config = ConfigDict(from_attributes=True)
    id: int
    number: str
    variable_symbol: str | None
    token: str
    status: str
    your_name: str
    client_name: str
    client_street: str | None
    client_city: str | None
    client_zip: str | None
    client_country: str | None
    client_registration_no: str | None
    client_vat_no: str | None
    client_local_vat_no: str | None
    client_has_delivery_address: bool
    client_delivery_name: str | None
    client_delivery_street: str | None
    client_delivery_city: str | None
    client_delivery_zip: str | None
    client_delivery_country: str | None
    due_on: dt.date
    bank_account: str | None
    currency: str
    language: str
    subtotal: Decimal
    total: Decimal
    remaining_amount: Decimal
    lines: list[LineOut]  # type: ignore[assignment]  # what is answered tells more than what is taken
    vat_rates_summary: list[RateSum]
    html_url: str
    url: str
    pdf_url: str
    subject_url: str
    created_at: dt.datetime
    updated_at: dt.datetime

    @field_serializer("created_at", "updated_at")
    def in_prague(self, moment: dt.datetime) -> str:
        return moment.replace(tzinfo=dt.UTC).astimezone(PRAGUE).isoformat(timespec="milliseconds")


COLLECTION = MOUNT + "/accounts/{slug}/invoices.json"


@app.get(COLLECTION)
def list_invoices(entry: Visitor, session: Database, page: int = 1) -> list[InvoiceOut]:
    mine = select(Invoice).where(Invoice.account_id == entry.account_id).options(selectinload(Invoice.lines))
    newest = mine.order_by(Invoice.issued_on.desc(), Invoice.number.desc(), Invoice.id.desc())
    return [shown(invoice, entry) for invoice in session.scalars(newest.limit(PAGE).offset((page - 1) * PAGE))]


@app.post(COLLECTION, status_code=201)
def issue(entry: Visitor, session: Database, given: InvoiceIn, response: Response) -> InvoiceOut:
    # Of two writers at once the later must wait before it reads, or SQLite refuses it when it writes.
    session.connection().exec_driver_sql("BEGIN IMMEDIATE")
    named = Subject.id == given.subject_id if given.subject_id else Subject.custom_id == given.subject_custom_id
    subject = session.scalar(select(Subject).where(Subject.account_id == entry.account_id, named))
    if subject is None:
        raise HTTPException(422, {"errors": {"subject_id": ["no such subject"]}})
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    invoice = begun(given, subject, entry, now)
    invoice.lines = [priced(line) for line in given.lines]
    invoice.subtotal = sum((base for base, _ in sums(invoice).values()), Decimal(0))
    invoice.total = invoice.remaining_amount = invoice.subtotal + sum(
        (vat for _, vat in sums(invoice).values()), Decimal(0)
    )
    invoice.number = next_number(session, entry, invoice.issued_on.year)
    invoice.variable_symbol = subject.variable_symbol or invoice.number.replace("-", "")
    session.add(invoice)
    session.flush()
    owned = {"account_id": entry.account_id, "user_id": entry.user_id, "created_at": now}
    session.add(History(**owned, name="invoice_issued", record_id=invoice.id))
    session.commit()
    answer = shown(invoice, entry)
    response.headers["Location"] = answer.url
    return answer


def begun(given: InvoiceIn, subject: Subject, entry: Entry, now: dt.datetime) -> Invoice:
    issued_on = given.issued_on or now.date()
    due = given.due if given.due is not None else subject.due or DUE_DAYS
    names = ("name", "street", "city", "zip", "country", "registration_no", "vat_no", "local_vat_no")
    delivery = ("name", "street", "city", "zip", "country")
    taken = given.model_dump(exclude={"lines", "subject_id", "subject_custom_id", "issued_on", "due"})
    return Invoice(
        **taken | {"taxable_fulfillment_due": given.taxable_fulfillment_due or issued_on},
        **{f"client_{name}": getattr(subject, name) for name in names},
        **{f"client_delivery_{name}": getattr(subject, f"delivery_{name}") for name in delivery},
        client_has_delivery_address=subject.has_delivery_address,
        account_id=entry.account_id,
        subject_id=subject.id,
        subject_custom_id=subject.custom_id,
        token=secrets.token_hex(5),
        status="open",
        your_name=entry.slug,
        issued_on=issued_on,
        due=due,
        due_on=issued_on + dt.timedelta(days=due),
        currency=subject.currency or "CZK",
        language=subject.language or "cz",
        created_at=now,
        updated_at=now,
    )


def priced(given: LineIn) -> Line:
    net = (given.quantity * given.unit_price).quantize(CENT, ROUND_HALF_UP)
    return Line(
        **given.model_dump(),
        unit_price_with_vat=given.unit_price * (100 + given.vat_rate) / 100,
        total_price_without_vat=net,
        total_vat=(net * given.vat_rate / 100).quantize(CENT, ROUND_HALF_UP),
    )


def sums(invoice: Invoice) -> dict[Decimal, tuple[Decimal, Decimal]]:
    """By rate what it is computed from, and the VAT."""
    bases: dict[Decimal, Decimal] = {}
    for line in invoice.lines:
        bases[line.vat_rate] = bases.get(line.vat_rate, Decimal(0)) + line.total_price_without_vat
    return {rate: (base, (base * rate / 100).quantize(CENT, ROUND_HALF_UP)) for rate, base in bases.items()}


def next_number(session: Database, entry: Entry, year: int) -> str:
    mine = Series.account_id == entry.account_id, Series.year == year
    last = session.scalar(update(Series).where(*mine).values(last=Series.last + 1).returning(Series.last))
    if last is None:
        last = 1
        session.add(Series(account_id=entry.account_id, year=year, last=last))
    return f"{year}-{last:04}"


def shown(invoice: Invoice, entry: Entry) -> InvoiceOut:
    api = f"{entry.base_url}{MOUNT}/accounts/{entry.slug}"
    rates = [{"vat_rate": rate, "base": base, "vat": vat} for rate, (base, vat) in sums(invoice).items()]
    extra = {
        "lines": invoice.lines,
        "vat_rates_summary": rates,
        "html_url": f"{entry.base_url}/{entry.slug}/invoices/{invoice.id}",
        "url": f"{api}/invoices/{invoice.id}.json",
        "pdf_url": f"{api}/invoices/{invoice.id}/download.pdf",
        "subject_url": f"{api}/subjects/{invoice.subject_id}.json",
    }
    columns = {name: getattr(invoice, name) for name in Invoice.__table__.columns.keys()}  # noqa: SIM118 (a collection of columns is iterated by column)
    return InvoiceOut.model_validate({**columns, **extra})
