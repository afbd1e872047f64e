"""What one account's recurring generators have to issue, some at a time; each document is a transaction."""

from collections.abc import Callable

from faktura.core.books.books import Books
from faktura.core.errors import Invalid
from faktura.core.generators.recur import JOB, due_in, fail, issue_due
from faktura.jobs import Errand, nothing_more
from faktura.outputs.mail.wording import send_as_wanted

LANE = "tasks"

TOGETHER = 50
"""Documents that are issued before other accounts have their turn."""


def go_out(errand: Errand) -> Callable[[Books], None]:
    """Issue one document of each generator that is due; those that missed several days have their turn again."""
    due = errand.read(lambda books: due_in(books, TOGETHER))
    for generator_id in due:
        _issue(errand, generator_id)
    return (lambda books: books.later(JOB)) if due else nothing_more


def _issue(errand: Errand, generator_id: int) -> None:
    def work(books: Books) -> None:
        invoice = issue_due(books, generator_id)
        if invoice is not None and errand.reach.mail_server is not None:
            send_as_wanted(books, invoice, errand.reach.public_url)

    try:
        errand.write(work)
    except Invalid:
        errand.write(lambda books: fail(books, generator_id))
