"""What must hold in every account's books beside what the store knows: for `faktura db check`."""

import functools
from collections.abc import Iterator

import sqlalchemy as sa

from faktura.core.books.history import DELETIONS, PASSING, Happening
from faktura.core.documents.copies import wrong_links
from faktura.core.documents.record import Document
from faktura.core.documents.series import wrong_numbers
from faktura.core.documents.sums import wrong_sums
from faktura.core.inventory.audit import drifted_stock, strayed_moves
from faktura.core.papers.lines import wrong_sums as wrong_sums_of_paper
from faktura.core.papers.record import Paper
from faktura.store.check import Audit
from faktura.store.records import RECORDS, Tenant
from faktura.store.statements import Query
from faktura.store.transaction import Transaction


def lost_without_a_word(tx: Transaction) -> Iterator[tuple[str, str]]:
    """Records that the history knows, that are gone, and of whose deletion it knows nothing."""
    for (kind,) in sorted(tx.rows(_KINDS)):
        cls = RECORDS.get(kind)
        if cls is not None and issubclass(cls, Tenant) and kind not in PASSING:
            for account_id, record_id in tx.rows(_lost(cls), kind=kind):
                name = f"{kind} account_id {account_id}, id {record_id}"
                yield f"lost {kind}", f"{name}: is in the history, but it is gone and nobody deleted it"


_h = Happening.table.c

_KINDS = Query(sa.select(_h.kind).distinct())


@functools.cache
def _lost(cls: type[Tenant]) -> Query:
    deletion, there = Happening.table.alias("deletion"), cls.table
    deleted = sa.exists().where(
        deletion.c.account_id == _h.account_id,
        deletion.c.kind == _h.kind,
        deletion.c.record_id == _h.record_id,
        sa.or_(*(deletion.c.name == name for name in DELETIONS)),
    )
    stands = sa.exists().where(there.c.account_id == _h.account_id, there.c.id == _h.record_id)
    gone = sa.select(_h.account_id, _h.record_id).where(_h.kind == sa.bindparam("kind"), ~stands, ~deleted)
    return Query(gone.distinct().order_by(_h.account_id, _h.record_id))


AUDIT = Audit(
    {Document: wrong_sums, Paper: wrong_sums_of_paper},
    (wrong_numbers, wrong_links, drifted_stock, strayed_moves, lost_without_a_word),
)
