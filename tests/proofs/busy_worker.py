"""A worker as `faktura worker` runs it, with jobs for tests: each adds a contact named by its argument."""

import sys
from collections.abc import Callable

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.jobs import Errand, inside, outside
from faktura.store.database import open_database
from faktura.worker import Worker


def add(books: Books, name: str) -> None:
    add_contact(books, Given({"name": name}))


def fetch_and_add(errand: Errand, name: str) -> Callable[[Books], None]:
    slug = errand.read(lambda books: books.account.slug)

    def do(books: Books) -> None:
        assert books.account.slug == slug
        add(books, name)

    return do


HANDLERS = {"add": inside(add), "fetch_and_add": outside(fetch_and_add)}


def main(url: str) -> None:
    Worker(open_database(url), Clock(), HANDLERS).work_until(lambda: False)


if __name__ == "__main__":
    main(sys.argv[1])
