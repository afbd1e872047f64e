"""What a client was answered under a key of its own, so that it may ask again without fear."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.errors import Refusal
from faktura.store.records import Tenant, index, record, unique

KEPT_FOR = dt.timedelta(hours=24)


@record(
    "kept_answers",
    unique("account_id", "client_key"),
    index("expires_at", over_all_accounts="what expired is forgotten everywhere"),
    paged=False,
)
class KeptAnswer(Tenant):
    """The first answer to a request, which `fingerprint` tells from others."""

    client_key: str
    fingerprint: str
    expires_at: dt.datetime
    status: int
    body: bytes
    location: str | None = None
    content_type: str | None = None


class KeyReused(Refusal):
    """The key stands for another request."""


def kept_answer(books: Books, key: str, fingerprint: str) -> KeptAnswer | None:
    """What the request was answered before.

    Raises:
        KeyReused: under this key another request was answered.

    """
    kept = books.look_up(KeptAnswer, client_key=key)
    if kept is None:
        return None
    if kept.expires_at <= books.now:
        books.remove(kept)
        return None
    if kept.fingerprint != fingerprint:
        raise KeyReused(key)
    return kept


def keep_answer(books: Books, key: str, fingerprint: str, answer: tuple[int, bytes, str | None, str | None]) -> None:
    """Keep status, body, location and content type in the transaction of what they answer."""
    status, body, location, content_type = answer
    books.add(
        KeptAnswer,
        client_key=key,
        fingerprint=fingerprint,
        expires_at=books.now + KEPT_FOR,
        status=status,
        body=body,
        location=location,
        content_type=content_type,
    )
