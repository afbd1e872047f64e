"""Sections 2.6 and 1.5: invoices listed, filtered and searched."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.clock import Clock
from faktura.dialects.fakturoid.tests.conftest import Client, Desk, line
from tests import needs

pytestmark = needs.ONE_ENGINE


def ids(invoices: Any) -> list[int]:
    return [found["id"] for found in invoices]


def found(desk: Desk, query: str) -> list[int]:
    return ids(desk.listed(query, "/invoices/search.json"))


def test_the_latest_issue_comes_first_and_of_one_day_the_highest_number(desk: Desk) -> None:
    numbers = [("2026-11-02", "2026-0002"), ("2026-11-02", "2026-0010"), ("2026-11-03", "2026-0001")]
    issued = [desk.issue(issued_on=day, number=number)["id"] for day, number in numbers]
    proforma = desk.issue(document_type="proforma", issued_on="2026-11-02")["id"]

    assert ids(desk.listed()) == [issued[2], issued[1], issued[0], proforma]
    assert found(desk, "") == ids(desk.listed())


def test_forty_are_on_a_page_and_past_the_end_there_is_none(desk: Desk) -> None:
    issued = [desk.issue()["id"] for _ in range(41)]

    assert ids(desk.listed()) == issued[:0:-1]
    assert ids(desk.listed("page=2")) == issued[:1]
    assert desk.listed("page=3") == []
    assert desk.listed("page=x") == desk.listed("page=0") == desk.listed("page=1")


@pytest.mark.parametrize(
    ("kind", "kinds"),
    [
        ("regular", {"invoice", "final_invoice", "correction", "tax_document"}),
        ("invoice", {"invoice"}),
        ("proforma", {"proforma"}),
        ("correction", {"correction"}),
        ("tax_document", {"tax_document"}),
    ],
)
def test_the_type_filter_knows_regular_documents_ordinary_invoices_and_three_kinds(
    desk: Desk, kind: str, kinds: set[str]
) -> None:
    original = desk.issue()
    desk.issue(line(-1), document_type="correction", correction_id=original["id"])
    desk.pay(desk.issue(document_type="proforma"))
    desk.pay(desk.issue(document_type="proforma", proforma_followup_document="tax_document"))

    assert {document["document_type"] for document in desk.listed(f"document_type={kind}")} == kinds
    assert len(desk.listed()) == 6


@pytest.mark.parametrize("kind", ["estimate", "final_invoice", "partial_proforma", "nonsense"])
def test_another_type_is_a_400(desk: Desk, kind: str) -> None:
    refused = desk.client.get("/invoices.json", query_string=f"document_type={kind}")

    assert (refused.status_code, refused.json) == (
        400,
        {"error": "invalid_request", "error_description": 'Parameter "document_type" is invalid'},
    )


def test_filters_find_what_is_exactly_so_and_go_together(desk: Desk) -> None:
    other = desk.client.post("/subjects.json", {"name": "Jiný"}).json["id"]
    first = desk.issue(custom_id="A-1")
    second = desk.issue(custom_id="A-12", subject_id=other)
    desk.fire(second, "mark_as_sent")

    assert ids(desk.listed("custom_id=A-1")) == [first["id"]]
    assert ids(desk.listed(f"subject_id={other}")) == [second["id"]]
    assert ids(desk.listed(f"number={first['number']}")) == [first["id"]]
    assert desk.listed("number=2026") == []
    assert ids(desk.listed("status=sent")) == [second["id"]]
    assert ids(desk.listed("status=open")) == [first["id"]]
    assert ids(desk.listed(f"status=sent&subject_id={other}&document_type=regular")) == [second["id"]]
    assert desk.listed(f"status=open&subject_id={other}") == []


@pytest.mark.parametrize("query", ["subject_id=x", "subject_id=999999", "status=draft", "number=%F0%9F%92%A9"])
def test_a_filter_that_nothing_fits_finds_nothing(desk: Desk, query: str) -> None:
    desk.issue()

    assert desk.listed(query) == []


@pytest.mark.parametrize("query", ["subject_id=", "status=", "number=", "document_type=", "per_page=1", "email=x"])
def test_an_empty_or_unknown_filter_is_none(desk: Desk, query: str) -> None:
    issued = desk.issue()

    assert ids(desk.listed(query)) == [issued["id"]]


def test_bounds_are_inclusive_and_compare_creation_and_change(desk: Desk, clock: Clock) -> None:
    now = clock.now()
    clock.stand_at(now - dt.timedelta(hours=1))
    old = desk.issue()
    clock.stand_at(now)
    new = desk.issue()
    desk.change(old, note="x")
    by_number = [new["id"], old["id"]]

    def listed(bound: str, moment: dt.datetime) -> list[int]:
        shown = moment.astimezone(dt.timezone(dt.timedelta(hours=5))).isoformat()
        return ids(desk.client.get("/invoices.json", params={bound: shown}).json)

    bit = dt.timedelta(milliseconds=1)
    assert (listed("since", now), listed("since", now + bit)) == ([new["id"]], [])
    assert (listed("until", now), listed("until", now - bit)) == (by_number, [old["id"]])
    assert (listed("updated_since", now), listed("updated_since", now + bit)) == (by_number, [])
    assert (listed("updated_until", now), listed("updated_until", now - bit)) == (by_number, [])
    assert ids(desk.listed("since=2001-01-01")) == by_number


@pytest.mark.parametrize("name", ["since", "until", "updated_since", "updated_until"])
def test_a_bound_that_cannot_be_read_is_a_400(desk: Desk, name: str) -> None:
    refused = desk.client.get("/invoices.json", query_string=f"{name}=yesterday")

    assert (refused.status_code, refused.json["error_description"]) == (400, f'Parameter "{name}" is invalid')


@pytest.mark.parametrize(
    "words", ["2026-0001", "20260001", "odberatel", "VRATA", "dekujeme", "pozde", "pod+carou", "zednik+vrata"]
)
def test_a_search_looks_through_numbers_names_notes_and_lines(desk: Desk, words: str) -> None:
    sent = {"note": "Děkujeme", "private_note": "Platí pozdě", "footer_note": "Pod čarou"}
    issued = desk.issue(line(1, name="Zedník"), line(2, name="Vrata"), **sent)
    other = desk.client.post("/subjects.json", {"name": "Nikdo"}).json["id"]
    desk.issue(line(1, name="x"), number="2026-0099", subject_id=other)

    assert found(desk, f"query={words}") == [issued["id"]]


def test_a_search_that_finds_nothing_is_an_empty_list(desk: Desk) -> None:
    desk.issue(tags=["tajné"])

    assert found(desk, "query=nikde") == []
    assert found(desk, "query=tajné") == []


def test_a_search_sees_what_was_changed(desk: Desk) -> None:
    issued = desk.issue(line(1, name="Vrata"))
    desk.change(issued, lines=[{"id": issued["lines"][0]["id"], "name": "Branka"}], tags=["nový"])

    assert found(desk, "query=vrata") == []
    assert found(desk, "query=branka") == found(desk, "tags=nový") == [issued["id"]]


@pytest.mark.parametrize(
    "query",
    ["tags[]=a&tags[]=b", "tags[0]=a&tags[1]=b", "tags=a,b", "tags=a&tags=b", 'tags=["a","b"]', "tags%5B%5D=a&tags=b"],
)
def test_tags_come_in_five_spellings_and_a_document_has_them_all(desk: Desk, query: str) -> None:
    desk.issue(tags=["a"])
    both = desk.issue(tags=["b", "c", "a"])
    desk.issue(tags=["ab"])

    assert found(desk, query) == [both["id"]]


@pytest.mark.parametrize("tag", ["vip", "VIP", "léto 2026", "100%", 'a"b', "Důležité"])
def test_a_tag_is_found_exactly_as_it_is(desk: Desk, client: Client, tag: str) -> None:
    tagged = desk.issue(tags=[tag])
    for other in (f"{tag}x", f"x{tag}", tag.swapcase() if tag.swapcase() != tag else "z"):
        desk.issue(tags=[other])

    answer = client.get("/invoices/search.json", params={"tags[]": tag})
    assert ids(answer.json) == [tagged["id"]]


def test_words_and_tags_go_together(desk: Desk) -> None:
    wanted = desk.issue(line(1, name="Vrata"), tags=["a"])
    desk.issue(line(1, name="Vrata"), tags=["b"])
    desk.issue(line(1, name="Okno"), tags=["a"])

    assert found(desk, "query=vrata&tags=a") == [wanted["id"]]


def test_tags_may_be_sent_as_a_text_and_the_new_list_replaces_the_old(desk: Desk) -> None:
    issued = desk.issue(tags="a, b ,a")

    assert issued["tags"] == ["a", "b"]
    assert desk.change(issued, tags=["c"])["tags"] == ["c"]
    assert desk.change(issued, note="x")["tags"] == ["c"]
    assert desk.change(issued, tags=[])["tags"] == []


def test_a_busy_search_is_a_503(desk: Desk) -> None:
    desk.client.service.modes.busy_search = True

    assert desk.client.get("/invoices/search.json").status_code == 503
    assert desk.client.get("/invoices.json").status_code == 200
