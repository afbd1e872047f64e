"""Collective identifiers: one number by which several invoices of one supplier are paid together (art. 108g)."""

from faktura.store.records import Tenant, index, record, unique


@record(
    "ksef_collectives",
    unique("account_id", "reference"),
    index("account_id", "identifier", where_set="identifier"),
    paged=False,
)
class CollectiveIdentifier(Tenant):
    """Asked for by a `reference` of ours; `identifier` is what KSeF answered, `problem` why it did not."""

    reference: str
    ksef_numbers: tuple[str, ...]
    identifier: str | None = None
    problem: str = ""
