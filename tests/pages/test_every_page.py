"""Every page of the map at every size, in both themes and every language: nothing is cut, shut or out of reach."""

import pytest
from playwright.sync_api import Browser

from tests import needs
from tests.pages.examples import nouns
from tests.pages.house import SLUG, House, sign_in
from tests.pages.looking import HEIGHTS
from tests.pages.test_pages_of_documents import NOUNS as ELSEWHERE
from tests.pages.walk import CHOSEN, EVERY, LANGUAGES, Visitors, in_lines, walk

pytestmark = [needs.FAKTUROID, needs.INFAKT, pytest.mark.timeout(300)]

NOUNS = [noun for noun in nouns() if noun not in ELSEWHERE]
"""A new noun is walked here."""


@pytest.mark.parametrize("noun", NOUNS)
def test_every_page_is_whole_for_everybody(house: House, visitors: Visitors, noun: str) -> None:
    wrong = walk(house, visitors, noun)

    assert not wrong, in_lines(wrong)


def test_the_ways_that_are_chosen_cover_widths_colours_and_languages_in_pairs() -> None:
    assert all({width for width, _ in ways} == {*HEIGHTS} for ways in CHOSEN.values())
    assert {way for ways in CHOSEN.values() for way in ways} == {*EVERY}
    assert CHOSEN.keys() == {*LANGUAGES}


def test_no_noun_is_left_out(house: House) -> None:
    assert {page.noun for page in house.pages} == {*NOUNS, *ELSEWHERE}
    assert len(house.pages) > 60


def test_a_reader_sees_every_page_or_is_told_who_may(browser: Browser, house: House) -> None:
    context = browser.new_context(base_url=house.sandbox.server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, house.sandbox, "auditor")
    verbs = {}
    for example in house.pages:
        answer = context.request.get(example.path)
        owned = example.endpoint in OF_WHOEVER_ASKED or not example.is_of_account
        assert answer.status in {200, 404 if owned else 403}, example.path
        page.set_content(answer.text())
        offered = page.locator("main form[method=post]").count()
        if example.is_of_account and offered and example.endpoint not in FOR_READERS:
            verbs[example.path] = offered
    context.close()

    assert verbs == {}


OF_WHOEVER_ASKED = {"export.result"}
"""Another member gets to no such page, nor to what a person has of their own."""

FOR_READERS = {"export.show", "export.accountant", "invoices.bulk"}
"""Whoever may read may take it along."""


def test_nobody_of_another_account_gets_to_a_page(browser: Browser, house: House) -> None:
    """Story 15: every page of an account, asked for by somebody of another one, and with its ids at home."""
    context = browser.new_context(base_url=house.sandbox.server.url)
    sign_in(context.new_page(), house.sandbox, "owner", "pearcorp")
    own = [example for example in house.pages if example.is_of_account and not example.is_open]
    at_home = [f"/pearcorp{example.path.removeprefix(f'/{SLUG}')}" for example in own if example.has_ids]
    statuses = {path: context.request.get(path).status for path in [*(example.path for example in own), *at_home]}
    context.close()

    assert len(at_home) > 5
    assert set(statuses.values()) == {404}, statuses
