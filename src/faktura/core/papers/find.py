"""Papers without a buyer, looked up."""

from faktura.core.books.books import Books
from faktura.core.errors import NotFound
from faktura.core.papers.record import Paper, PaperKind


def find_paper(books: Books, kind: PaperKind, named: int | str) -> Paper:
    """The paper with an id or a uuid.

    Raises:
        NotFound: there is none of this kind.

    """
    found = books.look_up(Paper, id=named) if isinstance(named, int) else books.look_up(Paper, uuid=named.lower())
    if found is None or found.kind != kind:
        raise NotFound(Paper.table_name)
    return found
