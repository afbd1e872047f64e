"""How an open page is looked at: its layout, what axe finds, the keyboard, and the same without scripts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import CDPSession, Page

from tests.pages.examples import Example

HERE = Path(__file__).parent
AXE = (HERE / "axe" / "axe.min.js").read_text()
MEASURE = (HERE / "measure.js").read_text()
BONES = (HERE / "bones.js").read_text()
REACH = (HERE / "reach.js").read_text()
VERBS = (HERE / "verbs.js").read_text()

MISSED = "controls.filter(one => !reached.has(one)).map(one => one.outerHTML.slice(0, 160))"

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OF_COLOURS = ["color-contrast"]
OF_WIDTHS = ["target-size", "scrollable-region-focusable"]
"""The rules whose outcome depends on the colours, or on the width."""

HEIGHTS = {390: 4000, 320: 4000, 1280: 900}
"""By width. On a phone a page is seen whole, so that no bar at its foot lies over what is asked about."""

MOST_BYTES = 40_000
MOST_BYTES_OF = {"overview.show": 30_000, "contacts.new": 42_000, "contacts.edit": 42_000}
"""A form of a contact holds every country and currency."""

IN_OWN_LANGUAGE = {"public_invoice.show", "portal.show"}
"""What customers open is in the language of the document or the contact."""

Colours = Literal["light", "dark"]


class Looker:
    """One page of a browser, which changes its width and its colours without loading again."""

    def __init__(self, page: Page, said: list[str]) -> None:
        self.page = page
        self.said = said
        self.browser: CDPSession = page.context.new_cdp_session(page)
        self.width, self.colours = 0, ""

    def open(self, example: Example, language: str) -> Iterator[str]:
        """Open it; what is wrong with the answer."""
        self.said.clear()
        answer = self.page.goto(example.path)
        assert answer is not None
        weight = len(answer.body())
        if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
            yield f"{answer.status} {answer.headers.get('content-type')}: if this is no page, name it in NOT_WALKED"
        if weight > MOST_BYTES_OF.get(example.endpoint, MOST_BYTES):
            yield f"weighs {weight} bytes"
        if not self.page.title().strip(" –").removesuffix("Faktura"):
            yield "has no title"
        if self.page.locator("html").get_attribute("lang") != language and example.endpoint not in IN_OWN_LANGUAGE:
            yield f"is in another language than {language}"

    def turn(self, width: int, colours: Colours) -> None:
        if width != self.width:
            size = {"width": width, "height": HEIGHTS[width], "deviceScaleFactor": 1, "mobile": False}
            self.browser.send("Emulation.setDeviceMetricsOverride", size)
        if colours != self.colours:
            features = [{"name": "prefers-color-scheme", "value": colours}]
            self.browser.send("Emulation.setEmulatedMedia", {"features": features})
        self.width, self.colours = width, colours

    def layout(self) -> list[str]:
        return [f"{self.width} {self.colours}: {one}" for one in self.page.evaluate(MEASURE)]

    def bones(self) -> str:
        return str(self.page.evaluate(BONES))

    def barriers(self, rules: list[str]) -> list[str]:
        """What axe finds."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        asked = f"axe.run(document, {{runOnly: {rules}, resultTypes: ['violations']}})"
        found: dict[str, Any] = self.page.evaluate(asked)
        return [
            f"{self.width} {self.colours}: {rule['id']}: {' '.join(node['html'].split())[:160]}"
            for rule in found["violations"]
            for node in rule["nodes"][:3]
        ]

    def out_of_reach(self) -> list[str]:
        """The controls that the keyboard does not come to."""
        for _ in range(self.page.evaluate(REACH) + 1):
            self.page.keyboard.press("Tab")
        return [f"out of reach: {one}" for one in self.page.evaluate(MISSED)]

    def needs_scripts(self) -> list[str]:
        return list(self.page.evaluate(VERBS))
