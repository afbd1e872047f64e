"""What writes or locks a tenant's rows without naming the account is not even compiled."""

from typing import Any

import pytest
import sqlalchemy as sa

from faktura.core.contacts import Contact
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.store.statements import Query
from faktura.store.tenancy import NoAccount

c, i = Contact.table.c, Invoice.table.c
mine = c.account_id == sa.bindparam("account_id")
old = c.version == sa.bindparam("version")

REFUSED: dict[str, Any] = {
    "deletes everywhere": sa.delete(Contact.table).where(old),
    "has no condition": sa.update(Contact.table).values(name=sa.bindparam("name")),
    "names the account as one of two ways": sa.update(Contact.table).where(mine | old).values(name="x"),
    "takes whatever another query finds": sa.delete(Contact.table).where(
        sa.tuple_(c.account_id, c.id).in_(sa.select(i.account_id, i.contact_id))
    ),
    "compares with another column": sa.delete(Contact.table).where(c.account_id == c.id),
    "wants all greater ones": sa.delete(Contact.table).where(c.account_id > sa.bindparam("account_id")),
    "names the account of another table": sa.delete(Contact.table).where(i.account_id == sa.bindparam("account_id")),
    "locks everywhere": sa.select(c.id).with_for_update(skip_locked=True),
    "locks inside": sa.update(Contact.table)
    .where(mine, c.id.in_(sa.select(i.contact_id).with_for_update()))
    .values(name="x"),
    "locks a table that it joins": sa.select(c.id)
    .join(Invoice.table, i.contact_id == c.id)
    .where(mine)
    .with_for_update(),
}

TAKEN: dict[str, Any] = {
    "by the key": sa.delete(Contact.table).where(mine, c.id == sa.bindparam("id")),
    "by the account alone": sa.update(Contact.table).where(mine).values(name="x"),
    "locks in the account": sa.select(c.id).where(mine).with_for_update(),
    "only reads": sa.select(c.id).where(old),
    "belongs to the house": sa.update(Account.table).where(Account.table.c.slug == "x").values(name="x"),
    "inserts": sa.insert(Contact.table).values(account_id=1, id=1),
}


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize("clause", REFUSED.values(), ids=REFUSED)
def test_a_statement_over_several_accounts_is_refused_when_it(clause: Any, engine: str) -> None:
    with pytest.raises(NoAccount, match="without `account_id =`"):
        Query(clause).on(engine)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize("clause", TAKEN.values(), ids=TAKEN)
def test_a_statement_is_taken_when_it_is(clause: Any, engine: str) -> None:
    assert Query(clause).on(engine).sql
