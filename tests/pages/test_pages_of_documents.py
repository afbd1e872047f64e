"""The walk over what an account works with, in a worker of its own: see test_every_page.py."""

import pytest

from tests import needs
from tests.pages.house import House
from tests.pages.walk import Visitors, in_lines, walk

pytestmark = [needs.FAKTUROID, needs.INFAKT, pytest.mark.timeout(300)]

NOUNS = ("invoices", "contacts", "overview", "export", "search")


@pytest.mark.parametrize("noun", NOUNS)
def test_every_page_is_whole_for_everybody(house: House, visitors: Visitors, noun: str) -> None:
    wrong = walk(house, visitors, noun)

    assert not wrong, in_lines(wrong)
