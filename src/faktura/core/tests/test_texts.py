"""What stands in a text is what is seen of it, whichever door it came in by."""

import sys
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.catalogue import add_product
from faktura.core.contacts import Contact, add_contact
from faktura.core.errors import Given, Invalid, Problems
from faktura.core.people.accounts import open_account
from faktura.core.people.api_keys import add_api_key
from faktura.core.people.applications import register_application
from faktura.core.people.users import User, add_user
from faktura.core.tests.conftest import Firm
from faktura.core.texts import as_seen, check_texts

MISLEADING = (
    "\x00",
    "\x07",
    "\x1b",
    "\x7f",
    "\x85",
    "\x9b",
    "\u202a",
    "\u202e",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\ud800",
)
LINE_ENDS = ("\n", "\r\n", "\t")


def is_refused(attribute: str, text: Any) -> bool:
    problems = Problems()
    check_texts(Contact, {attribute: text}, problems)
    return attribute in problems


@pytest.mark.parametrize("letter", MISLEADING)
def test_what_misleads_who_reads_it_is_in_no_text(letter: str) -> None:
    for text in (f"a{letter}b", [f"a{letter}"], {"inside": (letter,)}):
        assert is_refused("name", text)
        assert is_refused("private_note", text)


@pytest.mark.parametrize("end", LINE_ENDS)
def test_a_note_has_lines_and_a_name_is_one(end: str) -> None:
    assert is_refused("name", f"a{end}b")
    assert not is_refused("private_note", f"a{end}b")


@given(st.text())
def test_of_a_text_remains_what_can_be_a_name(text: str) -> None:
    seen = as_seen(text)
    assert not is_refused("name", seen)
    assert not any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in seen)


@pytest.mark.parametrize(
    "text", ["Žluťoučký kůň", "e\u0301", "\N{HEBREW LETTER SHIN}\u200e (1)", "日本語", "🐎", "a\u00a0b"]
)
def test_letters_and_marks_of_every_script_may_be_in_a_name(text: str) -> None:
    assert not is_refused("name", text)
    assert as_seen(text) == text


def test_what_python_prints_is_fit_for_a_line() -> None:
    """So that most texts need no closer look."""
    printed = "".join(letter for letter in map(chr, range(sys.maxunicode + 1)) if letter.isprintable())
    assert as_seen(printed) == printed


WRITTEN: list[Callable[[Books, str], object]] = [
    lambda books, name: add_contact(books, Given({"name": name})),
    lambda books, name: add_bank_account(books, Given({"name": name, "number": "1"})),
    lambda books, name: add_product(books, Given({"name": name})),
    lambda books, name: open_account(Office(books.tx, books.now), "another", name),
    lambda books, name: add_user(Office(books.tx, books.now), "new@example.com", name, ""),
    lambda books, name: register_application(Office(books.tx, books.now), owner(books), name, "personal"),
    lambda books, name: add_api_key(Office(books.tx, books.now), books.account, owner(books), name, ()),
]


def owner(books: Books) -> User:
    return add_user(Office(books.tx, books.now), "owner@example.com", "Jan", "")


@pytest.mark.parametrize("write", WRITTEN)
def test_no_name_of_any_record_misleads(firm: Firm, write: Callable[[Books, str], object]) -> None:
    with pytest.raises(Invalid):
        firm.do(write, "Applecorp\u202e")
    firm.do(write, "Applecorp")
