"""What comes of a call is told apart by who answered and in which words."""

from typing import Any

import pytest
from ksef_client.exceptions import KsefApiError, KsefHttpError

from faktura.outside.ksef.calling import told_apart
from faktura.outside.ksef.failures import Refused, Unreachable

ONE = {"exceptionCode": 21405, "exceptionDescription": "Błąd walidacji.", "details": ["za długie"]}


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, {"exception": {"exceptionDetailList": [ONE]}}, (21405, "Błąd walidacji.", ("za długie",))),
        (
            400,
            {"title": "Bad Request", "errors": [{"code": 21405, "description": "Błąd.", "details": None}]},
            (21405, "Błąd.", ()),
        ),
        (
            403,
            {"detail": "Brak uprawnień", "reasonCode": "missing-permissions"},
            (0, "Brak uprawnień (missing-permissions)", ()),
        ),
        (410, {"title": "Gone", "detail": "Operacja wygasła", "status": 410}, (0, "Operacja wygasła", ())),
        (401, None, (0, "HTTP 401", ())),
    ],
)
def test_a_refusal_is_read_in_both_shapes_of_ksef(status: int, body: Any, said: tuple[Any, ...]) -> None:
    found = told_apart(KsefApiError(status, "API error", body))

    assert isinstance(found, Refused)
    assert (found.status, found.code, found.text, found.details) == (status, *said)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (0, None),
        (404, None),
        (404, {"error": "not_found"}),
        (302, None),
        (408, {"title": "x"}),
        (500, {"title": "x"}),
        (503, None),
    ],
)
def test_what_stands_between_answers_nothing_for_ksef(status: int, body: Any) -> None:
    assert isinstance(told_apart(KsefHttpError(status, "<html>", body)), Unreachable)
