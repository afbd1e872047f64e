"""Gives the opponent the same data: copied by SQLite from a file of ours into the opponent's own tables."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from bench.opponents.fastapi_invoices import Invoice
from bench.opponents.fastapi_orm import Base, Subject

OUR_NAMES = {
    "user_id": "created_by",
    "type": "role",
    "zip": "postcode",
    "delivery_zip": "delivery_postcode",
    "due": "due_days",
    "swift_bic": "bic",
    "setting_update_from_ares": "update_from_registry",
    "setting_invoice_pdf_attachments": "attach_invoice_pdf",
    "setting_estimate_pdf_attachments": "attach_estimate_pdf",
    "setting_invoice_send_reminders": "send_reminders",
    "suggestion_enabled": "suggested",
    "webinvoice_history": "invoice_history",
}
"""Of the columns of contacts that are called otherwise."""

OUR_INVOICE_NAMES = {
    "subject_id": "contact_id",
    "subject_custom_id": "buyer_custom_id",
    "document_type": "kind",
    "taxable_fulfillment_due": "taxable_on",
    "due": "due_days",
    "your_name": "seller ->> '$.name'",
    **{
        f"client_{name}": f"buyer_{name}" for name in ("name", "street", "city", "country", "registration_no", "vat_no")
    },
    **{f"client_delivery_{name}": f"delivery_{name}" for name in ("name", "street", "city", "country")},
    "client_local_vat_no": "buyer_local_vat_no",
    "client_zip": "buyer_postcode",
    "client_delivery_zip": "delivery_postcode",
    "client_has_delivery_address": "has_delivery_address",
    "subtotal": "net_total / 1e6",
    "total": "gross_total / 1e6",
    "remaining_amount": "remaining_amount / 1e6",
}
"""The same of invoices."""

LINES = """
INSERT INTO lines SELECT
    line.value ->> 'id', invoices.id, line.value ->> 'name',
    CAST(coalesce(line.value ->> 'quantity', '1') AS REAL), coalesce(line.value ->> 'unit', ''),
    CAST(line.value ->> 'unit_net_price' AS REAL), CAST(coalesce(line.value ->> 'vat_rate', '0') AS REAL),
    CAST(line.value ->> 'unit_gross_price' AS REAL), CAST(line.value ->> 'net' AS REAL),
    CAST(coalesce(line.value ->> 'vat', '0') AS REAL)
FROM ours.invoices AS invoices, json_each(invoices.lines) AS line
"""

LIFETIME = dt.timedelta(hours=2)


def opponents_file(ours: Path) -> Path:
    """The opponent's database with the data of a file of ours; built where there is none yet."""
    kept = ours.with_name(f"opponent-{ours.name}")
    if not kept.exists():
        print("building the opponent's database ...", flush=True)
        for outdated in ours.parent.glob(f"opponent-{ours.name.rpartition('-')[0]}-*"):
            outdated.unlink()
        building = kept.with_suffix(".building")
        _copy_rows(ours, building)
        building.rename(kept)
    return kept


def let_in(file: Path, token: str) -> None:
    """Let the token open every account to its owner, as it does with us."""
    until = dt.datetime.now(dt.UTC).replace(tzinfo=None) + LIFETIME
    values = {"hash": hashlib.sha256(token.encode()).hexdigest(), "user_id": 1, "expires_at": until}
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(sa.insert(Base.metadata.tables["tokens"]).values(values))
    engine.dispose()


def _copy_rows(ours: Path, target: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{target}")
    Base.metadata.create_all(engine)
    at = _value("created_at", OUR_NAMES)
    copies = (
        "INSERT INTO accounts (id, slug) SELECT id, slug FROM ours.accounts",
        "INSERT INTO memberships SELECT account_id, user_id, permission FROM ours.memberships",
        f"INSERT INTO subjects {_columns(Subject, OUR_NAMES)} FROM ours.contacts ORDER BY id",
        f"INSERT INTO invoices {_columns(Invoice, OUR_INVOICE_NAMES)} FROM ours.invoices ORDER BY id",
        LINES,
        "INSERT INTO series SELECT account_id, period, last FROM ours.number_series",
        f"INSERT INTO history SELECT id, account_id, user_id, name, record_id, {at} FROM ours.history",
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("ATTACH ? AS ours", (str(ours),))
        for copy in copies:
            connection.exec_driver_sql(copy)
        connection.commit()
    engine.dispose()


def _columns(table: type[Base], our_names: Mapping[str, str]) -> str:
    """What stands between the table and where the rows come from."""
    names = [column.name for column in table.__table__.columns]
    return f"({', '.join(names)}) SELECT {', '.join(_value(name, our_names) for name in names)}"


def _value(name: str, our_names: Mapping[str, str]) -> str:
    """An expression for a column of the opponent's; SQLAlchemy keeps times without an offset."""
    if name in {"created_at", "updated_at"}:
        return f"replace(substr({name}, 1, 23), 'T', ' ') || '000'"
    return our_names.get(name, name)
