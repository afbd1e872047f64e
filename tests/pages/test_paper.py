"""A list on paper: what it says, and nothing that is there to be pressed."""

import pytest
from playwright.sync_api import Page

from tests import needs

pytestmark = [needs.FAKTUROID, needs.INFAKT]


@pytest.mark.parametrize("page_of", ["invoices", "subjects"])
def test_a_list_is_printed_without_buttons_boxes_and_other_tabs(owner: Page, page_of: str) -> None:
    owner.goto(f"/applecorp/{page_of}")
    owner.emulate_media(media="print")

    for pressed in ("main button", "main input", "main select", ".tabs a:not([aria-current])", ".pages a"):
        assert not [one for one in owner.locator(pressed).all() if one.is_visible()], pressed
    assert owner.locator("tbody tr").first.is_visible()
    assert owner.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
