"""What happened to an account's records: append-only."""

from faktura.store.records import KindIn, Tenant, index, record


@record(
    "history",
    index("account_id", "kind", "record_id"),
    paged=False,
    refers={"user_id": "users"},
    remembers={"record_id": KindIn("kind")},
)
class Happening(Tenant):
    """`name` says what happened, `kind` is the table of the record; nobody's doing has no user."""

    name: str
    kind: str
    record_id: int
    user_id: int | None = None
