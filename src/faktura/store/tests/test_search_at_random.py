"""Full text finds what a plain look through all records finds: random texts and words, on both engines."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faktura.store import queries
from faktura.store.backup import back_up, copy_records
from faktura.store.check import check
from faktura.store.database import Database, open_database
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import changed
from faktura.store.reindex import reindex
from faktura.store.search import MOST_WORDS
from faktura.store.tests.test_queries import add_samples, chosen_from, empty, found_ids
from faktura.store.transaction import Transaction
from tests.samples import Sample, declared, lay_out

PIECES = [
    *("Novák", "NOVÁKOVÁ", "kůň", "Žluťoučký", "Łódź", "Straße", "ﬁrma", "s.r.o.", "ab", "a", "aaaa", "aaaaaaa"),
    *(
        "jan.novak@stavby-12.example",
        "petr@stavby-12.example",
        "a.b-c/dé.fg+12@h.ij-345.kl",
        "-+-+-+-+-+-+-+-+-+-+",
        "100%",
        "%",
        "_",
        "a_b",
        "c:\\dir",
        "O'Brien",
    ),
    *('say"hi"', '"', "AND", "NEAR(a", "*", "27074358", "CZ27074358", "1250", "1250.00", "12,50", "2026-0099"),
    *("".join(map(str, range(70))), "dlouhé" * 50, "x" * 300),
]
"""What texts are made of, and what is looked for in them, whole or in part."""

TEXTS = st.lists(st.sampled_from(PIECES), max_size=4).flatmap(
    lambda pieces: st.sampled_from([" ", "\n", ""]).map(lambda between: between.join(pieces))
)
PARTS = st.tuples(st.sampled_from(PIECES), st.integers(0, 12), st.integers(1, 400)).map(
    lambda cut: cut[0][cut[1] : cut[1] + cut[2]] or cut[0]
)
SAMPLES = st.fixed_dictionaries(
    {"name": TEXTS},
    optional={
        "note": TEXTS,
        "number": st.integers(0, 2),
        "amount": st.sampled_from([Decimal(1250), Decimal("12.5"), Decimal("0.000001")]),
    },
)
CONTAINED = st.builds(Condition, st.sampled_from(["name", "note"]), st.sampled_from(["cont", "holds"]), PARTS)
OTHERS = st.builds(Condition, st.just("number"), st.just("eq"), st.integers(0, 2))
SELECTIONS = st.builds(
    Selection,
    conditions=st.lists(CONTAINED | OTHERS, max_size=2).map(tuple),
    text=st.lists(PARTS, min_size=1, max_size=3).map(" ".join),
    order=st.lists(st.builds(Order, st.sampled_from(["number", "name"]), st.booleans()), max_size=1).map(tuple),
    everywhere=st.booleans(),
    way=st.sampled_from(["any", "walk", "sort"]),
)


def look(database: Database, kept: list[Sample], selections: list[Selection]) -> None:
    """Compare whole answers, and the rest of each behind a record in its middle."""
    by_id = {sample.id: sample for sample in kept}
    for chosen in selections:
        expected = chosen_from(kept, chosen)
        assert found_ids(database, chosen) == expected, chosen
        assert page_and_count(database, chosen) == (expected[1:3], len(expected)), chosen
        for half in range(len(expected) // 2, min(len(expected), len(expected) // 2 + 1)):
            before = by_id[expected[half]]
            place = (*(getattr(before, order.attribute) for order in chosen.order), before.id)
            rest = msgspec.structs.replace(chosen, beyond=place)
            assert found_ids(database, rest) == expected[half + 1 :], rest


def page_and_count(database: Database, chosen: Selection) -> tuple[list[int], int]:
    """One after the other, as lists ask: SQLite counts while it finds a page, and remembers that."""

    def work(tx: Transaction) -> tuple[list[int], int]:
        page = queries.stamps(tx, Sample, 1, chosen, limit=2, offset=1)
        counted = msgspec.structs.replace(chosen, order=(), way="any")
        return [record_id for record_id, _ in page], queries.count(tx, Sample, 1, counted)

    return database.read(work)


def wrong_texts(database: Database) -> list[str]:
    """The accounts of samples are none."""
    return [finding for finding in check(database, lambda _: None) if "text" in finding]


@settings(max_examples=25)
@given(
    values=st.lists(SAMPLES, max_size=8),
    selections=st.lists(SELECTIONS, min_size=4, max_size=12),
    again=st.lists(SAMPLES, max_size=4),
)
def test_words_are_found_as_they_stand_before_and_after_changes(
    samples: Database, values: list[dict[str, Any]], selections: list[Selection], again: list[dict[str, Any]]
) -> None:
    empty(samples)
    kept = add_samples(samples, 1, values)
    add_samples(samples, 2, values)
    look(samples, kept, selections)

    def work(tx: Transaction) -> list[Sample]:
        """Change the first ones, some of them twice, remove the last."""
        now = []
        for n, (old, given_now) in enumerate(zip(kept, again, strict=False)):
            new = changed(old, version=2, **given_now)
            tx.replace(old, new)
            if n % 2:
                tx.replace(new, new := changed(new, version=3, flag=True, note=f"{given_now['name']} kůň"))
            now.append(new)
        rest = kept[len(now) :]
        for gone in rest[1:]:
            tx.remove(gone)
        return [*now, *rest[:1]]

    look(samples, samples.write(work), selections)


@pytest.fixture
def crowd(samples: Database) -> list[Sample]:
    """A hundred samples of the pieces, always the same ones."""
    chance = random.Random(7)  # noqa: S311 (the same data every time)
    values = [
        {
            "name": " ".join(chance.choices(PIECES, k=3)),
            "note": "\n".join(chance.choices(PIECES, k=2)),
            "number": chance.randrange(3),
            "code": f"AB-{n}",
            "amount": Decimal(n) / 4,
        }
        for n in range(100)
    ]
    return add_samples(samples, 1, values)


LOOKED_FOR = [
    Selection(text=text, everywhere=everywhere)
    for text in [
        *PIECES,
        *(piece[1:] for piece in PIECES if piece[1:]),
        "novak s.r.o",
        "12.5",
        "ab-1",
        "@stavby-12.example jan",
    ]
    for everywhere in (False, True)
]


def test_a_new_index_and_copies_find_the_same(
    samples: Database, crowd: list[Sample], tmp_path: Any, request: pytest.FixtureRequest
) -> None:
    other = open_database(request.getfixturevalue("postgres_url" if samples.engine == "sqlite" else "sqlite_url"))
    with declared(Sample):
        reindex(samples, lambda _: None)
        assert wrong_texts(samples) == []
        back_up(samples, tmp_path / "copy.sqlite", lambda _: None)
        lay_out(other, Sample)
        copy_records(samples, other, lambda _: None)
        assert wrong_texts(other) == []

    copy = open_database(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    for database in (samples, other, copy):
        look(database, crowd, LOOKED_FOR)
    other.close()
    copy.close()


def test_many_long_words_are_asked_of_the_index_together(samples: Database) -> None:
    words = [f"{n}slovo{n * 7919}konec" for n in range(MOST_WORDS)]
    whole, _ = add_samples(samples, 1, [{"name": " ".join(words)}, {"name": " ".join(words[:-1])}])
    contained = tuple(Condition("name", "holds", word) for word in words)

    assert found_ids(samples, Selection(contained, " ".join(words))) == [whole.id]


def test_what_was_changed_and_removed_in_one_commit_leaves_no_text(samples: Database) -> None:
    [old] = add_samples(samples, 1, [{"name": "Novák"}])

    def work(tx: Transaction) -> None:
        tx.replace(old, new := changed(old, name="Dvořák", version=2, updated_at=old.updated_at + dt.timedelta(1)))
        tx.remove(new)

    samples.write(work)

    with declared(Sample):
        assert wrong_texts(samples) == []
