"""What registries answered, kept for the whole house as long as it is fresh."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from faktura.core.books.office import Office
from faktura.core.registries.facts import Heard, RegistryName, State
from faktura.store.records import Shared, index, record, unique
from faktura.store.statements import Query
from faktura.store.transaction import Transaction

KEPT_FOR = dt.timedelta(days=30)
MOST_FORGOTTEN = 1000


@record("registry_answers", unique("registry", "question"), index("asked_at"))
class RegistryAnswer(Shared):
    """The last answer to a question, which is written in one way alone: `12345679`, `1111111111|2026-11-21`."""

    registry: RegistryName
    question: str
    asked_at: dt.datetime
    fresh_until: dt.datetime
    state: State
    said: dict[str, Any]
    proof: str | None = None


def fresh_answers(office: Office, registry: RegistryName, questions: Sequence[str]) -> dict[str, RegistryAnswer]:
    """Those of the questions whose answers need not be asked for."""
    kept = [office.look_up(RegistryAnswer, registry=registry, question=question) for question in questions]
    return {one.question: one for one in kept if one is not None and one.asked_at <= office.now < one.fresh_until}


def keep_answer(
    office: Office, registry: RegistryName, question: str, heard: Heard, fresh_until: dt.datetime
) -> RegistryAnswer:
    """Keep an answer in the place of the one before."""
    values: dict[str, Any] = {
        "asked_at": office.now,
        "fresh_until": fresh_until,
        "state": heard.state,
        "said": heard.said,
        "proof": heard.proof,
    }
    old = office.look_up(RegistryAnswer, registry=registry, question=question)
    if old is None:
        return office.add(RegistryAnswer, registry=registry, question=question, **values)
    return office.change(old, **values)


def forget_old_answers(office: Office) -> bool:
    """Forget what was asked a month ago; whether more is left. Proofs are kept by the accounts that they are of."""
    old = _old(office.tx, office.now - KEPT_FOR)
    for answer_id in old[:MOST_FORGOTTEN]:
        office.tx.write(_FORGET, id=answer_id)
    return len(old) > MOST_FORGOTTEN


def _old(tx: Transaction, before: dt.datetime) -> list[int]:
    return [row[0] for row in tx.rows(_OLD, before=before, most=MOST_FORGOTTEN + 1)]


_a = RegistryAnswer.table.c

_OLD = Query(
    sa.select(_a.id)
    .where(_a.asked_at < sa.bindparam("before", type_=_a.asked_at.type))
    .order_by(_a.asked_at)
    .limit(sa.bindparam("most", type_=sa.Integer))
)

_FORGET = Query(sa.delete(RegistryAnswer.table).where(_a.id == sa.bindparam("id")))
