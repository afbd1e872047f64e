"""Statuses, error bodies and Polish sentences of sections 1.8 and 30: the only file of the dialect that knows them."""

import logging
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

SENTENCES: dict[str, str] = {
    "blank": "nie może być puste",
    "too_short": "jest za krótkie (przynajmniej {limit} znaki)",
    "too_long": "jest za długie (maksymalnie {limit} znaków)",
    "too_large": "jest za duże",
    "malformed": "jest nieprawidłowy",
    "malformed_email": "jest nieprawidłowy",
    "not_in_list": "nie znajduje się na liście dopuszczalnych wartości",
    "not_a_text": "nie jest tekstem",
    "not_a_number": "nie jest liczbą",
    "not_a_boolean": "nie jest wartością logiczną",
    "not_a_date": "nie jest datą",
    "taken": "zostało już zajęte",
    "immutable": "nie może zostać zmienione",
    "relied_on": "nie może zostać zmienione, ponieważ opiera się na nim dokument {number}",
    "too_small": "jest mniejsze niż suma wpłat",
    "nothing": "nie może być równe 0",
    "empty_list": "nie może być puste",
    "not_positive": "musi być większe od 0",
    "no_such_contact": "nie istnieje",
    "wrong_number": "jest nieprawidłowy",
    "number_used": "Faktura o podanym numerze już istnieje.",
    "before_issue": "nie może być wcześniejsza niż data wystawienia",
    "wrong_check_digit": "ma nieprawidłową cyfrę kontrolną",
    "in_future": "nie może być późniejsza niż dzisiaj",
    "too_many": "ma za dużo pozycji (maksymalnie {limit})",
    "below_zero": "Stan magazynowy spadłby poniżej zera",
    "unknown_rate": "nie może być puste",
    "too_many_files": "zawiera za dużo plików (maksymalnie {limit})",
    "files_too_large": "są za duże (łącznie maksymalnie {limit} MB)",
    "not_together": "Nie można jednocześnie korygować dat i pozycji dokumentu.",
}
"""By problem of the core."""

SENTENCES_OF_FIELDS = {
    ("received_amount", "not_together"): "Można podać tylko dla jednego kosztu.",
    ("payment_currency", "not_together"): "Można podać tylko dla jednego kosztu.",
    ("calculate_exchange_difference", "not_together"): "Można podać tylko dla jednego kosztu.",
    ("payment_method", "not_in_list"): "Proszę wybrać odpowiedni sposób płatności.",
    ("recipient", "blank"): "Nie można wysłać dokumentu: adres e-mail Klienta jest nieznany.",
    ("services.tax_symbol", "blank"): "Stawka VAT nie może być pusta.",
    ("bank_account", "not_in_list"): "Podany numer konta bankowego nie został dodany w aplikacji.",
}

KEYS = {
    ("number", "number_used"): "duplicated_number",
    ("lines.vat_treatment", "blank"): "base",
    ("corrected_id", "blank"): "corrected_invoice_number",
    ("corrected_id", "not_in_list"): "corrected_invoice_uuid",
}
"""By attribute of the core and problem, the key where that is no attribute of the document."""

INSTEAD = {
    "due_days": "payment_date",
    "lines.name": "service_name",
    "lines.quantity": "quantity",
    "lines.unit_price": "unit_price",
    "lines.net": "total_price",
    "lines.lump_sum_rate": "flat_rate_tax_symbol",
    "filename": "file_name",
    "category": "cost_category_id",
    "tags": "documents_uploads_group",
    "services.vat_rate": "services.tax_symbol",
    "services.vat_treatment": "services.tax_symbol",
    "services.unit_price": "services.gross_with_margin_amount_price",
    "services.purchase_price": "services.margin_amount_price",
}
"""By attribute that no field of the contract has, the field that it follows from."""

STATES: dict[str, tuple[int, str, str]] = {
    "not_for_ksef": (422, "base", "Faktura nie może zostać wysłana do KSeF."),
    "already_paid": (422, "status", "Faktura już została oznaczona jako zapłacona."),
    "no_payment_page": (422, "base", "Szybkie płatności nie są skonfigurowane na tym koncie."),
    "locked": (423, "base", "Dokument jest zablokowany."),
    "cancelled": (422, "base", "Dokument jest anulowany."),
    "accepted_by_ksef": (423, "base", "Dokument został przyjęty w KSeF, można go tylko skorygować."),
    "on_its_way_to_ksef": (423, "base", "Dokument jest w trakcie wysyłania do KSeF."),
}
"""By reason of the core, status, key and sentence."""

E_INVOICES: dict[str, str] = {
    "without_rate": "Brak kursu waluty dokumentu.",
    "without_lines": "Dokument nie ma pozycji.",
    "without_original": "Dokument nie wskazuje faktury, którą koryguje.",
    "not_an_invoice": "Faktura proforma nie jest fakturą w rozumieniu normy EN 16931.",
    "without_vat_no": "Brak numeru VAT sprzedawcy: uzupełnij go w ustawieniach firmy.",
    "without_registration_no": "Brak numeru rejestrowego sprzedawcy: uzupełnij go w ustawieniach firmy.",
    "without_buyer_vat_no": "Brak numeru VAT nabywcy: uzupełnij client_tax_code.",
    "rounding_too_large": "Kwota VAT za bardzo odbiega od podstawy i stawki: użyj jednej pozycji dla każdej stawki.",
    "vat_of_two_signs": "Kwota VAT jest w jednej walucie dodatnia, a w drugiej ujemna.",
    "without_buyer_reference": "Brak referencji nabywcy: uzupełnij ją na stronie kontrahenta.",
    "without_address": "Brak adresu elektronicznego sprzedawcy: uzupełnij go w ustawieniach e-faktur.",
    "without_buyer_address": "Brak adresu elektronicznego nabywcy: uzupełnij go na stronie kontrahenta.",
    "without_seller_contact": "Brak telefonu lub adresu e-mail sprzedawcy: uzupełnij je w ustawieniach firmy.",
    "without_place": "Brak miejscowości lub kodu pocztowego sprzedawcy: uzupełnij je w ustawieniach firmy.",
    "without_buyer_place": "Brak miejscowości lub kodu pocztowego nabywcy: uzupełnij client_city i client_post_code.",
}
"""By reason why no program can be told of a document, or not in the format that was asked for."""

NOT_NOW = (422, "base", "Ta operacja nie jest możliwa w obecnym stanie dokumentu.")

SUMMARY = "Wystąpiły błędy walidacji."
IN_USE = "Nie można usunąć: istnieją powiązane dokumenty."

Answered = tuple[int, bytes]


class Failure(errors.Refusal):
    """An answer of one sentence, meant for people; `retry_after` is in seconds."""

    def __init__(self, status: int, sentence: str, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.retry_after = retry_after


def no_key() -> Failure:
    return Failure(401, "Musisz podać klucz API.")


def wrong_key() -> Failure:
    return Failure(401, "Klucz API który podałeś jest nieprawidłowy.")


def lacking_scope(scope: str) -> Failure:
    """A key without the scope is told 401, as for a wrong key (D3)."""
    return Failure(401, f"Klucz API nie ma uprawnień do tego zasobu ({scope}).")


def wrong_value(name: str) -> Failure:
    return Failure(400, f"Nieprawidłowa wartość parametru: {name}.")


def missing(name: str) -> Failure:
    return Failure(400, f"Brak wymaganego parametru: {name}.")


def no_object() -> Failure:
    return Failure(400, "Treść zapytania musi być obiektem JSON.")


def not_found() -> Failure:
    return Failure(404, "Zasób którego szukasz nie został znaleziony.")


def not_acceptable() -> Failure:
    return Failure(406, "Nieobsługiwany format danych. Adres musi kończyć się na .json.")


def no_paper_mail() -> Failure:
    return Failure(402, "Wysyłka dokumentów pocztą nie jest dostępna w Twoim planie.")


def no_ksef() -> Failure:
    return Failure(422, "Użytkownik nie jest zintegrowany z KSeF.")


def ksef_retired() -> Failure:
    return Failure(410, "API KSeF 1.0 zostało wyłączone. Proszę przejść na KSeF 2.0.")


def not_waiting_for_ksef() -> Failure:
    return Failure(422, "Faktura nie oczekuje na wysłanie do KSeF.")


def too_many_ksef_lists(quota: int) -> Failure:
    """The limit that KSeF lists have of their own is told as 422 (1.9)."""
    return Failure(422, f"Przekroczono limit zapytań o listę faktur z KSeF ({quota} na godzinę). Spróbuj później.")


def not_readable() -> Failure:
    return Failure(422, "Tej faktury nie można przedstawić w tym formacie: pobierz ją jako XML.")


def no_e_invoice(reason: errors.Reason) -> Failure:
    """Why a document cannot be the file that was asked for."""
    return Failure(422, E_INVOICES.get(reason, NOT_NOW[2]))


def too_many_requests(retry_after: int) -> Failure:
    return Failure(429, "Przekroczono limit zapytań. Spróbuj ponownie później.", retry_after)


def not_built() -> Failure:
    return Failure(501, "Ta część API nie jest jeszcze dostępna na tym serwerze.")


def read_only_mode() -> Failure:
    return Failure(503, "Trwa przerwa techniczna: dostępny jest tylko odczyt danych.", 60)


def not_printed() -> Failure:
    return Failure(503, "Nie udało się teraz przygotować wydruku. Spróbuj ponownie później.", 5)


def busy_search() -> Failure:
    return Failure(503, "Wyszukiwarka jest przeciążona. Spróbuj ponownie później.", 60)


def answer(error: Exception, shape: Shape[Any, Any] | None) -> Answered:
    """Status and body for whatever was raised."""
    if isinstance(error, falcon.HTTPError):
        error = _of_falcon(error)
    if isinstance(error, errors.Invalid):
        return _invalid(error, shape)
    if isinstance(error, errors.WrongState) and error.reason == "not_connected":
        error = no_ksef()
    if isinstance(error, errors.WrongState):
        status, key, sentence = STATES.get(error.reason, NOT_NOW)
        return status, _error(SUMMARY if key != "base" else sentence, errors={key: [sentence]})
    if isinstance(error, errors.InUse):
        return 422, _error(IN_USE, errors={"base": [IN_USE]})
    failure = error if isinstance(error, Failure) else _FAILURES.get(type(error))
    if failure is None:
        log.error("request failed", exc_info=error)
        failure = Failure(500, "Wystąpił błąd serwera.")
    return failure.status, _error(failure.sentence)


def sentences(error: Exception, shape: Shape[Any, Any]) -> dict[str, list[str]]:
    """By attribute what a 422 would tell; of any other answer the one sentence, under `base`."""
    told = msgspec.json.decode(answer(error, shape)[1], type=dict[str, Any])
    found: dict[str, list[str]] = told.get("errors") or {"base": [told["error"]]}
    return found


def _of_falcon(error: falcon.HTTPError) -> Failure:
    """A method that a path does not take leads nowhere, like a path that is not there."""
    if isinstance(error, falcon.HTTPMethodNotAllowed):
        return not_found()
    return Failure(error.status_code, "Nieprawidłowe zapytanie.")


def _error(sentence: str, **more: Any) -> bytes:
    return msgspec.json.encode({"error": sentence, **more})


def _sentence(field: str, problem: errors.Problem) -> str:
    special = SENTENCES_OF_FIELDS.get((field, problem.code))
    return special or SENTENCES[problem.code].format(limit=problem.limit, number=problem.number)


def _invalid(error: errors.Invalid, shape: Shape[Any, Any] | None) -> Answered:
    told: dict[str, list[str]] = {}
    for attribute, problems in error.problems.items():
        spelled = shape.spelled(attribute) if shape else attribute
        field = spelled if shape and shape.has(attribute) else INSTEAD.get(spelled, spelled)
        for problem in problems:
            told.setdefault(KEYS.get((attribute, problem.code), field), []).append(_sentence(field, problem))
    return 422, _error(SUMMARY, errors=told)


_FAILURES: dict[type[Exception], Failure] = {
    errors.NotFound: not_found(),
    errors.LimitReached: Failure(402, "Limit Twojego planu został wykorzystany."),
    errors.Blocked: Failure(403, "Konto jest zablokowane z powodu nieopłaconej faktury."),
    errors.NotAllowed: Failure(403, "Ta operacja jest niedozwolona."),
    UnfitKey: Failure(400, "Klucz Idempotency-Key musi mieć od 1 do 255 widocznych znaków ASCII."),
    KeyReused: Failure(422, "Klucz Idempotency-Key został już użyty z innym zapytaniem."),
    Unavailable: Failure(503, "Baza danych jest chwilowo niedostępna. Spróbuj ponownie później."),
    StillRunning: Failure(409, "Pierwsze zapytanie z tym kluczem Idempotency-Key jest jeszcze przetwarzane."),
    ChangedMeanwhile: Failure(412, "Zasób został w międzyczasie zmieniony."),
    TooLarge: Failure(413, "Treść zapytania jest zbyt duża."),
    Unintelligible: Failure(400, "Nie można odczytać parametrów lub treści zapytania."),
}
