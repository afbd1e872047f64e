"""Full text: every word, wherever it stands, whatever its case and accents, letter by letter."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from faktura.store import queries
from faktura.store.database import Database
from faktura.store.queries import Selection
from faktura.store.records import changed
from faktura.store.schema import PARTS
from faktura.store.search import MOST_WORDS
from faktura.store.transaction import Transaction
from tests.samples import Sample

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def add(database: Database, name: str, note: str | None = None, account_id: int = 1) -> Sample:
    def work(tx: Transaction) -> Sample:
        sample = Sample(account_id, tx.next_id(Sample), 1, NOW, NOW, name, note)
        tx.insert(sample)
        return sample

    return database.write(work)


def found(database: Database, text: str, account_id: int = 1) -> list[int]:
    return [s.id for s in database.read(lambda tx: queries.records(tx, Sample, account_id, Selection(text=text)))]


@pytest.mark.parametrize(
    "text",
    [
        "žluťoučký",
        "zlutoucky",
        "ŽLUŤOUČKÝ KŮŇ",
        "kun zlut",
        "luťou",
        "straße",
        "STRASSE",
        "lodz",
        "ŁÓDŹ",
        "k",
        "ků",
        "  kůň \n ",
        "ﬁrma",
        "",
    ],
)
def test_every_word_is_found_without_case_and_accents(samples: Database, text: str) -> None:
    sample = add(samples, "Žluťoučký kůň", "Straße 5, Łódź, firma")

    assert found(samples, text) == [sample.id]


@pytest.mark.parametrize("text", ["ab-7", "1250", "1250.00", "kun 7"])
def test_what_a_record_is_found_by_is_searched_where_everything_is(samples: Database, text: str) -> None:
    values: dict[str, Any] = {"name": "Kůň", "code": "AB-7", "amount": Decimal(1250)}
    sample = Sample(1, samples.write(lambda tx: tx.next_id(Sample)), 1, NOW, NOW, **values)
    samples.write(lambda tx: tx.insert(sample))

    everything = Selection(text=text, everywhere=True)
    assert [s.id for s in samples.read(lambda tx: queries.records(tx, Sample, 1, everything))] == [sample.id]
    assert found(samples, text) == []
    assert found(samples, "kun") == [sample.id]


@pytest.mark.parametrize("text", ["kůň pes", "x", "kx", "kůňž", "žluťoučkýkůň", "ň s", "nstr"])
def test_a_word_that_stands_nowhere_or_spans_two_attributes_is_not_found(samples: Database, text: str) -> None:
    add(samples, "Žluťoučký kůň", "strom")

    assert found(samples, text) == ([] if text != "ň s" else found(samples, "ň"))


@pytest.mark.parametrize(
    "literal",
    ["%", "_", '"', "\\", "'", "*", "100%", "a_b", 'say "hi', "c:\\dir", "O'Brien", "*a*", "a AND b", "NEAR(a"],
)
def test_signs_that_mean_something_to_an_engine_are_found_letter_by_letter(samples: Database, literal: str) -> None:
    sample = add(samples, f"before {literal} after")
    add(samples, "before 100 axb say hi c:dir OBrien a after")

    assert found(samples, literal) == [sample.id]


def test_a_long_word_is_not_found_by_pieces_of_it(samples: Database) -> None:
    """Engines are asked for some of its trigrams only."""
    word = "jan.novak@stavby-12.example"
    whole = add(samples, f"before {word} after")
    for n in range(len(word)):
        add(samples, f"{word[:n]}q{word[n + 1 :]}")
    add(samples, " ".join(word[n : n + 3] for n in range(len(word))))

    assert found(samples, word) == [whole.id]


@pytest.mark.parametrize("text", ["45", "12", "20", "67 45", "novak 45", "45/"])
def test_two_figures_are_found_wherever_they_stand_side_by_side(samples: Database, text: str) -> None:
    """They have no trigram, so PostgreSQL is asked for a word that the text has of them beside what it says."""
    sample = add(samples, "Novák 45/1", "a1200b67")
    add(samples, "Novák 4", "5 4-5 1 2 0 6 7")

    assert found(samples, text) == [sample.id]


@pytest.mark.parametrize("text", ["45 12", "45 00 67 ", "0045"])
def test_no_word_is_found_among_what_is_only_kept_of_figures(samples: Database, text: str) -> None:
    add(samples, "4500", "6")

    assert found(samples, text) == []


def test_accounts_are_apart_wherever_their_texts_are_kept(samples: Database) -> None:
    """PostgreSQL keeps them in parts, each for several accounts."""
    added = [add(samples, "Novák", account_id=account_id) for account_id in range(1, 2 * PARTS)]

    assert [found(samples, "novak", sample.account_id) for sample in added] == [[sample.id] for sample in added]


def test_what_was_changed_is_found_as_it_is_now(samples: Database) -> None:
    old = add(samples, "Novák", "first note")
    new = changed(old, name="Dvořák", version=2)
    samples.write(lambda tx: tx.replace(old, new))

    assert found(samples, "novak") == []
    assert found(samples, "dvorak first") == [old.id]


def test_what_was_removed_is_found_no_more(samples: Database) -> None:
    gone, kept = add(samples, "Novák"), add(samples, "Nováková")
    samples.write(lambda tx: tx.remove(gone))

    assert found(samples, "novak") == [kept.id]


def test_several_changes_of_one_transaction_leave_the_last_to_be_found(samples: Database) -> None:
    def work(tx: Transaction) -> Sample:
        first = Sample(1, tx.next_id(Sample), 1, NOW, NOW, "first name")
        tx.insert(first)
        second = changed(first, name="second name", version=2)
        tx.replace(first, second)
        third = changed(second, name="third name", version=3)
        tx.replace(second, third)
        return third

    sample = samples.write(work)

    assert [found(samples, text) for text in ("first", "second", "third")] == [[], [], [sample.id]]

    def work_more(tx: Transaction) -> None:
        fourth = changed(sample, name="fourth name", version=4)
        tx.replace(sample, fourth)
        tx.remove(fourth)

    samples.write(work_more)

    assert [found(samples, text) for text in ("third", "fourth", "name")] == [[], [], []]


def test_what_a_failing_transaction_wrote_is_not_found(samples: Database) -> None:
    kept = add(samples, "Novák")

    def work(tx: Transaction) -> None:
        tx.insert(Sample(1, tx.next_id(Sample), 1, NOW, NOW, "Novotný"))
        tx.replace(kept, changed(kept, name="Černý", version=2))
        raise LookupError

    with pytest.raises(LookupError):
        samples.write(work)

    assert found(samples, "novo") == []
    assert found(samples, "cerny") == []
    assert found(samples, "novak") == [kept.id]


def test_other_accounts_are_never_found(samples: Database) -> None:
    mine, theirs = add(samples, "Novák"), add(samples, "Novák", account_id=2)
    farthest = add(samples, "Novák", account_id=2**31 - 1)

    assert found(samples, "novak") == [mine.id]
    assert found(samples, "no", account_id=2) == [theirs.id]
    assert found(samples, "novak", account_id=2**31 - 1) == [farthest.id]
    assert found(samples, "novak", account_id=3) == []


@pytest.mark.parametrize("text", ["\0", "Nov\0", "\ud800", "Novák \ud800"])
def test_a_text_that_no_record_can_hold_is_not_found(samples: Database, text: str) -> None:
    add(samples, "Novák")

    assert found(samples, text) == []


def test_a_text_of_any_length_is_looked_for(samples: Database) -> None:
    words = [f"word{n}" for n in range(3000)]
    sample = add(samples, "Novák", " ".join(words))

    assert found(samples, " ".join(words)) == [sample.id]
    assert found(samples, " ".join([*words[: MOST_WORDS - 1], "missing"])) == []
    assert found(samples, "".join(words)) == []
    assert found(samples, "a" * 60_000) == []
