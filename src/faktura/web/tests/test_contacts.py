"""The contacts of an account: looked for, and looked at."""

import re
from html import unescape
from typing import Any

import pytest

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.store.database import Database
from faktura.web.tests.conftest import Browser, add, in_office, issue
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

SCRIPT = "<script>alert(1)</script>"


def listed(page: str) -> list[str]:
    return re.findall(r'<th scope="row" class="name"><a href="[^"]*">([^<]*)</a>', page)


def beside(page: str) -> list[tuple[str, str]]:
    """The pages before and after."""
    return [(rel, unescape(address)) for rel, address in re.findall(r'rel="(prev|next)" href="([^"]*)"', page)]


def test_the_address_of_a_contact_opens_for_a_member(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(
        service,
        firm,
        "Žlutý kůň s.r.o.",
        email="info@kun.example",
        registration_no="27082440",
        street="Dlouhá 12",
        city="Praha",
        postcode="11000",
        country="SK",
        web="https://kun.example/?a=1&b=2",
        private_note="Platí pozdě.",
    )
    page = owner.get(f"/applecorp/subjects/{contact.id}")

    assert page.status_code == 200
    for text in ("Žlutý kůň s.r.o.", "27082440", "Dlouhá 12", "11000 Praha", "Slovakia", "Platí pozdě.", "14 days"):
        assert text in page.text
    assert 'href="mailto:info%40kun.example"' in page.text
    assert 'href="https://kun.example/?a=1&amp;b=2"' in page.text


def test_the_address_of_a_contact_asks_for_a_sign_in_first(browser: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    for path in (f"/applecorp/subjects/{contact.id}", "/applecorp/subjects/999", "/nobody/subjects/1"):
        asked = browser.get(path)
        assert (asked.status_code, asked.location) == (302, f"/sign-in?next={path}")


def test_the_contacts_of_others_are_not_found(
    owner: Browser, service: Service, firm: Firm, database: Database, clock: Clock
) -> None:
    other = open_firm(database, clock, "pearcorp")
    own, foreign = add(service, firm, "Own"), add(service, other, "Foreign")

    for path in (
        f"/pearcorp/subjects/{foreign.id}",
        f"/pearcorp/subjects/{own.id}",
        f"/applecorp/subjects/{foreign.id}",
        "/pearcorp/subjects",
        "/nobody/subjects",
    ):
        missing = owner.get(path)
        assert missing.status_code == 404, path
        assert "Foreign" not in missing.text
        assert "Pearcorp" not in missing.text


@pytest.mark.parametrize(
    "number", ["0", "999", "2147483647", "2147483648", "99999999999999999999", "-1", "1.5", "abc", "\u0661"]
)
def test_what_is_no_contact_is_not_found(owner: Browser, number: str) -> None:
    assert owner.get(f"/applecorp/subjects/{number}").status_code == 404


def test_what_stands_in_a_contact_is_text_and_never_markup(owner: Browser, service: Service, firm: Firm) -> None:
    values = dict.fromkeys(("full_name", "street", "city", "phone", "web", "private_note", "bank_account"), SCRIPT)
    contact = add(service, firm, SCRIPT, **values)

    for path in (f"/applecorp/subjects/{contact.id}", "/applecorp/subjects", f"/applecorp/subjects?query={SCRIPT}"):
        page = owner.get(path)
        assert page.status_code == 200
        assert "&lt;script&gt;" in page.text
        assert "<script>" not in page.text


def test_only_a_web_address_is_a_link(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel", web="javascript:alert(1)")
    page = owner.get(f"/applecorp/subjects/{contact.id}").text

    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page


def test_contacts_are_listed_by_name_in_pages_of_50(owner: Browser, service: Service, firm: Firm) -> None:
    ids = {n: add(service, firm, f"Firm {n:03}").id for n in reversed(range(120))}
    first = owner.get("/applecorp/subjects").text
    second = owner.get(f"/applecorp/subjects?after={ids[49]}").text
    third = owner.get(f"/applecorp/subjects?after={ids[99]}").text
    back = owner.get(f"/applecorp/subjects?before={ids[100]}").text

    assert [listed(page) for page in (first, second, third, back)] == [
        [f"Firm {n:03}" for n in range(*ends)] for ends in ((0, 50), (50, 100), (100, 120), (50, 100))
    ]
    assert beside(first) == [("next", f"/applecorp/subjects?after={ids[49]}")]
    assert beside(second) == beside(back)
    assert beside(second) == [
        ("prev", f"/applecorp/subjects?before={ids[50]}"),
        ("next", f"/applecorp/subjects?after={ids[99]}"),
    ]
    assert beside(third) == [("prev", f"/applecorp/subjects?before={ids[100]}")]
    assert all("120 contacts" in page for page in (first, second, third, back))


def test_the_last_page_and_the_first_are_one_press_away(owner: Browser, service: Service, firm: Firm) -> None:
    names = [f"Odběratel {n:03}" for n in range(120)]
    for name in names:
        add(service, firm, name)
    last = owner.get("/applecorp/subjects?before=last").text

    assert 'href="/applecorp/subjects?before=last"' in owner.get("/applecorp/subjects").text
    assert listed(last) == names[-50:]
    assert [rel for rel, _ in beside(last)] == ["prev"]
    assert 'href="/applecorp/subjects"' in last
    assert listed(owner.get(dict(beside(last))["prev"]).text) == names[20:70]


def test_exactly_a_page_of_contacts_has_no_next_page(owner: Browser, service: Service, firm: Firm) -> None:
    for n in range(50):
        add(service, firm, f"Firm {n:02}")

    assert beside(owner.get("/applecorp/subjects").text) == []


@pytest.mark.parametrize("after", ["0", "999", "-1", "x", "", "1.0", "99999999999999999999999"])
def test_what_is_no_contact_begins_no_page_but_the_first(
    owner: Browser, service: Service, firm: Firm, after: str
) -> None:
    add(service, firm, "Karel")

    assert listed(owner.get(f"/applecorp/subjects?after={after}").text) == ["Karel"]


def test_contacts_without_a_city_come_last_on_whatever_page(owner: Browser, service: Service, firm: Firm) -> None:
    """And first where the order is turned round; a page that begins among them goes on among them."""
    names = [add(service, firm, f"A{n:02}", city="Brno" if n < 10 else None).name for n in range(60)]
    turned = names[10:][::-1] + names[:10][::-1]

    for sort, expected in (("city", names), ("-city", turned)):
        found = []
        address: str | None = f"/applecorp/subjects?sort={sort}"
        while address:
            page = owner.get(address).text
            found += listed(page)
            address = dict(beside(page)).get("next")
        assert found == expected, sort


def test_filters_stand_in_the_address_and_can_be_taken_off(owner: Browser, service: Service, firm: Firm) -> None:
    add(service, firm, "Odběratel", role="customer")
    add(service, firm, "Dodavatel", role="supplier")
    page = owner.get("/applecorp/subjects?role=supplier&query=dodav&sort=-name").text

    assert listed(page) == ["Dodavatel"]
    assert 'href="/applecorp/subjects?query=dodav&amp;sort=-name"' in page
    assert 'href="/applecorp/subjects?role=supplier&amp;sort=-name"' in page
    assert "1 contact<" in page
    assert listed(owner.get("/applecorp/subjects?role=nonsense&sort=nonsense").text) == ["Dodavatel", "Odběratel"]


def test_a_script_gets_the_rows_and_nobody_else_does(owner: Browser, service: Service, firm: Firm) -> None:
    add(service, firm, "Karel")
    page = owner.get("/applecorp/subjects?query=karel")
    part = owner.get("/applecorp/subjects?query=karel", **{"HX-Request-Type": "partial"})

    assert listed(part.text) == listed(page.text) == ["Karel"]
    assert "<html" not in part.text
    assert part.text.strip() in page.text
    assert "HX-Request-Type" in page.headers["Vary"]
    assert "HX-Request-Type" in part.headers["Vary"]


def test_contacts_are_found_by_words_without_accents(owner: Browser, service: Service, firm: Firm) -> None:
    add(service, firm, "Žlutý kůň s.r.o.")
    add(service, firm, "Jiná firma")

    found = owner.get("/applecorp/subjects?query=zluty+kun").text
    assert "Žlutý kůň s.r.o." in found
    assert "Jiná firma" not in found
    assert "No contact fits “nothing”." in owner.get("/applecorp/subjects?query=nothing").text


def test_an_account_without_contacts_says_so(owner: Browser) -> None:
    assert "There are no contacts yet." in owner.get("/applecorp/subjects").text


def test_a_reader_sees_the_contacts(app: Any, service: Service, database: Database, clock: Clock) -> None:
    firm = open_firm(database, clock, "readers", permission="read", language="en")
    contact = add(service, firm, "Karel")
    reader = Browser(app)
    reader.sign_in(firm.user.email)

    assert reader.get(f"/readers/subjects/{contact.id}").status_code == 200


def test_a_blocked_account_shows_its_unpaid_invoices_and_the_way_to_its_export_and_nothing_else(
    owner: Browser, service: Service, firm: Firm
) -> None:
    contact = add(service, firm, "Karel")
    unpaid = "https://billing.example/invoices/7"

    def block(office: Office) -> None:
        account = office.find(type(firm.account), id=firm.account.id)
        office.change(account, blocked=True, unpaid_invoices=(unpaid,))

    in_office(service, block)
    page = owner.get(f"/applecorp/subjects/{contact.id}")
    assert page.status_code == 402
    assert unpaid in page.text
    assert 'href="/applecorp/export"' in page.text
    assert "Karel" not in page.text


@pytest.mark.parametrize("text", ["Zborovice", "Dlouha", "7700042"])
def test_contacts_are_found_by_city_street_and_symbol_wherever_they_are_looked_for(
    owner: Browser, service: Service, firm: Firm, text: str
) -> None:
    add(service, firm, "Karel", city="Zborovice", street="Dlouhá 12", variable_symbol="7700042")
    add(service, firm, "Jiná firma", city="Praha")

    for path in ("subjects", "subjects/pick", "search", "search/pick"):
        found = owner.get(f"/applecorp/{path}?query={text}").text
        assert "Karel" in found, path
        assert "Jiná firma" not in found, path


@pytest.mark.parametrize("text", ["Zborovice", "27082440", "CZ27082440", "121.00", "121,00"])
def test_the_search_finds_documents_by_city_numbers_of_the_buyer_and_amount(
    owner: Browser, service: Service, firm: Firm, text: str
) -> None:
    buyer = add(service, firm, "Karel", city="Zborovice", registration_no="27082440", vat_no="CZ27082440")
    invoice = issue(service, firm, buyer)

    for path in ("search", "search/pick"):
        assert invoice.number in owner.get(f"/applecorp/{path}?query={text}").text, path


def test_the_form_of_a_contact_weighs_no_more_than_a_list_may(owner: Browser) -> None:
    assert len(owner.get("/applecorp/subjects/new").data) <= 40 * 1024
