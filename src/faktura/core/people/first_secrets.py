"""The secret by which the first person gets in, printed where the server is started."""

import sqlalchemy as sa

from faktura.core.books.office import Office
from faktura.store.records import Shared, record, unique
from faktura.store.statements import Query


@record("first_secrets", unique("hash"))
class FirstSecret(Shared):
    """Opens the set-up, of which only the hash is kept; gone as soon as anybody is there."""

    hash: str


def forget_first_secrets(office: Office) -> None:
    office.tx.write(_FORGET)


_FORGET = Query(sa.delete(FirstSecret.table))
