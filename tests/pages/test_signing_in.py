"""A person signs in with the keyboard alone."""

from playwright.sync_api import Page


def test_the_owner_signs_in_and_comes_to_the_own_firm(owner: Page) -> None:
    owner.goto("/")

    assert owner.get_by_text("Applecorp s.r.o.").first.is_visible()
