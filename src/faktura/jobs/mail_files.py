"""Files of papers go out by e-mail, packed into one, to the person who asked for them."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.errors import NotFound
from faktura.core.messages import on_one_line
from faktura.core.people.users import User
from faktura.core.received.sending import files_of
from faktura.jobs import Effect, Errand, doubling, send_secret
from faktura.outputs.mail.letters import Letter
from faktura.outputs.mail.personal import files_letter
from faktura.outputs.tables.packing import zipped

LANE = "mail"

DELAYS = doubling(dt.timedelta(seconds=30), dt.timedelta(hours=2), dt.timedelta(hours=12))


def go_out(errand: Errand, user_id: int, ids: list[int], reference: str) -> Effect:
    """Nothing goes out where all of the files were deleted since.

    Raises:
        Undelivered: the server did not take it.

    """
    return send_secret(errand, lambda books: _letter(books, user_id, ids, reference))


def _letter(books: Books, user_id: int, ids: list[int], reference: str) -> Letter:
    files = files_of(books, ids)
    person = Office(books.tx, books.now).look_up(User, id=user_id)
    if not files or person is None:
        raise NotFound(reference)
    firm = on_one_line(books.account.name)
    return files_letter(person, firm, zipped(files, books.now), reference, books.now)
