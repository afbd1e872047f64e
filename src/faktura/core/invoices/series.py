"""Whether the series of numbers stand where their documents are."""

from collections.abc import Iterator

import sqlalchemy as sa

from faktura.core.invoices.record import Invoice
from faktura.core.numbering import NumberSeries
from faktura.store.statements import Query
from faktura.store.transaction import Transaction


def series_left_behind(tx: Transaction) -> Iterator[str]:
    """A sentence for each series whose next number was given out already, over all accounts.

    Numbers that are left out tell nothing: they may be in the wastebasket, or somebody went past them or changed them.
    """
    for account_id, format_id, period, largest, last in tx.rows(_LARGEST):
        if last is None or last < largest:
            counted = "was never begun" if last is None else f"has counted to {last}"
            yield (
                f"number_series of account {account_id}, format {format_id}, {period}: it {counted},"
                f" but a document is number {largest}"
            )


_i, _s = Invoice.table.c, NumberSeries.table.c

_LARGEST = Query(
    sa.select(_i.account_id, _i.number_format_id, _i.period, sa.func.max(_i.counter), sa.func.max(_s.last))
    .select_from(
        Invoice.table.outerjoin(
            NumberSeries.table,
            sa.and_(_s.account_id == _i.account_id, _s.number_format_id == _i.number_format_id, _s.period == _i.period),
        )
    )
    .where(_i.counter.is_not(None))
    .group_by(_i.account_id, _i.number_format_id, _i.period)
    .order_by(_i.account_id, _i.number_format_id, _i.period)
)
