"""The logo of a firm, as it is kept."""

import hashlib
from typing import Literal, NamedTuple

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.books.office import Office
from faktura.core.people.accounts import Account
from faktura.store.records import Tenant, changed, record, unique

MediaType = Literal["image/png", "image/jpeg"]


@record("logos", unique("account_id"))
class Logo(Tenant):
    """The picture; its hash is the account's `logo`."""

    media_type: MediaType
    content: bytes


class Drawn(NamedTuple):
    """A picture that we wrote ourselves."""

    media_type: MediaType
    content: bytes


def keep_logo(books: Books, drawn: Drawn) -> Account:
    """Put the picture on whatever the firm shows from now on, in place of another one."""
    old = books.look_up(Logo)
    if old is None:
        books.add(Logo, media_type=drawn.media_type, content=drawn.content)
    else:
        books.change(old, changed(old, media_type=drawn.media_type, content=drawn.content))
    return _known_by(books, hashlib.sha256(drawn.content).hexdigest())


def remove_logo(books: Books) -> Account:
    """Show no logo any more."""
    old = books.look_up(Logo)
    if old is not None:
        books.remove(old)
    return _known_by(books, None)


def logo_of(books: Books) -> Logo | None:
    return books.look_up(Logo) if books.account.logo else None


def _known_by(books: Books, digest: str | None) -> Account:
    old = books.account
    kept = Office(books.tx, books.now).change(old, logo=digest)
    if kept is not old:
        books.note_event(Event("account_changed", kept, differences(old, kept)))
        books.account = kept
    return kept
