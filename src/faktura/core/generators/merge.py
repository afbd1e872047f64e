"""Two people change one generator, or it issues while one changes it: what is not typed otherwise stays as it is."""

from faktura.core.books.books import Books
from faktura.core.documents.checks import Rules
from faktura.core.documents.merge import Merged, as_it_was, merge
from faktura.core.errors import Given
from faktura.core.generators.change import change_generator, find_generator, taken_away
from faktura.core.generators.documents import RULES
from faktura.core.generators.record import Generator


def change_generator_since(
    books: Books, generator_id: int, version: int, given: Given, rules: Rules = RULES
) -> Generator:
    """Change a generator to what somebody typed who saw that version of it: all of it, though most stays as it was.

    Raises:
        NotFound: there is no such generator.
        Clash: what was changed here was changed by somebody else since that version; nothing is kept.
        Invalid: a value breaks a rule.

    """
    merged = merge_typed(books, find_generator(books, generator_id), version, given)
    merged.refuse()
    return change_generator(books, generator_id, merged.given, rules)


def merge_typed(books: Books, now: Generator, version: int, given: Given) -> Merged:
    """What somebody typed who saw that version, together with what there is now."""
    return merge(as_it_was(books, now, version), now, taken_away(given), given.unread)
