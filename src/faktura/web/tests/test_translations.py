"""Every sentence of the pages is there in every language."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from faktura.core.books.history import EVENT_NAMES
from faktura.outputs.words.words import EVENTS

WEB = Path(__file__).parent.parent
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
HOW = "run `make words`, and fill in what it names"


@pytest.fixture(scope="module")
def sentences() -> set[str]:
    found = extract_from_dir(WEB, METHODS, keywords=KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def catalogue(language: str) -> Catalog:
    with (WEB / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def translated(found: Catalog) -> dict[str, tuple[str, ...]]:
    """By sentence, its translation in every number."""
    return {
        m.id if isinstance(m.id, str) else m.id[0]: (m.string,) if isinstance(m.string, str) else tuple(m.string or ())
        for m in found
        if m.id and not m.fuzzy
    }


def test_the_pages_have_words_for_every_event_of_the_history() -> None:
    assert EVENTS.keys() == set(EVENT_NAMES)


@pytest.mark.parametrize("language", ["cs", "pl"])
def test_every_sentence_is_translated_and_nothing_else(language: str, sentences: set[str]) -> None:
    assert len(sentences) > 80
    found = translated(catalogue(language))

    assert {sentence for sentence, words in found.items() if all(words)} == sentences, HOW


@pytest.mark.parametrize("language", ["cs", "pl"])
def test_translations_keep_the_names_of_what_is_put_in(language: str) -> None:
    for message in catalogue(language):
        assert not list(message.check()), message.id
