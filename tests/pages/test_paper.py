"""A list on paper: what it says, and nothing that is there to be pressed."""

import pypdfium2
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


@pytest.mark.parametrize("path", ["/applecorp/invoices?sort=number", "/applecorp/subjects?sort=name", "/me"])
def test_each_sheet_of_a_printed_page_says_its_address_in_the_foot(owner: Page, path: str) -> None:
    owner.goto(path)

    sheets = printed(owner)
    assert sheets
    assert set(sheets) == {owner.url}


def test_a_list_that_was_filtered_since_is_printed_with_the_address_that_it_has_now(owner: Page) -> None:
    owner.goto("/applecorp/subjects")
    owner.locator("#query").fill("a")
    owner.wait_for_url("**/subjects?*")

    assert set(printed(owner)) == {owner.url}


def printed(page: Page) -> list[str]:
    """What stands in the foot of each sheet."""
    with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as sheets:
        return [foot_of(sheet) for sheet in sheets]


def foot_of(sheet: pypdfium2.PdfPage) -> str:
    """The text in the margin below, of 12 mm."""
    return str(sheet.get_textpage().get_text_bounded(top=34)).strip()
