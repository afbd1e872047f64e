"""What KSeF holds is listed and fetched, and the account says whether it reaches it (19.2, 19.5)."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.ksef.connection import Side
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import NOON, Json, service_of
from faktura.dialects.infakt.tests.ksef.conftest import Ksef
from faktura.dialects.infakt.tests.ksef.test_sending import NO_INTEGRATION, NOT_FOUND
from tests.firm import open_firm

COSTS: Side = "Subject2"
INCOMES: Side = "Subject1"
OTHERS: Side = "Subject3"

LISTS = {"/ksef2/import/costs.json": COSTS, "/ksef2/import/incomes.json": INCOMES}
BOTH = pytest.mark.parametrize("path", LISTS)

XML = "application/xml"
NO_WAY = "0000000000-20261121-0100A0A0A0A0-3F"


def numbered(place: int) -> str:
    return f"5268969361-20261121-0100A0A0A0{place:02X}-3F"


def numbers(client: Client, path: str, **parameters: Any) -> list[str]:
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return [one["ksef_number"] for one in answer.json["entities"]]


@pytest.fixture
def unlimited(client: Client) -> None:
    client.service.modes.rate_limits.clear()


class TestIntegration:
    def test_one_that_is_active_says_when_it_fetched_last(self, ksef: Ksef) -> None:
        fetched = dt.datetime(2026, 11, 21, 10, 30, tzinfo=dt.UTC)
        ksef.change_connection(costs_fetched_at=fetched)

        told = ksef.client.get("/ksef2/integration.json")

        assert (told.status_code, told.json) == (
            200,
            {
                "active": True,
                "incomes_last_fetched_at": None,
                "costs_last_fetched_at": "2026-11-21T11:30:00+01:00",
            },
        )

    def test_without_one_it_is_not_active(self, client: Client) -> None:
        told = client.get("/ksef2/integration.json")

        nothing = {"active": False, "incomes_last_fetched_at": None, "costs_last_fetched_at": None}
        assert (told.status_code, told.json) == (200, nothing)

    def test_one_that_was_put_out_is_not_active(self, ksef: Ksef) -> None:
        ksef.change_connection(active=False)

        assert ksef.client.get("/ksef2/integration.json").json["active"] is False

    def test_the_account_says_the_same_among_its_extensions(self, seller: Ksef) -> None:
        def told() -> Any:
            return seller.client.get("/account/details.json").json["extentions"]["ksef"]

        assert told() == {"name": "KSeF", "active": False}
        seller.connect()
        assert told() == {"name": "KSeF", "active": True}
        seller.change_connection(active=False)
        assert told()["active"] is False


class TestList:
    @BOTH
    def test_an_invoice_tells_these_attributes(self, ksef: Ksef, path: str) -> None:
        ksef.hold(numbered(1), LISTS[path])

        told = ksef.client.get(path)

        assert told.status_code == 200
        assert told.json == {
            "metainfo": {"count": 1, "limit": 10, "offset": 0},
            "entities": [
                {
                    "ksef_number": numbered(1),
                    "invoice_number": "7/11/2026",
                    "invoice_kind": "vat",
                    "invoice_date": "2026-11-21",
                    "client_name": "Gęśl",
                    "client_tax_code": "5252248481",
                    "seller_name": "Dostawca S.A.",
                    "seller_tax_code": "5268969361",
                    "gross_price": 12300,
                    "net_price": 10000,
                    "tax_price": 2300,
                    "currency": "PLN",
                    "schema_version": "V3",
                    "created_at": "2026-11-21T11:00:00.000Z",
                }
            ],
        }

    @pytest.mark.parametrize(
        ("called", "told"),
        [
            *(("Vat", "vat"), ("Upr", "vat"), ("VatPef", "vat"), ("Zal", "advance"), ("Roz", "final")),
            *((kind, "corrective_invoice") for kind in ("Kor", "KorZal", "KorRoz")),
        ],
    )
    def test_kinds_go_by_our_words(self, ksef: Ksef, called: str, told: str) -> None:
        ksef.hold(numbered(1), kind=called)

        [one] = ksef.client.get("/ksef2/import/costs.json").json["entities"]
        assert one["invoice_kind"] == told

    @pytest.mark.parametrize(("schema", "told"), [("FA (2)", "V2"), ("FA (3)", "V3"), ("FA_RR (1)", "FA_RR (1)")])
    def test_schemas_go_by_their_version(self, ksef: Ksef, schema: str, told: str) -> None:
        ksef.hold(numbered(1), schema=schema)

        [one] = ksef.client.get("/ksef2/import/costs.json").json["entities"]
        assert one["schema_version"] == told

    def test_each_list_has_its_own(self, ksef: Ksef) -> None:
        for place, side in enumerate((COSTS, INCOMES, OTHERS)):
            ksef.hold(numbered(place), side)

        assert numbers(ksef.client, "/ksef2/import/costs.json") == [numbered(0)]
        assert numbers(ksef.client, "/ksef2/import/incomes.json") == [numbered(1)]

    def test_another_firm_sees_nothing_of_it(self, ksef: Ksef) -> None:
        ksef.hold(numbered(1))
        database, clock = ksef.client.service.database, ksef.client.service.clock
        firm = open_firm(database, clock, "pear", country="PL", currency="PLN")
        elsewhere = Ksef(Client(ksef.client.service, firm), firm)
        elsewhere.connect()

        assert numbers(elsewhere.client, "/ksef2/import/costs.json") == []
        told = elsewhere.client.get(f"/ksef2/import/{numbered(1)}.json")
        assert (told.status_code, told.json) == (404, NOT_FOUND)

    def test_pages_are_cut_by_offset_and_limit(self, ksef: Ksef) -> None:
        for place in range(5):
            ksef.hold(numbered(place))

        told = ksef.client.get("/ksef2/import/costs.json", params={"offset": 3, "limit": 2}).json

        assert told["metainfo"] == {"count": 2, "limit": 2, "offset": 3}
        assert [one["ksef_number"] for one in told["entities"]] == [numbered(1), numbered(0)]
        clamped = ksef.client.get("/ksef2/import/costs.json", params={"offset": 9, "limit": 500}).json
        assert clamped["metainfo"] == {"count": 0, "limit": 100, "offset": 9}

    @pytest.mark.usefixtures("unlimited")
    def test_the_newest_come_first_unless_the_oldest_are_asked_for(self, ksef: Ksef) -> None:
        for place in range(3):
            ksef.hold(numbered(place), issued_on=NOON.date() - dt.timedelta(days=place))

        path, oldest_last = "/ksef2/import/costs.json", [numbered(0), numbered(1), numbered(2)]
        for order in ({}, {"order": "invoice_date desc"}, {"order": "Desc"}, {"order": "gross_price asc"}):
            assert numbers(ksef.client, path, **order) == oldest_last
        for order in ({"order": "invoice_date"}, {"order": "invoice_date asc"}):
            assert numbers(ksef.client, path, **order) == oldest_last[::-1]

    @pytest.mark.usefixtures("unlimited")
    def test_days_of_issue_cut_the_list(self, ksef: Ksef) -> None:
        for place in range(3):
            ksef.hold(numbered(place), issued_on=dt.date(2026, 6, 1 + place))

        path = "/ksef2/import/costs.json"
        assert numbers(ksef.client, path, **{"q[invoice_date_gteq]": "2026-06-02"}) == [numbered(2), numbered(1)]
        assert numbers(ksef.client, path, **{"q[invoice_date_lteq]": "2026-06-02"}) == [numbered(1), numbered(0)]
        both = {"q[invoice_date_gteq]": "2026-6-2", "q[invoice_date_lteq]": "2026-06-02"}
        assert numbers(ksef.client, path, **both) == [numbered(1)]
        assert len(numbers(ksef.client, path, **{"q[seller_name_eq]": "nobody", "q[invoice_date_gteq]": ""})) == 3

    @pytest.mark.parametrize(
        "wrong",
        [{"q[invoice_date_gteq]": "wczoraj"}, {"q[invoice_date_lteq]": "2026-13-01"}, {"limit": "-1"}, {"offset": "x"}],
    )
    def test_wrong_values_are_400(self, ksef: Ksef, wrong: Json) -> None:
        assert ksef.client.get("/ksef2/import/costs.json", params=wrong).status_code == 400

    @BOTH
    def test_without_an_integration_there_is_no_list(self, seller: Ksef, path: str) -> None:
        told = seller.client.get(path)

        assert (told.status_code, told.json) == (422, NO_INTEGRATION)


class TestLimit:
    """1.9: six lists of both sorts in an hour, then 422."""

    def test_the_seventh_list_of_an_hour_is_refused(self, ksef: Ksef) -> None:
        for place in range(6):
            assert ksef.client.get([*LISTS][place % 2]).status_code == 200

        for path in LISTS:
            told = ksef.client.get(path)
            assert told.status_code == 422
            assert set(told.json) == {"error"}
            assert "limit" in told.json["error"]

    def test_the_next_hour_brings_six_more(self, ksef: Ksef) -> None:
        for _ in range(7):
            last = ksef.client.get("/ksef2/import/costs.json")
        assert last.status_code == 422
        ksef.wait(dt.timedelta(minutes=59))
        assert ksef.client.get("/ksef2/import/costs.json").status_code == 422

        ksef.wait(dt.timedelta(minutes=1))
        assert ksef.client.get("/ksef2/import/costs.json").status_code == 200

    def test_single_invoices_do_not_count(self, ksef: Ksef) -> None:
        ksef.hold(numbered(1))
        for _ in range(10):
            assert ksef.client.get(f"/ksef2/import/{numbered(1)}.json").status_code == 200

        assert ksef.client.get("/ksef2/import/costs.json").status_code == 200

    def test_what_is_refused_for_another_reason_does_not_count(self, ksef: Ksef) -> None:
        for _ in range(10):
            assert ksef.client.get("/ksef2/import/costs.json", params={"limit": "x"}).status_code == 400

        assert ksef.client.get("/ksef2/import/costs.json").status_code == 200

    @pytest.mark.usefixtures("unlimited")
    def test_it_is_switched_off_like_other_limits(self, ksef: Ksef) -> None:
        for _ in range(10):
            assert ksef.client.get("/ksef2/import/costs.json").status_code == 200


class TestOne:
    def test_it_is_fetched_as_it_came(self, ksef: Ksef) -> None:
        ksef.hold(numbered(1), xml=b"<Faktura>\xc5\xbb</Faktura>")

        for query in ({}, {"file_format": "xml"}):
            told = ksef.client.get(f"/ksef2/import/{numbered(1)}.json", params=query)
            assert (told.status_code, told.headers["content-type"]) == (200, XML)
            assert told.content == b"<Faktura>\xc5\xbb</Faktura>"

    def test_as_pdf_and_html_it_is_read_by_people(self, ksef: Ksef) -> None:
        document = ksef.invoice(services=[service_of(name="Usługa <b>IT</b>")])
        xml = ksef.client.get(f"/invoices/{document['uuid']}/download_xml.json").content
        ksef.hold(numbered(1), xml=xml)

        pdf, html = (
            ksef.client.get(f"/ksef2/import/{numbered(1)}.json", params={"file_format": name})
            for name in ("pdf", "html")
        )

        assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
        assert pdf.content.startswith(b"%PDF-")
        assert (html.status_code, html.headers["content-type"]) == (200, "text/html; charset=utf-8")
        for said in (document["number"], numbered(1), "Usługa &lt;b&gt;IT&lt;/b&gt;", "Jaźń sp. z o.o.", "123,00"):
            assert said in html.text

    @pytest.mark.parametrize("file_format", ["pdf", "html"])
    def test_what_cannot_be_read_is_fetched_as_xml_alone(self, ksef: Ksef, file_format: str) -> None:
        ksef.hold(numbered(1), xml=b"<FakturaRR/>", schema="FA_RR (1)")

        told = ksef.client.get(f"/ksef2/import/{numbered(1)}.json", params={"file_format": file_format})

        assert (told.status_code, set(told.json)) == (422, {"error"})

    def test_a_number_that_was_not_fetched_is_404(self, ksef: Ksef) -> None:
        told = ksef.client.get(f"/ksef2/import/{NO_WAY}.json")

        assert (told.status_code, told.json) == (404, NOT_FOUND)

    @pytest.mark.parametrize("number", ["1", "5268969361-20261121-0100A0A0A0-3F", "x" * 35, numbered(1).lower()])
    def test_what_is_no_number_of_ksef_is_422(self, ksef: Ksef, number: str) -> None:
        told = ksef.client.get(f"/ksef2/import/{number}.json")

        assert (told.status_code, told.json["errors"]) == (422, {"ksef_number": ["jest nieprawidłowy"]})

    def test_another_format_is_422(self, ksef: Ksef) -> None:
        ksef.hold(numbered(1))

        told = ksef.client.get(f"/ksef2/import/{numbered(1)}.json", params={"file_format": "doc"})

        assert (told.status_code, set(told.json["errors"])) == (422, {"file_format"})

    def test_without_an_integration_nothing_is_fetched(self, seller: Ksef) -> None:
        seller.hold(numbered(1))

        told = seller.client.get(f"/ksef2/import/{numbered(1)}.json")

        assert (told.status_code, told.json) == (422, NO_INTEGRATION)
