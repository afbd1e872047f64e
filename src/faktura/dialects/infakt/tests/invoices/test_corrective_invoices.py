"""Section 7: corrective invoices."""

from typing import Any

import pytest

from faktura.core.clock import Clock
from faktura.dialects.infakt.invoices.corrective_invoices import CORRECTIVE_INVOICE
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import (
    BLANK,
    CORRECTIVE,
    NOON,
    NOT_LISTED,
    WRONG,
    Json,
    again,
    change,
    issue,
    least,
    pair,
    refusal,
    refused_change,
    service_of,
)

ATTRIBUTES_MORE = [
    *("corrected_invoice_number", "corrected_invoice_date", "corrected_invoice_uuid", "corrected_invoice_gross_price"),
    *("confirmation", "confirmation_date", "correction_reason", "correction_reason_symbol"),
    *("check_correction_obligation", "sale_date_before_correction", "continuous_service_start_on_before_correction"),
    "continuous_service_end_on_before_correction",
]
LEFT_OUT = {"parent_id", "extensions", "related_documents"}
TOGETHER = "Nie można jednocześnie korygować dat i pozycji dokumentu."


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def correct(client: Client, original: Json, **values: Any) -> Json:
    return issue(client, CORRECTIVE, corrected_invoice_number=original["number"], **values)


def test_a_correction_has_the_attributes_of_an_invoice_but_three_and_its_own(client: Client) -> None:
    invoice, created = issue(client), issue(client, CORRECTIVE)

    assert set(created) == (set(invoice) - LEFT_OUT) | set(ATTRIBUTES_MORE)
    assert [name for name in created if name in ATTRIBUTES_MORE] == ATTRIBUTES_MORE
    assert (created["kind"], created["number"]) == ("correction", "1/KOR/11/2026")
    assert list(created["services"][0])[-2:] == ["group", "correction"]
    assert again(client, created, CORRECTIVE) == created


def test_lists_leave_out_addresses_and_ksef(client: Client) -> None:
    created = issue(client, CORRECTIVE)

    [listed] = client.get("/corrective_invoices.json").json["entities"]
    details = {"local_government_recipient_address", "local_government_seller_address", "ksef_data"}
    assert listed == {name: value for name, value in created.items() if name not in details}


def test_pairs_come_to_what_is_after_less_what_was_before(client: Client) -> None:
    """The example of the contract: -6646 net, -1528 tax, -8174 gross."""
    original = issue(client, services=[service_of(6623), service_of(6623)])
    rows = pair("1", service_of(6623), service_of(6600)) + pair(2, service_of(6623), service_of(6623, quantity=0))

    created = correct(client, original, services=rows)
    assert (created["net_price"], created["tax_price"], created["gross_price"]) == (-6646, -1528, -8174)
    assert created["left_to_pay"] == -8174
    assert created["amount_in_words"] == "minus osiemdziesiąt jeden PLN 74/100"
    assert [(row["group"], row["correction"]) for row in created["services"]] == [
        *((1, False), (1, True)),
        *((2, False), (2, True)),
    ]
    assert [row["net_price"] for row in created["services"]] == [6623, 6600, 6623, 0]


def test_pairs_that_are_alike_come_to_nothing(client: Client) -> None:
    created = issue(client, CORRECTIVE, services=pair(70093284518200, service_of(), service_of()))

    assert (created["net_price"], created["gross_price"]) == (0, 0)
    assert created["services"][0]["group"] == 70093284518200
    assert created["amount_in_words"] == "zero PLN 00/100"


def test_the_rows_of_a_pair_may_stand_anywhere(client: Client) -> None:
    rows = pair(1, service_of(100), service_of(200)) + pair(2, service_of(100), service_of(400))

    assert issue(client, CORRECTIVE, services=rows[::-1])["net_price"] == 400


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([service_of()], BLANK),
        ([service_of(group=1)], WRONG),
        ([service_of(group=1), service_of(group=1)], WRONG),
        ([*pair(1, service_of(), service_of()), service_of(group=1)], WRONG),
        ([service_of(group=1), service_of(group=2, correction=True)], WRONG),
    ],
)
def test_rows_come_in_pairs_by_group(client: Client, rows: list[Json], told: str) -> None:
    assert refusal(client, CORRECTIVE, services=rows) == {"services.group": [told]}


@pytest.mark.parametrize("kind", ["vat", "proforma"])
def test_the_corrected_invoice_is_found_by_its_number(client: Client, kind: str) -> None:
    """A proforma is not corrected: of it only the number is told."""
    original = issue(client, kind=kind, invoice_date="2026-11-02", number="55")

    created = correct(client, original)
    found = (created["corrected_invoice_uuid"], created["corrected_invoice_gross_price"])
    assert found == ((original["uuid"], 12300) if kind == "vat" else (None, None))
    assert created["corrected_invoice_date"] == ("2026-11-02" if kind == "vat" else None)


def test_the_corrected_invoice_is_found_by_its_uuid(client: Client) -> None:
    original = issue(client, number="55")
    issue(client, number="55")

    created = correct(client, original, corrected_invoice_uuid=original["uuid"])
    assert created["corrected_invoice_uuid"] == original["uuid"]


def test_the_number_of_an_invoice_from_elsewhere_is_kept_as_it_was_given(client: Client) -> None:
    created = issue(client, CORRECTIVE, corrected_invoice_number="FV 7/2020", corrected_invoice_date="2020-05-06")

    assert (created["corrected_invoice_number"], created["corrected_invoice_date"]) == ("FV 7/2020", "2020-05-06")
    assert created["corrected_invoice_uuid"] is None


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"corrected_invoice_number": None}, {"corrected_invoice_number": [BLANK]}),
        ({"corrected_invoice_uuid": "7"}, {"corrected_invoice_uuid": [NOT_LISTED]}),
        ({"correction_reason": "none"}, {"correction_reason": [NOT_LISTED]}),
        ({"services": []}, {"services": [BLANK]}),
    ],
)
def test_what_is_wrong_with_a_correction_is_told_by_its_attribute(client: Client, values: Json, told: Json) -> None:
    assert refusal(client, CORRECTIVE, **values) == told


def test_the_number_of_what_is_corrected_is_required_beside_a_uuid_as_well(client: Client) -> None:
    original = issue(client)

    told = refusal(client, CORRECTIVE, corrected_invoice_uuid=original["uuid"], corrected_invoice_number=None)
    assert told == {"corrected_invoice_number": [BLANK]}


@pytest.mark.parametrize(
    ("symbol", "sentence"),
    [("mistake", "Błąd rachunkowy lub inna oczywista omyłka"), ("other", "Inne: np. zwrot, rabat")],
)
def test_a_reason_is_written_as_a_symbol_and_read_as_a_sentence(client: Client, symbol: str, sentence: str) -> None:
    created = issue(client, CORRECTIVE, correction_reason=symbol)

    assert (created["correction_reason"], created["correction_reason_symbol"]) == (sentence, symbol)
    assert change(client, created, CORRECTIVE, correction_reason=sentence) == created


def test_a_fresh_correction_has_the_empties_of_the_table(client: Client) -> None:
    created = issue(client, CORRECTIVE)

    assert {name: created[name] for name in ATTRIBUTES_MORE[4:]} == {
        "confirmation": False,
        "confirmation_date": "",
        "correction_reason": "",
        "correction_reason_symbol": None,
        "check_correction_obligation": False,
        "sale_date_before_correction": None,
        "continuous_service_start_on_before_correction": None,
        "continuous_service_end_on_before_correction": None,
    }


def test_its_own_attributes_come_back_and_can_be_changed(client: Client) -> None:
    sent = {"confirmation": True, "confirmation_date": "2026-11-20", "check_correction_obligation": True}
    created = issue(client, CORRECTIVE, **sent)
    assert {name: created[name] for name in sent} == sent

    emptied = change(client, created, CORRECTIVE, confirmation=False, confirmation_date="")
    assert (emptied["confirmation"], emptied["confirmation_date"]) == (False, "")


def test_dates_are_corrected_without_lines(client: Client) -> None:
    original = issue(client, sale_date="2026-11-01")
    body = {name: value for name, value in least(client, CORRECTIVE).items() if name != "services"}
    sent = body | {"corrected_invoice_number": original["number"], "sale_date": "2026-11-05"}

    created = client.post(
        "/corrective_invoices.json", {"corrective_invoice": sent | {"sale_date_before_correction": "2026-11-01"}}
    )
    assert created.status_code == 201, created.text
    assert (created.json["services"], created.json["gross_price"]) == ([], 0)
    assert (created.json["sale_date_before_correction"], created.json["sale_date"]) == ("2026-11-01", "2026-11-05")
    assert change(client, created.json, CORRECTIVE, **created.json) == created.json


def test_days_of_a_lasting_service_are_corrected_as_well(client: Client) -> None:
    days = {"continuous_service_start_on": "2026-10-01", "continuous_service_end_on": "2026-10-31"}
    original = issue(client, invoice_date_kind="continuous_service_end_on", **days)
    before = {f"{name}_before_correction": day for name, day in days.items()}

    created = correct(client, original, services=None, **before)
    assert {name: created[name] for name in before} == before


@pytest.mark.parametrize(
    "name",
    [
        "sale_date_before_correction",
        "continuous_service_start_on_before_correction",
        "continuous_service_end_on_before_correction",
    ],
)
def test_a_date_before_correction_is_that_of_the_corrected_invoice(client: Client, name: str) -> None:
    original = issue(client, sale_date="2026-11-01")
    sent: Json = {"corrected_invoice_number": original["number"], "services": None, name: "2026-11-02"}

    assert refusal(client, CORRECTIVE, **sent) == {name: [WRONG]}


def test_dates_and_lines_are_not_corrected_together(client: Client) -> None:
    original = issue(client, sale_date="2026-11-01")
    day = {"sale_date_before_correction": "2026-11-01"}

    told = refusal(client, CORRECTIVE, corrected_invoice_number=original["number"], **day)
    assert told == {"base": [TOGETHER]}
    assert refused_change(client, correct(client, original), CORRECTIVE, **day) == {"base": [TOGETHER]}


def test_lines_of_a_correction_are_replaced_by_other_pairs(client: Client) -> None:
    created = issue(client, CORRECTIVE)

    changed = change(client, created, CORRECTIVE, services=pair(7, service_of(100), service_of(50)))
    assert (changed["net_price"], len(changed["services"])) == (-50, 2)
    assert refused_change(client, changed, CORRECTIVE, services=[service_of(group=7)]) == {"services.group": [WRONG]}


def test_an_invoice_that_was_corrected_stays_until_the_correction_goes(client: Client) -> None:
    original = issue(client)
    created = correct(client, original)

    refused = client.delete(f"/invoices/{original['uuid']}.json")
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["base"])
    assert client.delete(f"/corrective_invoices/{created['uuid']}.json").status_code == 204
    assert client.delete(f"/invoices/{original['uuid']}.json").status_code == 204


def test_no_writable_attribute_of_a_correction_was_forgotten() -> None:
    own = {field.name for field in CORRECTIVE_INVOICE.fields if field.access != "read"} & set(ATTRIBUTES_MORE)

    assert own == set(ATTRIBUTES_MORE) - {"corrected_invoice_gross_price", "correction_reason_symbol"}
