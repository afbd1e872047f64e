"""Gives the opponent the same data: copied by SQLite from a file of ours into the opponent's own tables."""

import datetime as dt
import hashlib
from pathlib import Path

import sqlalchemy as sa

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
"""Of the columns that are called otherwise."""

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
    columns = [column.name for column in Subject.__table__.columns]
    values, at = ", ".join(map(_value, columns)), _value("created_at")
    copies = (
        "INSERT INTO accounts (id, slug) SELECT id, slug FROM ours.accounts",
        "INSERT INTO memberships SELECT account_id, user_id, permission FROM ours.memberships",
        f"INSERT INTO subjects ({', '.join(columns)}) SELECT {values} FROM ours.contacts ORDER BY id",
        f"INSERT INTO history SELECT id, account_id, user_id, name, record_id, {at} FROM ours.history",
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("ATTACH ? AS ours", (str(ours),))
        for copy in copies:
            connection.exec_driver_sql(copy)
        connection.commit()
    engine.dispose()


def _value(name: str) -> str:
    """An expression for a column of the opponent's; SQLAlchemy keeps times without an offset."""
    if name in {"created_at", "updated_at"}:
        return f"replace(substr({name}, 1, 23), 'T', ' ') || '000'"
    return OUR_NAMES.get(name, name)
