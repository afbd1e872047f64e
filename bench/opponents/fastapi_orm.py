"""Contacts of Fakturoid's API on FastAPI, pydantic and SQLAlchemy's ORM, with `def` endpoints and a pool."""

import datetime as dt
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, EmailStr, Field, field_serializer
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, and_, create_engine, event, or_, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

MOUNT = "/fakturoid/api/v3"
PRAGUE = ZoneInfo("Europe/Prague")
PAGE = 40

Switch = Literal["inherit", "on", "off"]


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)


class Membership(Base):
    __tablename__ = "memberships"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True)
    permission: Mapped[str]


class Token(Base):
    __tablename__ = "tokens"
    hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    expires_at: Mapped[dt.datetime]


class Subject(Base):
    __tablename__ = "subjects"
    __table_args__ = (UniqueConstraint("account_id", "custom_id"), Index("ix_subjects_page", "account_id", "id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    user_id: Mapped[int | None]
    custom_id: Mapped[str | None]
    type: Mapped[str]
    name: Mapped[str]
    full_name: Mapped[str | None]
    email: Mapped[str | None]
    email_copy: Mapped[str | None]
    phone: Mapped[str | None]
    web: Mapped[str | None]
    street: Mapped[str | None]
    city: Mapped[str | None]
    zip: Mapped[str | None]
    country: Mapped[str | None]
    has_delivery_address: Mapped[bool]
    delivery_name: Mapped[str | None]
    delivery_street: Mapped[str | None]
    delivery_city: Mapped[str | None]
    delivery_zip: Mapped[str | None]
    delivery_country: Mapped[str | None]
    due: Mapped[int | None]
    currency: Mapped[str | None]
    language: Mapped[str | None]
    private_note: Mapped[str | None]
    registration_no: Mapped[str | None]
    vat_no: Mapped[str | None]
    local_vat_no: Mapped[str | None]
    unreliable: Mapped[bool | None]
    unreliable_checked_at: Mapped[dt.datetime | None]
    legal_form: Mapped[str | None]
    vat_mode: Mapped[str | None]
    bank_account: Mapped[str | None]
    iban: Mapped[str | None]
    swift_bic: Mapped[str | None]
    variable_symbol: Mapped[str | None]
    setting_update_from_ares: Mapped[str]
    setting_invoice_pdf_attachments: Mapped[str]
    setting_estimate_pdf_attachments: Mapped[str]
    setting_invoice_send_reminders: Mapped[str]
    suggestion_enabled: Mapped[bool]
    custom_email_text: Mapped[str | None]
    overdue_email_text: Mapped[str | None]
    invoice_from_proforma_email_text: Mapped[str | None]
    thank_you_email_text: Mapped[str | None]
    custom_estimate_email_text: Mapped[str | None]
    webinvoice_history: Mapped[str | None]
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]


class History(Base):
    __tablename__ = "history"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    user_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(50))
    record_id: Mapped[int] = mapped_column(index=True)
    created_at: Mapped[dt.datetime]


class SubjectIn(BaseModel):
    custom_id: str | None = Field(None, max_length=255)
    type: Literal["customer", "supplier", "both"] = "customer"
    name: str = Field(min_length=2)
    full_name: str | None = None
    email: EmailStr | None = None
    email_copy: EmailStr | None = None
    phone: str | None = None
    web: str | None = None
    street: str | None = None
    city: str | None = None
    zip: str | None = Field(None, max_length=20)
    country: str | None = Field(None, min_length=2, max_length=2)
    has_delivery_address: bool = False
    delivery_name: str | None = None
    delivery_street: str | None = None
    delivery_city: str | None = None
    delivery_zip: str | None = Field(None, max_length=20)
    delivery_country: str | None = Field(None, min_length=2, max_length=2)
    due: int | None = None
    currency: str | None = Field(None, min_length=3, max_length=3)
    language: str | None = None
    private_note: str | None = None
    registration_no: str | None = None
    vat_no: str | None = None
    local_vat_no: str | None = None
    legal_form: str | None = None
    vat_mode: Literal["vat_payer", "non_vat_payer", "identified_person"] | None = None
    bank_account: str | None = None
    iban: str | None = None
    swift_bic: str | None = None
    variable_symbol: str | None = None
    setting_update_from_ares: Switch = "inherit"
    setting_invoice_pdf_attachments: Switch = "inherit"
    setting_estimate_pdf_attachments: Switch = "inherit"
    setting_invoice_send_reminders: Switch = "inherit"
    suggestion_enabled: bool = True
    custom_email_text: str | None = None
    overdue_email_text: str | None = None
    invoice_from_proforma_email_text: str | None = None
    thank_you_email_text: str | None = None
    custom_estimate_email_text: str | None = None
    webinvoice_history: Literal["disabled", "recent", "client_portal"] | None = None


class SubjectOut(SubjectIn):
    model_config = ConfigDict(from_attributes=True)
    id: int
    user_id: int | None
    unreliable: bool | None
    unreliable_checked_at: dt.datetime | None
    ares_update: bool
    html_url: str
    url: str
    created_at: dt.datetime
    updated_at: dt.datetime

    @field_serializer("created_at", "updated_at")
    def in_prague(self, moment: dt.datetime) -> str:
        return moment.replace(tzinfo=dt.UTC).astimezone(PRAGUE).isoformat(timespec="milliseconds")


engine = create_engine(f"sqlite:///{os.environ.get('OPPONENT_FILE', '')}", pool_size=40, connect_args={"timeout": 30})


@event.listens_for(engine, "connect")
def set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


Database = Annotated[Session, Depends(get_session)]


class Entry(BaseModel):
    account_id: int
    user_id: int
    base_url: str
    slug: str


def get_entry(slug: str, request: Request, session: Database, authorization: Annotated[str, Header()] = "") -> Entry:
    """Who comes to which account: 401 without a good token, 404 without access."""
    hashed = hashlib.sha256(authorization.removeprefix("Bearer ").encode()).hexdigest()
    token = session.scalar(select(Token).where(Token.hash == hashed))
    if token is None or token.expires_at < dt.datetime.now(dt.UTC).replace(tzinfo=None):
        raise HTTPException(401)
    members = and_(Membership.account_id == Account.id, Membership.user_id == token.user_id)
    account = session.scalar(select(Account).join(Membership, members).where(Account.slug == slug))
    if account is None:
        raise HTTPException(404)
    return Entry(account_id=account.id, user_id=token.user_id, base_url=str(request.base_url)[:-1], slug=slug)


Visitor = Annotated[Entry, Depends(get_entry)]


def shown(subject: Subject, entry: Entry) -> SubjectOut:
    extra = {
        "ares_update": subject.setting_update_from_ares == "on",
        "html_url": f"{entry.base_url}/{entry.slug}/subjects/{subject.id}",
        "url": f"{entry.base_url}{MOUNT}/accounts/{entry.slug}/subjects/{subject.id}.json",
    }
    return SubjectOut.model_validate({**subject.__dict__, **extra})


app = FastAPI()
COLLECTION = MOUNT + "/accounts/{slug}/subjects.json"


@app.get("/healthz")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get(COLLECTION)
def list_subjects(entry: Visitor, session: Database, page: int = 1) -> list[SubjectOut]:
    mine = select(Subject).where(Subject.account_id == entry.account_id)
    found = session.scalars(mine.order_by(Subject.id).limit(PAGE).offset((page - 1) * PAGE))
    return [shown(subject, entry) for subject in found]


SEARCHED = (
    Subject.name,
    Subject.full_name,
    Subject.email,
    Subject.email_copy,
    Subject.registration_no,
    Subject.vat_no,
    Subject.private_note,
)


@app.get(MOUNT + "/accounts/{slug}/subjects/search.json")
def search_subjects(entry: Visitor, session: Database, query: str, page: int = 1) -> list[SubjectOut]:
    words = [or_(*(column.contains(word, autoescape=True) for column in SEARCHED)) for word in query.split()]
    mine = select(Subject).where(Subject.account_id == entry.account_id, *words)
    found = session.scalars(mine.order_by(Subject.id).limit(PAGE).offset((page - 1) * PAGE))
    return [shown(subject, entry) for subject in found]


@app.get(MOUNT + "/accounts/{slug}/subjects/{subject_id}.json")
def read_subject(entry: Visitor, session: Database, subject_id: int) -> SubjectOut:
    subject = session.scalar(select(Subject).where(Subject.account_id == entry.account_id, Subject.id == subject_id))
    if subject is None:
        raise HTTPException(404)
    return shown(subject, entry)


@app.post(COLLECTION, status_code=201)
def create_subject(entry: Visitor, session: Database, given: SubjectIn, response: Response) -> SubjectOut:
    taken = select(Subject.id).where(Subject.account_id == entry.account_id, Subject.custom_id == given.custom_id)
    if given.custom_id and session.scalar(taken):
        raise HTTPException(422, {"errors": {"custom_id": ["taken"]}})
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    owned = {"account_id": entry.account_id, "user_id": entry.user_id, "created_at": now}
    subject = Subject(**given.model_dump(), **owned, updated_at=now)
    session.add(subject)
    session.flush()
    session.add(History(**owned, name="subject_added", record_id=subject.id))
    session.commit()
    session.refresh(subject)
    answer = shown(subject, entry)
    response.headers["Location"] = answer.url
    return answer
