"""A process that merges two contacts and is killed when all is written and nothing is committed."""

import os
import signal
import sys

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.core.merging import merge_contacts
from faktura.core.people.accounts import Account
from faktura.store.database import open_database
from faktura.store.transaction import Transaction


def main(database_url: str, account_id: int, kept_id: int, gone_id: int) -> None:
    def merge_and_die(tx: Transaction) -> None:
        account = tx.get(Account, id=account_id)
        assert account is not None
        merge_contacts(Books(tx, account, None, Clock().now()), kept_id, gone_id, Given({"city": "Brno"}))
        os.kill(os.getpid(), signal.SIGKILL)

    open_database(database_url).write(merge_and_die, account_id)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
