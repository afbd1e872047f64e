"""Section 20: costs, from the scan that is uploaded to the cost that is paid, noted and deleted."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest

from faktura.core.books.jobs_to_do import Job
from faktura.core.contacts import add_contact
from faktura.core.documents.attachments import GivenFile
from faktura.core.errors import Given
from faktura.core.received.find import find_paper
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.costing import (
    LISTED,
    NOBODY,
    PDF,
    PNG,
    VERBS,
    WHOLE,
    File,
    done,
    enter,
    listed,
    many,
    put_in_books,
    read,
    refused,
    scan,
    statuses,
    upload,
    write,
)
from faktura.jobs import Reach, handlers
from faktura.outputs.mail.server import read_mail_server
from faktura.worker import Worker
from tests.lying_files import LIES
from tests.mail_double import mail_server


def test_a_scan_knows_nothing_of_what_its_paper_says(client: Client) -> None:
    got = read(client, scan(client))

    assert list(got) == WHOLE
    assert got["kind"] == "document_scan"
    assert got["source"] == "upload"
    assert got["number"] == "paragon.pdf"
    assert {got[name] for name in LISTED[2:14]} == {None}
    assert (got["notes_count"], got["newest_note"], got["notes"], got["duplicated"]) == (0, None, [], False)
    assert got["added_by"] == client.firm.user.full_name
    assert dt.datetime.strptime(got["created_at"], "%Y-%m-%d %H:%M:%S %z")
    assert got["statuses"] == [
        {"symbol": "cost_not_accounted", "name": "Nie zaksięgowano", "group": "cost_accounting"},
        {"symbol": "payment_not_applicable", "name": "Nie dotyczy", "group": "payment"},
    ]


def test_a_scan_that_is_entered_is_a_cost_under_the_same_uuid(client: Client) -> None:
    uuid = scan(client)
    assert enter(client, uuid, original_number="FV/7", description="Papier") == uuid

    got = read(client, uuid)
    today = client.service.clock.now().date().isoformat()
    assert got["kind"] == "cost"
    assert (got["number"], got["description"]) == ("FV/7", "Papier")
    assert (got["net_price"], got["tax_price"], got["gross_price"], got["currency"]) == (10000, 2300, 12300, "PLN")
    assert (got["issue_date"], got["received_date"]) == (today, today)
    assert (got["seller_name"], got["seller_tax_code"]) == ("Papiernia", "PL5252248498")
    assert got["seller_bank_account"] == ""
    assert got["source"] == "upload"
    assert [file["kind_id"] for file in got["attachments"]] == [21]
    assert statuses(client, uuid) == ["cost_not_accounted", "unpaid"]


def test_what_was_entered_without_a_scan_goes_by_its_own_number(client: Client) -> None:
    got = read(client, enter(client))

    assert got["number"]
    assert (got["source"], got["attachments"]) == ("infakt", [])


def test_lists_leave_out_what_only_one_cost_shows(client: Client) -> None:
    uuid = enter(client)
    entity = client.get("/documents/costs.json").json["entities"][0]

    assert list(entity) == LISTED
    assert entity == {name: value for name, value in read(client, uuid).items() if name in LISTED}


def test_the_envelope_holds_metainfo_and_entities_alone(client: Client) -> None:
    enter(client)
    assert list(client.get("/documents/costs.json").json) == ["metainfo", "entities"]


def test_the_uuid_is_always_among_the_fields(client: Client) -> None:
    uuid = scan(client)
    one = client.get(f"/documents/costs/{uuid}.json", query_string="fields=kind,attachments(file_name)").json

    assert set(one) == {"uuid", "kind", "attachments"}
    assert client.get("/documents/costs.json", query_string="fields=kind").json["entities"] == [
        {"uuid": uuid, "kind": "document_scan"}
    ]


def test_every_address_of_a_file_opens_for_the_key(client: Client) -> None:
    uploaded = upload(client)[0]
    file = read(client, uploaded["document_scan_uuid"])["attachments"][0]

    for url in (uploaded["download_url"], file["file_url"], file["download_url"]):
        opened = client.get(url.partition("/v3")[2])
        assert (opened.status_code, opened.content) == (200, PDF)
        assert opened.headers["Content-Type"] == "application/pdf"
    assert client.get(file["file_url"].partition("/v3")[2], headers={"X-inFakt-ApiKey": None}).status_code == 401


NOT_TAKEN: dict[str, File] = {
    "another type": ("paragon.png", "application/pdf", PNG),
    "another ending": ("paragon.exe", "application/octet-stream", PDF),
    "no ending": ("paragon", "application/pdf", PDF),
    "a kind that is not taken": ("paragon.gif", "image/gif", b"GIF89a"),
    "an invoice in XML": ("faktura.xml", "text/xml", b"<?xml version='1.0'?><Faktura/>"),
}


@pytest.mark.parametrize("file", [*LIES.values(), *NOT_TAKEN.values()], ids=[*LIES, *NOT_TAKEN])
def test_a_scan_that_is_not_what_it_says_is_refused_alone(client: Client, file: File) -> None:
    first, second = upload(client, file, ("dobry.png", "image/png", PNG))

    refusal = {"success": False, "name": file[0], "document_scan_uuid": None, "download_url": None}
    assert first == refusal
    assert second["success"] is True
    assert listed(client) == [second["document_scan_uuid"]]


def test_an_upload_without_files_is_refused(client: Client) -> None:
    answer = client.post("/documents/costs/upload.json", {"uploads": ["text"]})
    assert (answer.status_code, answer.json["errors"]) == (422, {"uploads": ["nie może być puste"]})


def test_costs_are_chosen_bare_or_inside_q(client: Client) -> None:
    old = enter(client, price=50, issued_on=dt.date(2026, 1, 5), due_on=dt.date(2026, 1, 20))
    new = enter(client, price=500, issued_on=dt.date(2026, 3, 5), due_on=dt.date(2026, 3, 20), currency="EUR")
    waiting = scan(client)
    found: dict[tuple[str, Any], list[str]] = {
        ("kind_in[]", "document_scan"): [waiting],
        ("kind_in[]", "cost"): [new, old],
        ("kind_in[]", "internal_evidence"): [],
        ("issue_date_gteq", "2026-02-01"): [new],
        ("issue_date_lteq", "2026-02-01"): [old],
        ("due_date_gteq", "2026-03-20"): [new],
        ("due_date_lteq", "2026-03-19"): [old],
        ("net_in_cents_gteq", 50000): [new],
        ("net_in_cents_lteq", 5000): [old],
        ("gross_in_cents_gteq", 61500): [new],
        ("gross_in_cents_lteq", 6150): [old],
        ("currency_in[]", "EUR"): [new],
        ("currency_eq", "PLN"): [old],
        ("source_eq", "upload"): [waiting],
        ("source_eq", "infakt"): [new, old],
        ("source_eq", "ksef"): [],
        ("seller_tax_code_eq", "525-224-84-98"): [new, old],
        ("seller_tax_code_eq", "1"): [],
        ("created_at_gteq", "2020-01-01"): [waiting, new, old],
        ("created_at_lteq", "2020-01-01"): [],
        ("nip", "1"): [waiting, new, old],
    }
    for (name, value), uuids in found.items():
        assert listed(client, **{name: value}) == uuids, name
        attribute, brackets, _ = name.partition("[]")
        assert listed(client, **{f"q[{attribute}]{brackets and '[]'}": value}) == uuids, name


def test_costs_are_chosen_by_their_statuses(client: Client) -> None:
    waiting, unpaid, paid, partial = scan(client), enter(client), enter(client), enter(client)
    many(client, "paid", paid)
    many(client, "paid", partial, received_amount=100)
    put_in_books(client, paid)
    put_in_books(client, partial, "to_clarify")
    payment, booked = "q[payment_document_statuses_symbol_in][]", "q[cost_accounting_document_statuses_symbol_in][]"

    assert listed(client, **{payment: "payment_not_applicable"}) == [waiting]
    assert listed(client, **{payment: ["unpaid", "paid"]}) == [paid, unpaid]
    assert listed(client, **{payment: "partial_payment"}) == [partial]
    assert listed(client, **{booked: "cost_accounted"}) == [paid]
    assert listed(client, **{booked: ["to_clarify", "cost_not_accounted"]}) == [partial, unpaid, waiting]
    assert listed(client, **{booked: "cost_not_accounted", payment: "unpaid"}) == [unpaid]
    assert listed(client, **{booked: "autox_accounted"}) == []
    assert listed(client, **{"q[document_statuses_symbol_in][]": ["paid", "to_clarify"]}) == [partial, paid]


@pytest.mark.parametrize(
    "asked", ["issue_date_gteq=x", "q[net_in_cents_gteq]=1.5", "currency_in[]=XYZ", "created_at_lteq=9999-13-01"]
)
def test_a_value_of_another_kind_is_refused(client: Client, asked: str) -> None:
    assert client.get("/documents/costs.json", query_string=asked).status_code == 400


def test_what_has_no_value_comes_last_in_either_direction(client: Client) -> None:
    waiting = scan(client)
    cheap, dear = enter(client, price=1), enter(client, price=9, category="paliwo")
    put_in_books(client, dear)
    by_price = ("gross_price", "net_price", "tax_price")

    for name in by_price:
        assert listed(client, order=name) == [cheap, dear, waiting]
        assert listed(client, order=f"{name} desc") == [dear, cheap, waiting]
    for name in ("issue_date", "received_date", "due_date"):
        assert listed(client, order=f"{name} desc")[-1] == listed(client, order=name)[-1] == waiting
    for name in ("category", "accounted_at"):
        assert listed(client, order=f"{name} desc")[0] == listed(client, order=name)[0] == dear
    assert listed(client, order="created_at") == [waiting, cheap, dear]
    assert listed(client, order="nonsense desc") == [dear, cheap, waiting]


def test_two_costs_of_one_seller_with_one_number_are_duplicated(client: Client) -> None:
    contact = write(client, lambda books: add_contact(books, Given({"name": "Papiernia"})))
    first = enter(client, contact_id=contact.id, original_number="FV/1")
    second = enter(client, contact_id=contact.id, original_number="FV/2")
    assert not read(client, first)["duplicated"]

    third = enter(client, contact_id=contact.id, original_number="FV/1")
    assert [read(client, uuid)["duplicated"] for uuid in (first, second, third)] == [True, False, True]


def test_costs_are_paid_and_paid_no_more(client: Client) -> None:
    uuids = [enter(client), scan(client), enter(client)]

    result = many(client, "paid", *uuids, NOBODY, paid_on="2026-11-01")
    assert result["success"] is False
    assert [entity["uuid"] for entity in result["entities"]] == uuids
    assert done(result) == ["success", "failure", "success"]
    assert statuses(client, uuids[0])[1] == "paid"
    assert done(many(client, "paid", uuids[0])) == ["failure"]

    assert many(client, "unpaid", uuids[0])["success"] is True
    assert statuses(client, uuids[0])[1] == "unpaid"
    assert done(many(client, "unpaid", uuids[0])) == ["failure"]


def test_a_single_cost_is_paid_in_part_or_in_the_currency_of_the_books(client: Client) -> None:
    part = enter(client)
    abroad = enter(client, currency="EUR", exchange_rate=Decimal("4.25"))

    assert done(many(client, "paid", part, received_amount=2300)) == ["success"]
    assert statuses(client, part)[1] == "partial_payment"
    assert done(many(client, "paid", part)) == ["success"]
    assert done(many(client, "paid", abroad, payment_currency="USD", received_amount=1)) == ["failure"]
    more = {"payment_currency": "PLN", "received_amount": 52500, "calculate_exchange_difference": True}
    assert done(many(client, "paid", abroad, **more)) == ["success"]
    payment = write(client, lambda books: find_paper(books, abroad)).payments[0]
    assert (payment.amount, payment.native_amount) == (Decimal(123), Decimal(525))


def test_of_several_costs_nobody_says_what_each_was_paid(client: Client) -> None:
    errors = refused(client, "paid", uuids=f"{NOBODY},{enter(client)}", received_amount=1)
    assert errors == {"received_amount": ["Można podać tylko dla jednego kosztu."]}
    assert refused(client, "paid", uuid=NOBODY, received_amount=-1) == {"received_amount": ["musi być większe od 0"]}


def test_a_file_is_renamed_and_keeps_its_ending(client: Client) -> None:
    uuid, bare = scan(client, "stary.PDF"), enter(client)
    result = many(client, "update_file_name", uuid, bare, file_name="łódź 11.2026")

    assert done(result) == ["success", "failure"]
    got = read(client, uuid)
    assert got["number"] == got["attachments"][0]["file_name"] == "łódź 11.2026.PDF"
    assert (
        "11.2026.PDF"
        in client.get(got["attachments"][0]["file_url"].partition("/v3")[2]).headers["Content-Disposition"]
    )
    assert done(many(client, "update_file_name", uuid, file_name="nowy.pdf")) == ["success"]
    assert read(client, uuid)["number"] == "nowy.PDF"


@pytest.mark.parametrize("name", ["a/b", "a\\b", "x" * 252, "", "a\nb"])
def test_a_name_that_no_file_has_is_refused(client: Client, name: str) -> None:
    uuid = scan(client)
    assert list(refused(client, "update_file_name", uuids=uuid, file_name=name)) == ["file_name"]
    assert read(client, uuid)["number"] == "paragon.pdf"


def test_a_scan_is_given_a_category_and_keeps_it_when_it_is_entered(client: Client) -> None:
    waiting, cost = scan(client), enter(client)
    assert done(many(client, "assign_cost_category", waiting, cost, cost_category_id="9")) == ["success", "failure"]
    assert read(client, waiting)["category"] == "Paliwo"

    enter(client, waiting)
    assert read(client, waiting)["category"] == "Paliwo"
    assert list(refused(client, "assign_cost_category", uuids=waiting, cost_category_id=29)) == ["cost_category_id"]
    assert list(refused(client, "assign_cost_category", uuids=waiting)) == ["cost_category_id"]


LABELS = """
1 Artykuły biurowe
2 Delegacja
3 Hotel
4 Inne
5 Internet
6 Koszty pojazdu
7 Literatura specjalistyczna
8 Opłaty mieszkaniowe
9 Paliwo
10 Płatność za PIT
11 Płatność za VAT
12 Rata leasingowa
13 Reklama
14 Szkolenia
15 Usługi elektroniczne
16 Usługi gastronomiczne
17 Usługi księgowe
18 Usługi prawne
19 Usługi telekomunikacyjne
20 Usługi ubezpieczeniowe
21 Wydatki na transport
22 Wydatki związane z komputerem
23 Wynagrodzenie
24 Wyposażenie biura
25 Zakup towarów i/lub materiałów
26 ZUS za pracownika
27 Badania i rozwój
28 Wydatki przedsiębiorcy
32 Kasa fiskalna
33 Korekta podatku naliczonego
"""


def test_each_category_is_given_by_its_id_and_shown_by_its_label(client: Client) -> None:
    """20.4, whole."""
    waiting = scan(client)
    for one in LABELS.strip().splitlines():
        category_id, _, label = one.partition(" ")
        assert done(many(client, "assign_cost_category", waiting, cost_category_id=category_id)) == ["success"]
        assert read(client, waiting)["category"] == label
    for unused in (0, 29, 30, 31, 34):
        assert list(refused(client, "assign_cost_category", uuids=waiting, cost_category_id=unused)) == [
            "cost_category_id"
        ]


def test_each_status_has_its_name_and_its_group(client: Client) -> None:
    """20.3, as far as costs of this server have them."""
    waiting, unpaid, paid, partial = scan(client), enter(client), enter(client), enter(client)
    many(client, "paid", paid)
    many(client, "paid", partial, received_amount=100)
    for uuid, accounting in ((paid, "accounted"), (partial, "to_clarify"), (unpaid, "rejected")):
        put_in_books(client, uuid, accounting)
    found = {one["symbol"]: one for uuid in (waiting, unpaid, paid, partial) for one in read(client, uuid)["statuses"]}

    assert {symbol: (one["name"], one["group"]) for symbol, one in found.items()} == {
        "cost_accounted": ("Zaksięgowano", "cost_accounting"),
        "cost_rejected": ("Odrzucono", "cost_accounting"),
        "to_clarify": ("Do wyjaśnienia", "cost_accounting"),
        "cost_not_accounted": ("Nie zaksięgowano", "cost_accounting"),
        "paid": ("Zapłacono", "payment"),
        "unpaid": ("Nie zapłacono", "payment"),
        "partial_payment": ("Częściowa zapłata", "payment"),
        "payment_not_applicable": ("Nie dotyczy", "payment"),
    }


def test_statuses_that_no_cost_has_find_none(client: Client) -> None:
    put_in_books(client, enter(client))
    for symbol in ("autox_accounted", "cost_accounting_not_applicable"):
        assert listed(client, **{"q[cost_accounting_document_statuses_symbol_in][]": symbol}) == []


def test_notes_are_kept_with_their_author_the_newest_shown_in_lists(client: Client) -> None:
    waiting, cost = scan(client), enter(client)
    assert done(many(client, "create_note", waiting, cost, content="Za co to?")) == ["success"] * 2
    many(client, "create_note", waiting, content="Już wiem")
    put_in_books(client, waiting, "rejected", "Nieczytelny")

    got = read(client, waiting)
    first, _, last = client.firm.user.full_name.partition(" ")
    assert got["notes_count"] == 3
    assert [(note["kind"], note["content"]) for note in got["notes"]] == [
        ("general", "Za co to?"),
        ("general", "Już wiem"),
        ("rejected_reason", "Nieczytelny"),
    ]
    assert got["newest_note"] == got["notes"][-1]
    assert list(got["newest_note"]) == [
        *("kind", "content", "created_by", "author_first_name", "author_last_name", "author_avatar", "created_at"),
    ]
    assert (got["newest_note"]["author_first_name"], got["newest_note"]["author_last_name"]) == (first, last)
    assert statuses(client, waiting) == ["cost_rejected", "payment_not_applicable"]
    assert list(refused(client, "create_note", uuids=waiting, content=" ")) == ["content"]
    assert list(refused(client, "create_note", uuids=waiting, content="x" * 2001)) == ["content"]


def test_a_cost_keeps_the_notes_of_its_scan(client: Client) -> None:
    uuid = scan(client)
    many(client, "create_note", uuid, content="Za co to?")
    enter(client, uuid)
    assert [note["content"] for note in read(client, uuid)["notes"]] == ["Za co to?"]


def test_costs_are_deleted_and_what_is_in_the_books_only_with_a_correction(client: Client) -> None:
    waiting, cost, booked = scan(client), enter(client), enter(client)
    put_in_books(client, booked)

    assert done(many(client, "destroy", waiting, booked, cost)) == ["success", "failure", "success"]
    assert listed(client) == [booked]
    assert done(many(client, "destroy", booked, allow_correction="true")) == ["success"]
    assert client.get(f"/documents/costs/{booked}.json").status_code == 404


def test_files_beside_a_deleted_cost_are_kept_as_scans_where_that_is_asked(client: Client) -> None:
    file = GivenFile("umowa.pdf", "application/pdf", PDF)
    kept, thrown = (enter(client, scan(client), files=[file]) for _ in range(2))

    many(client, "destroy", thrown)
    assert listed(client) == [kept]
    many(client, "destroy", kept, destroy_related_attachments=False, documents_uploads_group="Umowy")
    left = listed(client)
    assert [read(client, uuid)["number"] for uuid in left] == ["umowa.pdf"]
    assert write(client, lambda books: find_paper(books, left[0])).tags == ("Umowy",)


@pytest.mark.parametrize("tag", ["a\nb", "x" * 256, "a\u202eb"])
def test_a_group_that_is_no_tag_is_refused(client: Client, tag: str) -> None:
    uuid = enter(client, scan(client), files=[GivenFile("umowa.pdf", "application/pdf", PDF)])
    said = {"destroy_related_attachments": False, "documents_uploads_group": tag}
    assert list(refused(client, "destroy", uuids=uuid, **said)) == ["documents_uploads_group"]
    assert listed(client) == [uuid]


def test_an_internal_evidence_is_no_cost(client: Client) -> None:
    """The contract names the kind among costs, and has no costs that are written as evidences (decision 55)."""
    evidence = {"classification_symbol": "salary", "service_name": "Wypłata", "unit_price": 10000}
    assert client.post("/internal_evidences.json", {"internal_evidence": evidence}).status_code == 201
    assert listed(client) == listed(client, **{"kind_in[]": "internal_evidence"}) == []


def test_files_are_sent_to_the_owner_of_the_key(client: Client) -> None:
    uuids = [scan(client), enter(client, scan(client)), enter(client)]
    answer = client.get("/documents/costs/download_many.json", query_string=f"uuids={','.join(uuids)}")
    assert (answer.status_code, answer.json) == (200, {"message": "OK"})

    with mail_server() as room:
        server = read_mail_server(f"smtp://127.0.0.1:{room.port}?from=posta@house.example")
        worker = Worker(client.service.database, client.service.clock, handlers(), Reach(mail_server=server))
        while worker.do_next():
            pass
    (letter,) = room.emails
    assert letter["To"] == client.firm.user.email
    (packed,) = letter.iter_attachments()
    with zipfile.ZipFile(io.BytesIO(packed.get_content())) as archive:
        assert archive.namelist() == ["paragon.pdf", "paragon (2).pdf"]
        assert archive.read("paragon.pdf") == PDF


def test_large_files_go_out_in_several_letters(client: Client) -> None:
    large = [(f"{n}.png", "image/png", PNG + b"\0" * 8_000_000) for n in range(3)]
    uuids = [one["document_scan_uuid"] for one in upload(client, *large)]
    assert client.get("/documents/costs/download_many.json", body={"uuids": ",".join(uuids)}).status_code == 200
    jobs = write(client, lambda books: [job for job in books.all(Job) if job.name == "mail_files"])
    assert len(jobs) == 3


def test_no_more_than_a_hundred_are_sent_and_nothing_of_what_is_not_there(client: Client) -> None:
    for asked, status in ((NOBODY, 404), (enter(client), 404), ("", 422), (",".join(map(str, range(101))), 422)):
        answer = client.get("/documents/costs/download_many.json", query_string=f"uuids={asked}")
        assert answer.status_code == status


@pytest.mark.parametrize("verb", VERBS)
def test_no_uuid_and_more_than_a_hundred_are_refused(client: Client, verb: str) -> None:
    more = {"file_name": "x", "cost_category_id": 1, "content": "x"}
    assert refused(client, verb, uuids="", **more) == {"uuids": ["nie może być puste"]}
    assert list(refused(client, verb, uuids=",".join(f"{n}" for n in range(101)), **more)) == ["uuids"]


@pytest.mark.parametrize("verb", VERBS)
def test_uuids_may_stand_in_the_query(client: Client, verb: str) -> None:
    uuid = enter(client, scan(client))
    asked = urlencode({"uuids": f"{uuid},{uuid.upper()}", "file_name": "x", "content": "x", "cost_category_id": 1})
    answer = client.call(VERBS[verb], f"/documents/costs/{verb}_many.json", query_string=asked)
    assert (answer.status_code, len(answer.json["entities"])) == (200, 1)


def test_of_unknown_uuids_nothing_is_told(client: Client) -> None:
    assert many(client, "paid", NOBODY, "x") == {"success": False, "entities": []}
    assert client.get(f"/documents/costs/{NOBODY}.json").status_code == 404


def test_reading_and_writing_costs_have_a_scope_each(client: Client) -> None:
    reader = Client(client.service, client.firm, ("api:costs:read",))
    writer = Client(client.service, client.firm, ("api:costs:write",))

    assert reader.get("/documents/costs.json").status_code == 200
    assert reader.call("PUT", "/documents/costs/paid_many.json", {"uuids": NOBODY}).status_code == 401
    assert writer.get("/documents/costs.json").status_code == 401
    assert writer.call("PUT", "/documents/costs/paid_many.json", {"uuids": NOBODY}).status_code == 200
