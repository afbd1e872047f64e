"""Statuses, error bodies and sentences of section 1.3: the only file of the dialect that knows them."""

import logging
from collections.abc import Callable
from typing import Any

import falcon
import msgspec

from faktura.core import errors
from faktura.core.books.kept_answers import KeyReused
from faktura.store.errors import Unavailable
from faktura.wire.bodies import TooLarge
from faktura.wire.conditional import ChangedMeanwhile
from faktura.wire.fields import Shape
from faktura.wire.idempotency import StillRunning, UnfitKey
from faktura.wire.requests import Unintelligible

log = logging.getLogger(__name__)

SENTENCES: dict[str, tuple[str, str]] = {
    "blank": ("je povinná položka", "can't be blank"),
    "too_short": ("je příliš krátký/á/é (min. {limit} znaků)", "is too short (minimum is {limit} characters)"),
    "too_long": ("je příliš dlouhý/á/é (max. {limit} znaků)", "is too long (maximum is {limit} characters)"),
    "too_large": ("je příliš velké číslo", "is too large"),
    "malformed": ("je neplatná hodnota", "is invalid"),
    "malformed_email": ("Prosím zkontrolujte email.", "Please check the email."),
    "not_in_list": ("není v seznamu povolených hodnot", "is not included in the list"),
    "not_a_paper": ("není podporovaný typ souboru", "is not a supported type of file"),
    "not_a_text": ("není text", "is not a text"),
    "not_a_number": ("není číslo", "is not a number"),
    "not_a_boolean": ("není ano/ne", "is not a boolean"),
    "not_a_date": ("není datum", "is not a date"),
    "taken": ("již databáze obsahuje", "has already been taken"),
    "immutable": ("nelze změnit", "cannot be changed"),
    "relied_on": ("nelze změnit kvůli dokladu {number}", "cannot be changed because of the document {number}"),
    "too_small": ("je méně než součet úhrad", "is less than the sum of the payments"),
    "nothing": ("nesmí být 0", "must not be 0"),
    "empty_list": ("nesmí být prázdné", "can't be empty"),
    "not_positive": ("musí být větší než 0", "must be greater than 0"),
    "no_such_contact": ("Kontakt neexistuje.", "Contact does not exist."),
    "wrong_number": (
        "Číslo neodpovídá formátu čísla v nastavení.",
        "The number does not match the number format in the settings",
    ),
    "number_used": ("již databáze obsahuje", "has already been taken"),
    "before_issue": (
        "Datum splatnosti nesmí být menší než datum vystavení",
        "The due date must not be before the issue date",
    ),
    "wrong_check_digit": ("má chybnou kontrolní číslici", "has a wrong check digit"),
    "in_future": ("nesmí být v budoucnosti", "must not be in the future"),
    "too_many_files": ("je příliš mnoho souborů (max. {limit})", "has too many files (maximum is {limit})"),
    "files_too_large": (
        "jsou příliš velké (max. {limit} MB dohromady)",
        "are too large (maximum is {limit} MB together)",
    ),
    "too_many": ("má příliš mnoho položek (max. {limit})", "has too many entries (maximum is {limit})"),
    "below_zero": ("Množství na skladě by kleslo pod nulu", "The quantity in stock would fall below zero"),
    "unknown_rate": ("je povinná položka", "can't be blank"),
}
"""By problem of the core: Czech and English (1.3.1)."""


class Failure(Exception):  # noqa: N818 (an answer, not a fault of the program)
    """An answer of shape B: a machine code and a sentence for programmers, always English."""

    def __init__(self, status: int, code: str, description: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.description = description


class FieldFailure(Exception):  # noqa: N818 (an answer, not a fault of the program)
    """An answer of shape A with another status than 422, or about what is no attribute; always English."""

    def __init__(self, status: int, field: str, sentence: str) -> None:
        super().__init__(field)
        self.status = status
        self.field = field
        self.sentence = sentence


def no_bank_account(address: str, *, of_generator: bool = False) -> FieldFailure:
    """The contract has a sentence for each (C8)."""
    account = f"bank account in your Fakturoid account {address}"
    sentence = f"Please set up a {account} to create an invoice."
    if of_generator:
        sentence = f"You have to setup {account} to create a generator."
    return FieldFailure(403, "bank_account", sentence)


def missing_user_agent() -> Failure:
    return Failure(400, "invalid_request", 'Required header "User-Agent" is missing')


def invalid_parameter(name: str) -> Failure:
    return Failure(400, "invalid_request", f'Parameter "{name}" is invalid')


def no_object() -> Failure:
    return Failure(400, "invalid_request", "The request body must be a JSON object")


def no_token() -> Failure:
    return Failure(401, "invalid_token", "The access token is missing, expired or revoked")


def not_acceptable() -> Failure:
    return Failure(415, "unsupported_media_type", "Only application/json can be answered")


def unreadable_type() -> Failure:
    return Failure(415, "unsupported_media_type", "The Content-Type of the request body must be application/json")


def too_many_requests() -> Failure:
    return Failure(429, "too_many_requests", "Rate limit exceeded, try again when the window is over")


def read_only_mode() -> Failure:
    return Failure(503, "service_unavailable", "Maintenance in progress: the service is in read-only mode")


def no_more_readings() -> Failure:
    return Failure(403, "quota_exhausted", "Number of available extractions exhausted")


def unavailable() -> Failure:
    return Failure(503, "service_unavailable", "The database cannot do its work right now, try again in a moment")


def busy_search() -> Failure:
    return Failure(503, "service_unavailable", "Search is overloaded, try again later")


def not_built() -> Failure:
    return Failure(501, "not_implemented", "This endpoint is part of the contract but is not built yet")


def not_found() -> Failure:
    return Failure(404, "resource_not_found", "The resource was not found")


def method_not_allowed() -> Failure:
    return Failure(405, "method_not_allowed", "This path does not take that method")


def answer(error: Exception, language: str, shape: Shape[Any, Any] | None) -> tuple[int, bytes]:
    """Status and body for whatever was raised; field messages are in the person's language."""
    if isinstance(error, falcon.HTTPError):
        error = _of_falcon(error)
    translate = _ANSWERS.get(type(error))
    if translate is None:
        log.error("request failed", exc_info=error)
        return 500, _failure(Failure(500, "internal_error", "The server failed; the failure was logged"))
    return translate(error, language, shape)


def sentence(problem: errors.Problem, language: str) -> str:
    czech, english = SENTENCES[problem.code]
    return (czech if language == "cs" else english).format(limit=problem.limit, number=problem.number)


def _of_falcon(error: falcon.HTTPError) -> Failure:
    if isinstance(error, falcon.HTTPMethodNotAllowed):
        return method_not_allowed()
    return Failure(error.status_code, "invalid_request", error.description or error.title or "The request is invalid")


def _failure(failure: Failure) -> bytes:
    return msgspec.json.encode({"error": failure.code, "error_description": failure.description})


def _by_field(found: dict[str, list[str]]) -> bytes:
    return msgspec.json.encode({"errors": found})


def _invalid(error: Any, language: str, shape: Any) -> tuple[int, bytes]:
    spelled = shape.spelled if shape else str
    by_field: dict[str, list[str]] = {}
    for name, found in error.problems.items():
        for problem in found:
            # Of a line that takes too much its move is named (2.13).
            too_much = name == "lines.quantity" and problem.code == "below_zero"
            field = "quantity_change" if too_much else spelled(name)
            by_field.setdefault(field, []).append(sentence(problem, language))
    return 422, _by_field(by_field)


def _blocked(error: Any, _language: str, _shape: Any) -> tuple[int, bytes]:
    unpaid = [{"invoice_url": address} for address in error.unpaid_invoices]
    return 402, msgspec.json.encode({"status": "Account blocked", "overdue_invoices": unpaid})


def _wrong_state(error: Any, language: str, _shape: Any) -> tuple[int, bytes]:
    if error.reason in _FORBIDDEN:
        code, told = _FORBIDDEN[error.reason]
        return 403, _failure(Failure(403, code, told.format(noun=error.event)))
    if error.reason == "not_fired":
        return 422, _by_field({"event": [f"{error.event} cannot be fired".lstrip()]})
    if error.reason == "no_email":
        return 422, _by_field({"email": [sentence(errors.Problem("malformed_email"), language)]})
    if error.reason == "relied_on":
        return 422, _by_field({"event": [f"The document {error.event} takes off what was paid for this one"]})
    name, told = _UNFIT[error.reason]
    return 422, _by_field({name: [told]})


_FORBIDDEN = {
    "locked": ("document_locked", "Document first needs to be unlocked to perform the action"),
    "accepted_by_ksef": ("document_locked", "Document was accepted by KSeF, only a correction can change it"),
    "on_its_way_to_ksef": ("document_locked", "Document is on its way to KSeF"),
    "already_paid": ("forbidden", "Payment cannot be added to already paid {noun}"),
    "cancelled": ("forbidden", "Payments cannot be changed on a cancelled invoice"),
    "of_a_document": ("forbidden", "Inventory move of a document can be changed only through the document"),
}
_UNFIT = {
    "payment_kept": ("payment", "Payment cannot be deleted"),
    "already_paused": ("generator", "Generator is already paused"),
    "already_active": ("generator", "Generator is already active"),
    "already_finished": ("generator", "Generator is already finished"),
    "being_read": ("inbox_file", "Inbox file cannot be deleted"),
    "to_be_checked": ("inbox_file", "Inbox file has to be checked first"),
    "booked_before": ("inbox_file", "Inbox file is an expense already"),
    "not_connected": ("document", "cannot be sent: the account is not connected to KSeF"),
    "not_for_ksef": ("document", "is of a sort that does not go to KSeF"),
    "no_offline_certificate": ("document", "cannot be issued offline: there is no certificate for that"),
    "no_tax_document": ("document", "Tax document cannot be created"),
    "without_rate": ("document", "has no exchange rate to the currency of the account"),
    "without_lines": ("document", "has no lines"),
    "without_original": ("document", "does not say which document it corrects"),
    "not_an_invoice": ("document", "is a proforma, which the standard does not have"),
    "without_vat_no": ("document", "has no VAT number of the seller: fill in `vat_no` of the account"),
    "without_registration_no": ("document", "has no number of the seller: fill in `registration_no` of the account"),
    "without_buyer_vat_no": ("document", "has no VAT number of the customer: fill in `client_vat_no`"),
    "rounding_too_large": ("document", "has VAT that is too far from base and rate: use one line for each rate"),
    "vat_of_two_signs": ("document", "has VAT above zero in one of its currencies and below zero in the other"),
    "without_buyer_reference": (
        "document",
        "has no reference of the customer: fill in `order_number`, or for later documents the contact on its page",
    ),
    "without_address": (
        "document",
        "has no electronic address of the seller: fill it in in the settings of the account",
    ),
    "without_buyer_address": (
        "document",
        "has no electronic address of the customer: fill it in on the page of the contact",
    ),
    "without_seller_contact": (
        "document",
        "has no person, phone and e-mail of the seller: fill them in in the account",
    ),
    "without_place": ("document", "has no city and post code of the seller: fill them in in the account"),
    "without_buyer_place": (
        "document",
        "has no city and post code of the customer: fill in `client_city` and `client_zip`",
    ),
}
"""By reason: the document's state forbids it, or does not fit what was asked for."""


def _limit_reached(error: Any, _language: str, _shape: Any) -> tuple[int, bytes]:
    return 403, _failure(Failure(403, "quota_exhausted", _LIMITS.get(error.these, "There are as many as there may be")))


_LIMITS = {
    "contacts": "The plan of the account allows no more contacts",
    "subscriptions": "The account has as many webhooks as it may have",
}


def _b(failure: Failure) -> Callable[[Any, str, Any], tuple[int, bytes]]:
    return lambda _error, _language, _shape: (failure.status, _failure(failure))


_ANSWERS: dict[type[Exception], Callable[[Any, str, Any], tuple[int, bytes]]] = {
    Failure: lambda error, _language, _shape: (error.status, _failure(error)),
    FieldFailure: lambda error, _language, _shape: (error.status, _by_field({error.field: [error.sentence]})),
    errors.Invalid: _invalid,
    errors.WrongState: _wrong_state,
    errors.Blocked: _blocked,
    errors.NotFound: _b(not_found()),
    errors.InUse: lambda _error, _language, _shape: (422, _by_field({"document": ["Document cannot be deleted"]})),
    errors.LimitReached: _limit_reached,
    errors.NotAllowed: _b(Failure(403, "forbidden", "The user may not do this in this account")),
    UnfitKey: _b(Failure(400, "invalid_request", "Idempotency-Key must be 1 to 255 visible ASCII characters")),
    KeyReused: _b(Failure(422, "idempotency_key_reused", "The Idempotency-Key was sent with another request before")),
    Unavailable: _b(unavailable()),
    StillRunning: _b(Failure(409, "request_in_progress", "The first request with this key is not done yet")),
    ChangedMeanwhile: _b(Failure(412, "precondition_failed", "The record has changed since this ETag")),
    TooLarge: _b(Failure(413, "payload_too_large", "The request body is too large")),
    Unintelligible: lambda error, _language, _shape: (400, _failure(Failure(400, "invalid_request", str(error)))),
}
