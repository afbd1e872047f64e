"""Verbs for many documents: count and sums come first, a job does it to each, and each has its result."""

import re
from urllib.parse import urlencode

import pytest
from flask import Flask

from faktura.core.clock import Clock
from faktura.core.invoices.record import Invoice
from faktura.store.database import Database
from faktura.web.documents import bulk
from faktura.web.tests.conftest import Browser, add, again, in_books, issue
from faktura.web.tests.test_export import signed_in, work
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

BULK = "/applecorp/invoices/bulk"


def ticked(verb: str, *documents: Invoice, **more: str) -> str:
    return f"{BULK}?{urlencode([('verb', verb), *(('id', str(one.id)) for one in documents), *more.items()])}"


def test_the_list_has_a_box_for_each_document_and_one_for_all_that_fit(
    owner: Browser, service: Service, firm: Firm
) -> None:
    issue(service, firm, kind="proforma")
    shown = [issue(service, firm) for _ in range(2)]
    page = owner.get("/applecorp/invoices?kind=invoice&sort=number").text

    assert re.findall(r'name="id" value="(\d+)" form="chosen"', page) == [str(one.id) for one in shown]
    chosen = re.search(r'<form[^>]*id="chosen".*?</form>', page, re.DOTALL)
    assert chosen is not None
    assert 'name="kind" value="invoice"' in chosen[0]
    assert "all 2 that fit" in chosen[0]
    assert re.findall(r'<option value="(\w+)"', chosen[0]) == [
        "send",
        "remind",
        "pay",
        "lock",
        "tag",
        "pdf",
        "zip",
        "xlsx",
        "csv",
        "isdoc",
        "isdoc_pdf",
        "pohoda",
    ]


def test_all_that_fit_are_found_by_the_filter_and_not_by_ids(owner: Browser, service: Service, firm: Firm) -> None:
    """More than a page of the list shows."""
    buyer = add(service, firm, "Karel")
    for _ in range(52):
        issue(service, firm, buyer)
    other = issue(service, firm, kind="proforma")
    address = f"{BULK}?verb=tag&all=yes&kind=invoice"
    assert "<output>52 documents</output>" in owner.get(address).text
    done = owner.post(address, tag="rok")
    work(service)

    assert "52 documents are done" in owner.get(done.location).text
    assert again(service, firm, other).tags == ()
    assert in_books(service, firm, lambda books: {one.tags for one in books.all(Invoice) if one.kind == "invoice"}) == {
        ("rok",)
    }


def test_a_refused_document_says_why_beside_those_that_are_done(owner: Browser, service: Service, firm: Firm) -> None:
    first, second = issue(service, firm), issue(service, firm)
    address = ticked("pay", first, second)
    owner.get(ticked("pay", first))
    owner.post(ticked("pay", first), paid_on="1. 11. 2026")
    work(service)
    assert "242.00" in owner.get(address).text
    results = owner.post(address).location
    assert owner.get(results).headers["Refresh"] == "2"
    work(service)
    page = owner.get(results).text

    assert "1 document was left out" in page
    assert re.findall(r'">([^<]+)</a></th><td class="note">([^<]+)<', page) == [
        (first.number, "The document is paid already."),
        (second.number, "Done"),
    ]
    assert again(service, firm, first).paid_on is not None


def test_who_has_no_address_is_named_before_anything_is_sent(owner: Browser, service: Service, firm: Firm) -> None:
    silent = issue(service, firm, "Mlčenlivý")
    heard = issue(service, firm, add(service, firm, "Slyšící", email="s@example.com"))
    page = owner.get(ticked("send", silent, heard)).text
    assert "1 contact has no e-mail address" in page
    assert "Mlčenlivý" in page
    assert "Slyšící" not in page

    done = owner.post(ticked("send", silent, heard))
    work(service)
    assert "Fill this in." not in owner.get(done.location).text
    assert "no e-mail address" in owner.get(done.location).text
    assert (again(service, firm, silent).sent_at, again(service, firm, heard).sent_at is not None) == (None, True)


def test_an_empty_tag_and_no_day_are_refused_at_their_fields(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    for verb, field, typed in (("tag", "tag", " "), ("pay", "paid_on", "31. 2. 2026")):
        owner.get(ticked(verb, invoice))
        refused = owner.post(ticked(verb, invoice), **{field: typed})
        assert refused.status_code == 422
        assert f'id="{field}-wrong"' in refused.text


def test_nothing_ticked_or_too_many_say_so(
    owner: Browser, service: Service, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No document was chosen" in owner.get(f"{BULK}?verb=lock&id=0&id=x&id=99999999999").text
    monkeypatch.setattr(bulk, "MOST", 1)
    documents = issue(service, firm), issue(service, firm)
    assert "2 documents fit, but this can be done to 1 at most" in owner.get(ticked("pdf", *documents)).text


def test_documents_of_others_are_not_chosen(
    owner: Browser, service: Service, firm: Firm, database: Database, clock: Clock
) -> None:
    foreign = issue(service, open_firm(database, clock, "pearcorp"))
    issue(service, firm)
    assert "No document was chosen" in owner.get(ticked("lock", foreign)).text
    assert owner.get(ticked("lock", foreign).replace("applecorp", "pearcorp")).status_code == 404


@pytest.mark.parametrize(("permission", "allowed"), [("read", {"zip"}), ("accountant", {"zip", "lock"})])
def test_a_member_sees_and_does_only_what_is_allowed(
    service: Service, app: Flask, database: Database, clock: Clock, permission: str, allowed: set[str]
) -> None:
    firm = open_firm(database, clock, "readers", permission=permission, language="en")  # type: ignore[arg-type]
    invoice = issue(service, firm)
    member = signed_in(app, firm)
    listed = member.get("/readers/invoices").text
    for verb in ("zip", "lock", "tag", "send", "pay"):
        address = ticked(verb, invoice).replace("applecorp", "readers")
        assert (f'<option value="{verb}"' in listed) == (verb in allowed)
        assert member.get(address).status_code == (200 if verb in allowed else 403)
        member.get("/readers/invoices")
        if verb not in allowed:
            assert member.post(address).status_code == 403
