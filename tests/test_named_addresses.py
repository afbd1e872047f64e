"""Every address that an answer, a letter or the start of the program names opens, for whoever it is meant for."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import needs
from tests.running import Answer
from tests.sandboxes import Sandbox, send

pytestmark = [needs.FAKTUROID, needs.INFAKT]

Ask = Callable[[str], Answer]

MOST_OF_A_SORT = 2
"""Addresses that differ in ids alone are one sort, of which so many are opened."""


def lists_of(sandbox: Sandbox, dialect: str, slug: str = "") -> Iterator[str]:
    """Where its document says that something can be read without an id."""
    document = sandbox.server.ask("GET", f"/{dialect}/openapi.json").json
    root = urlsplit(document["servers"][0]["url"]).path
    for path, methods in document["paths"].items():
        asked = path.replace("{slug}", slug)
        if "get" in methods and "{" not in asked:
            yield root + asked


def addresses_in(value: Any, site: str) -> Iterator[str]:
    """Every text of an answer that is an address here, however deep it stands."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from addresses_in(part, site)
    elif isinstance(value, str) and value.startswith(f"{site}/"):
        yield value.removeprefix(site)


def some_of_each_sort(paths: Iterator[str]) -> list[str]:
    sorts: dict[str, list[str]] = {}
    for path in dict.fromkeys(paths):
        sorts.setdefault(re.sub(r"\d+|[\w-]{20,}", "#", path), []).append(path)
    return [path for found in sorts.values() for path in found[:MOST_OF_A_SORT]]


@pytest.fixture
def in_a_browser(sandbox: Sandbox) -> Ask:
    """Asks as the owner of applecorp does, who has signed in."""
    signed_in = sandbox.sign_in_at("/applecorp", sandbox.told["web"]["password"])
    cookie = signed_in.headers["set-cookie"].partition(";")[0]
    return lambda path: sandbox.server.ask("GET", path, headers={"Cookie": cookie})


@pytest.mark.parametrize("dialect", ["fakturoid", "infakt"])
def test_what_an_answer_names_opens(sandbox: Sandbox, in_a_browser: Ask, dialect: str) -> None:
    def ask(path: str) -> Answer:
        is_read_by_programs = f"/{dialect}/" in path
        if not is_read_by_programs:
            return in_a_browser(path)
        return sandbox.call("GET", path) if dialect == "fakturoid" else sandbox.with_key("api_key", "GET", path)

    answers = [ask(path) for path in lists_of(sandbox, dialect, "applecorp")]
    read = [answer.json for answer in answers if answer.status == 200]
    named = some_of_each_sort(path for value in read for path in addresses_in(value, sandbox.server.url))

    assert len(read) > 3
    assert named or dialect == "infakt"
    assert {path: status for path in named if (status := ask(path).status) not in {200, 204, 303}} == {}


def test_what_a_letter_names_opens_for_somebody_who_has_never_signed_in(sandbox: Sandbox) -> None:
    letter = send(sandbox, text="Doklad je zde: #link#")
    named = re.findall(rf"{re.escape(sandbox.server.url)}(/[\w/.-]+)", str(letter))

    assert named
    for path in named:
        assert sandbox.server.ask("GET", path).status in {200, 302, 303, 308}, path


def test_what_the_start_names_opens(sandbox: Sandbox) -> None:
    said = sandbox.server.output.read_text()
    named = re.findall(r"http://[^/\s]+(/(?:sandbox|\w+/docs)\b)", said)

    assert {"/sandbox", "/fakturoid/docs", "/infakt/docs"} <= set(named)
    for path in named:
        assert sandbox.server.ask("GET", path).status == 200


def test_what_llms_txt_names_opens_and_the_markdown_has_every_endpoint(sandbox: Sandbox) -> None:
    text = sandbox.server.ask("GET", "/llms.txt")
    named = re.findall(r"\]\((http[^)]+)\)", text.body.decode())

    assert text.headers["content-type"] == "text/markdown; charset=utf-8"
    assert len(named) > 7
    for address in named:
        assert sandbox.server.ask("GET", address.removeprefix(sandbox.server.url)).status == 200, address
    for dialect in ("fakturoid", "infakt"):
        read = sandbox.server.ask("GET", f"/{dialect}/docs.md").body.decode()
        document = sandbox.server.ask("GET", f"/{dialect}/openapi.json").json
        asked = [
            f"### {verb.upper()} {path}\n"
            for path, verbs in document["paths"].items()
            for verb in verbs
            if verb != "parameters"
        ]
        assert [one for one in asked if one not in read] == []
        assert [name for name in document["components"]["schemas"] if f"### {name}\n" not in read] == []


def test_a_document_that_lacks_a_bank_account_names_the_page_for_one(in_a_browser: Ask) -> None:
    assert in_a_browser("/applecorp/settings/bank_accounts").status == 200
