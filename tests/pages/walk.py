"""Every page of a noun, opened once in a language, and looked at from all sides while it is open."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, get_args

from tests.pages.examples import Example
from tests.pages.house import House
from tests.pages.looking import HEIGHTS, OF_COLOURS, OF_WIDTHS, RULES, Colours, Looker
from tests.proofs.history import LONG

LANGUAGES = ("cs", "pl", "en")

Way = tuple[int, Colours]

CHOSEN: Mapping[str, Sequence[Way]] = {
    "cs": ((390, "light"), (320, "dark"), (1280, "light")),
    "pl": ((390, "light"), (320, "light"), (1280, "dark")),
    "en": ((390, "dark"), (320, "light"), (1280, "light")),
}
"""Each language in each width, and each width in both colours: a fault needs two of the three, seldom all of them."""

EVERY: Sequence[Way] = tuple((width, colours) for width in HEIGHTS for colours in get_args(Colours))

WAYS: Mapping[str, Sequence[Way]] = dict.fromkeys(LANGUAGES, EVERY) if LONG else CHOSEN
"""In which ways a page is looked at; the last is the one in which the keyboard is tried."""

ASKED_OF_AXE: Mapping[Way, list[str]] = {
    (1280, "light"): RULES,
    (1280, "dark"): OF_COLOURS,
    (320, "light"): OF_COLOURS,
    (320, "dark"): OF_COLOURS + OF_WIDTHS,
}
"""At 390 the rules of style are those of 320, but one for labels."""


class Visitors(NamedTuple):
    """The owner of the account, and somebody who is not signed in, both of one language."""

    language: str
    owner: Looker
    nobody: Looker


def walk(house: House, visitors: Visitors, noun: str) -> dict[str, list[str]]:
    """What is wrong, by address."""
    pages = [example for example in house.pages if example.noun == noun]
    assert pages
    found = {example.path: list(wrong_about(house, visitors, example)) for example in pages}
    return {path: wrong for path, wrong in found.items() if wrong}


def wrong_about(house: House, visitors: Visitors, example: Example) -> Iterator[str]:
    looker = visitors.nobody if example.is_open else visitors.owner
    yield from looker.open(example, visitors.language)
    yield from from_all_sides(looker, visitors.language)
    yield from once_a_page(house, visitors, example)
    yield from looker.said


def from_all_sides(looker: Looker, language: str = LANGUAGES[0]) -> Iterator[str]:
    """What is wrong with the page that is open, in every way that is of this language's business."""
    for way in WAYS[language]:
        looker.turn(*way)
        yield from looker.layout()
        if (language == LANGUAGES[0] or LONG) and way in ASKED_OF_AXE:
            yield from looker.barriers(ASKED_OF_AXE[way])


def once_a_page(house: House, visitors: Visitors, example: Example) -> Iterator[str]:
    """What is the same in every way: what it is made of, and what can be done by keyboard and without scripts."""
    looker = visitors.nobody if example.is_open else visitors.owner
    if visitors.language == LANGUAGES[0]:
        house.bones[example.path] = looker.bones()
        yield from looker.needs_scripts()
        yield from looker.out_of_reach()
    elif looker.bones() != house.bones.get(example.path):
        yield from looker.barriers(RULES)


def in_lines(wrong: Mapping[str, Sequence[str]]) -> str:
    """What a reader of the test needs, one page after another."""
    return "\n".join("\n  ".join([path, *found]) for path, found in wrong.items())
