"""Section 1.6: how values are read and shown."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.clock import Clock
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.wire.fields import Unreadable
from faktura.wire.values import read_date, read_decimal, show_decimal
from tests import needs

pytestmark = needs.ONE_ENGINE


def create(client: Client, **values: Any) -> dict[str, Any]:
    created = client.post("/subjects.json", {"name": "Karel"} | values)
    assert created.status_code == 201, created.text
    subject: dict[str, Any] = created.json
    return subject


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("1210", "1210.0"),
        ("0", "0.0"),
        ("302.50", "302.5"),
        ("82.005", "82.005"),
        ("21.95", "21.95"),
        ("-1E+3", "-1000.0"),
        ("1E-6", "0.000001"),
        ("100", "100.0"),
    ],
)
def test_a_decimal_is_shown_plainly_with_at_least_one_fractional_digit(number: str, shown: str) -> None:
    assert show_decimal(Decimal(number)) == shown


@pytest.mark.parametrize("value", [1210, 1210.0, "1210", "1210.0", " 1210 ", "1.21e3"])
def test_a_decimal_may_be_sent_as_number_or_string(value: Any) -> None:
    assert read_decimal(value) == 1210


@pytest.mark.parametrize("value", ["1,5", "", "x", "NaN", "Infinity", True, [], {}, "1" * 20, 1e300])
def test_a_comma_or_anything_else_is_no_decimal(value: Any) -> None:
    with pytest.raises(Unreadable):
        read_decimal(value)


@pytest.mark.parametrize("value", ["1E-999999", "-1E-999999", "0E-999999", "0E+999999", "0." + "0" * 5000 + "1"])
def test_what_is_smaller_than_any_amount_is_nothing(value: str) -> None:
    assert str(read_decimal(value)) == "0"


@pytest.mark.parametrize("value", ["2026-11-21", "2026-11-21T23:59:59+01:00", "2026-11-21T00:00:00.000Z"])
def test_a_date_time_sent_for_a_date_is_cut(value: str) -> None:
    assert read_date(value) == dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (dt.datetime(2026, 1, 15, 12, 0, 0, 481_000, dt.UTC), "2026-01-15T13:00:00.481+01:00"),
        (dt.datetime(2026, 7, 15, 12, 0, 0, 0, dt.UTC), "2026-07-15T14:00:00.000+02:00"),
        (dt.datetime(2026, 3, 29, 0, 59, 59, 999_000, dt.UTC), "2026-03-29T01:59:59.999+01:00"),
        (dt.datetime(2026, 3, 29, 1, 0, 0, 0, dt.UTC), "2026-03-29T03:00:00.000+02:00"),
        (dt.datetime(2025, 12, 31, 23, 30, 0, 0, dt.UTC), "2026-01-01T00:30:00.000+01:00"),
    ],
)
def test_a_date_time_has_milliseconds_and_the_offset_of_prague(
    client: Client, clock: Clock, now: dt.datetime, shown: str
) -> None:
    clock.stand_at(now)

    subject = create(client)
    assert subject["created_at"] == subject["updated_at"] == shown


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(True, True), (False, False), ("true", True), ("false", False), ("1", True), ("0", False), (1, True), (0, False)],
)
def test_a_boolean_may_be_sent_as_in_a_form(client: Client, sent: Any, kept: bool) -> None:  # noqa: FBT001 (a value)
    assert create(client, suggestion_enabled=sent)["suggestion_enabled"] is kept


@pytest.mark.parametrize("sent", ["yes", 2, [], {}, "nonsense"])
def test_what_is_no_boolean_is_refused(client: Client, sent: Any) -> None:
    refused = client.post("/subjects.json", {"name": "Karel", "suggestion_enabled": sent})

    assert (refused.status_code, list(refused.json["errors"])) == (422, ["suggestion_enabled"])


@pytest.mark.parametrize(("sent", "kept"), [(14, 14), ("14", 14), (" 14 ", 14), (14.0, 14), ("", None), (None, None)])
def test_an_integer_may_be_sent_as_a_string(client: Client, sent: Any, kept: int | None) -> None:
    due = create(client, due=sent)["due"]

    assert due == kept
    assert type(due) is type(kept)


@pytest.mark.parametrize("sent", ["x", "1.5", 1.5, True, [], {}, 2**31, -(2**31), 10**30, "9" * 5000])
def test_what_is_no_integer_of_32_bits_is_refused(client: Client, sent: Any) -> None:
    refused = client.post("/subjects.json", {"name": "Karel", "due": sent})

    assert (refused.status_code, refused.json) == (422, {"errors": {"due": ["není číslo"]}})


def test_ids_are_positive_integers_below_2_to_the_31(client: Client) -> None:
    subject = create(client)

    for name in ("id", "user_id"):
        assert type(subject[name]) is int
        assert 0 < subject[name] < 2**31


@pytest.mark.parametrize(
    "text", ["Příliš žluťoučký kůň", "первый", "日本語", "🐎", "a\r\nb", "a\nb", "\t", " obklopeno ", '"\\/', "\u2028"]
)
def test_text_is_utf_8_and_comes_back_as_it_was_sent(client: Client, text: str) -> None:
    subject = create(client, private_note=text)

    assert subject["private_note"] == text
    assert client.get(f"/subjects/{subject['id']}.json").json["private_note"] == text


@pytest.mark.parametrize("sent", [[], {}, ["a"], {"a": "b"}])
def test_what_is_no_text_is_refused(client: Client, sent: Any) -> None:
    refused = client.post("/subjects.json", {"name": "Karel", "phone": sent})

    assert (refused.status_code, list(refused.json["errors"])) == (422, ["phone"])


def test_a_number_sent_for_a_text_is_taken_as_it_is_spelled(client: Client) -> None:
    subject = create(client, registration_no=27082440, phone=777.5)

    assert (subject["registration_no"], subject["phone"]) == ("27082440", "777.5")


def test_empty_text_is_kept_and_what_was_never_filled_is_null(client: Client) -> None:
    subject = create(client, phone="")

    assert (subject["phone"], subject["web"]) == ("", None)
    changed = client.patch(f"/subjects/{subject['id']}.json", {"web": "", "phone": None}).json
    assert (changed["phone"], changed["web"]) == (None, "")


@pytest.mark.parametrize(("sent", "kept"), [(77, "77"), ("77", "77"), ("0077", "0077"), (1.5, "1.5")])
def test_a_custom_id_is_always_a_string(client: Client, sent: Any, kept: str) -> None:
    subject = create(client, custom_id=sent)

    assert subject["custom_id"] == kept
    [found] = client.get("/subjects.json", query_string=f"custom_id={kept}").json
    assert found["id"] == subject["id"]


def test_codes_of_currency_and_country_are_upper_case(client: Client) -> None:
    subject = create(client, currency="eur", country="sk")

    assert (subject["currency"], subject["country"]) == ("EUR", "SK")


@pytest.mark.parametrize("language", ["cz", "sk", "en", "de", "fr", "it", "es", "ru", "pl", "hu", "ro"])
def test_language_codes_are_of_the_list(client: Client, language: str) -> None:
    assert create(client, language=language)["language"] == language


@pytest.mark.parametrize("language", ["cs", "CZ", "-", "xx"])
def test_other_language_codes_are_refused(client: Client, language: str) -> None:
    refused = client.post("/subjects.json", {"name": "Karel", "language": language})

    assert refused.json == {"errors": {"language": ["není v seznamu povolených hodnot"]}}


def test_never_null_are_the_id_the_name_and_real_booleans(client: Client) -> None:
    subject = create(client, has_delivery_address=None, suggestion_enabled=None, type=None)

    assert subject["id"] is not None
    assert subject["name"] is not None
    for name in ("has_delivery_address", "suggestion_enabled", "ares_update"):
        assert type(subject[name]) is bool
