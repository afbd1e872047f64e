"""What somebody looked at before a verb for many documents is what it is done to."""

from collections.abc import Sequence

from flask_babel import lazy_gettext

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.invoices.debts import InCurrency, by_currency
from faktura.store.queries import Selection
from faktura.web.forms.saving import Wrong

MOVED = lazy_gettext("Other documents fit by now. Look at the count and the sums, and send it again.")


def check_seen(books: Books, chosen: Selection, given: Given) -> None:
    """Do nothing where the documents are still those that were looked at.

    Raises:
        Wrong: there are others, or they come to something else.

    """
    if seen(by_currency(books, chosen)) != given.get("seen"):
        raise Wrong("seen", MOVED)


def seen(sums: Sequence[InCurrency]) -> str:
    """Count and sums in one text, which the form brings back."""
    return " ".join(f"{one.documents} {one.gross} {one.currency}" for one in sums) or "-"
