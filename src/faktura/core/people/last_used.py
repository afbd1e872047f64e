"""When a key, a consent or a browser was used last, as people see it: some minutes are as good as none."""

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa

from faktura.core.books.office import Office
from faktura.core.people.api_keys import ApiKey
from faktura.core.people.applications import Application, Grant
from faktura.core.people.credentials import Credential
from faktura.core.people.sign_in import Session
from faktura.core.people.users import User
from faktura.store.statements import Query


def write_last_uses(office: Office, uses: Mapping[Credential, dt.datetime]) -> None:
    """Nothing that opens a door is changed by it, so versions stay and nobody is looked up again for it."""
    for credential, at in sorted(uses.items()):
        office.tx.write(_USED[credential.sort], id=credential.id, used_at=at)


def last_uses_of_applications(office: Office, user: User) -> dict[int, dt.datetime]:
    """By id of an application that a person registered, when it was used last, for whomever."""
    return {application_id: at for application_id, at in office.tx.rows(_LAST, user_id=user.id) if at is not None}


_LAST = Query(
    sa.select(Grant.table.c.application_id, sa.func.max(Grant.table.c.used_at, type_=Grant.table.c.used_at.type))
    .join_from(Grant.table, Application.table, Application.table.c.id == Grant.table.c.application_id)
    .where(Application.table.c.user_id == sa.bindparam("user_id"))
    .group_by(Grant.table.c.application_id)
)

_USED = {
    sort: Query(
        sa.update(cls.table)
        .where(cls.table.c.id == sa.bindparam("id"))
        .values(used_at=sa.bindparam("used_at", type_=cls.table.c.used_at.type))
    )
    for sort, cls in (("key", ApiKey), ("grant", Grant), ("session", Session))
}
