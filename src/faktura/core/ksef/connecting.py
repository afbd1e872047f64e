"""An account is connected to KSeF, by secrets that are sealed at once."""

from collections.abc import Mapping
from typing import Any, get_args

from stdnum.exceptions import ValidationError

from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.core.countries.numbers import read_nip, why_not
from faktura.core.errors import Given, Problems
from faktura.core.ksef.addresses import Environment, addresses_of
from faktura.core.ksef.connection import (
    ABOUT,
    CHECK,
    NO_ENROLMENT,
    KsefConnection,
    Method,
    connection_of,
    pair_in,
    seal,
    wishes_in,
)
from faktura.core.ksef.environments import go_to
from faktura.core.texts import check_texts
from faktura.core.todos import take_off_list
from faktura.store.records import changed, defaults_of

LONGEST_TOKEN = 1000


def connect(books: Books, given: Given, key: str, *, double: str = "") -> KsefConnection:
    """Reach KSeF by other secrets than before, or for the first time; a job then signs in, and says what came of it.

    Given are `environment`, `method` and, by that, `token`, or `certificate` and `private_key` as PEM; `tax_no`, where
    it is not the account's own, and what the firm wants of it. Documents say how far they came in that
    environment. Secrets are sealed by the key. Where there is a `double`
    of KSeF, all of it is found below its address.

    Raises:
        Invalid: a value breaks a rule, the certificate has ended, or key and certificate do not belong together.

    """
    problems, old = Problems(given.unread), connection_of(books)
    check_texts(KsefConnection, {name: given[name] for name in ("environment", "tax_no") if name in given}, problems)
    values = _identity(books, given, problems) | wishes_in(given, problems)
    secrets = _secrets(books, given, problems)
    problems.refuse()
    told = {"rights": (), "active": False, "last_error": None, "checked_at": None}
    values |= _sealed(books, key, secrets) | addresses_of(values["environment"], double)._asdict() | told
    if old is None:
        kept = books.add(KsefConnection, **values)
    else:
        kept = books.change(old, changed(old, **_afresh(old, values), **values))
        take_off_list(books, "ksef_disconnected", kept)
    go_to(books, kept.environment)
    books.note_event(Event("ksef_connected", kept, {name: (None, getattr(kept, name)) for name in ABOUT[:3]}))
    books.later(CHECK)
    return kept


def _identity(books: Books, given: Given, problems: Problems) -> dict[str, Any]:
    """In which environment, as whom and by what; a number is read as people write it."""
    environment, method = given.get("environment", "production"), given.get("method", "certificate")
    if environment not in get_args(Environment):
        problems.add("environment", "not_in_list")
    if method not in get_args(Method):
        problems.add("method", "not_in_list")
    text = (given.get("tax_no") or books.account.vat_no or "").strip()
    if not text:
        problems.add("tax_no", "blank")
    elif "tax_no" not in problems:
        try:
            text = read_nip(text).removeprefix("PL")
        except ValidationError as error:
            problems.add("tax_no", why_not(error))
    return {"environment": environment, "method": method, "tax_no": text}


def _secrets(books: Books, given: Given, problems: Problems) -> dict[str, Any]:
    """What the method needs, in the clear; nothing of the other method is kept."""
    if "method" in problems:
        return {}
    nothing = {"token": None, "certificate": None, "private_key": None, "certificate_until": None}
    if given.get("method") == "token":
        return nothing | {"token": _token(given, problems)}
    pair = pair_in(books, given.get("certificate") or "", given.get("private_key") or "", problems)
    return nothing | pair


def _token(given: Given, problems: Problems) -> str:
    token = (given.get("token") or "").strip()
    if not token and "token" not in problems:
        problems.add("token", "blank")
    elif len(token) > LONGEST_TOKEN:
        problems.add("token", "too_long", LONGEST_TOKEN)
    elif not (token.isascii() and token.isprintable()) or " " in token:
        problems.add("token", "malformed")
    return token


def _sealed(books: Books, key: str, secrets: Mapping[str, Any]) -> dict[str, Any]:
    """As they are kept; what an earlier sign-in left is of no use any more."""
    hidden = {name: seal(books, key, name, secrets[name]) for name in ("token", "private_key") if secrets[name]}
    return {**secrets, **hidden, "refresh_token": None, "refresh_until": None, **NO_ENROLMENT}


def _afresh(old: KsefConnection, values: Mapping[str, Any]) -> dict[str, Any]:
    """What is true of nobody else: where it is another firm or environment, all is fetched again."""
    if (old.environment, old.tax_no) == (values["environment"], values["tax_no"]):
        return {}
    names = ("marks", "incomes_fetched_at", "costs_fetched_at", "limits")
    offline = ("offline_certificate", "offline_key", "offline_until")
    return {name: value for name, value in defaults_of(KsefConnection).items() if name in {*names, *offline}}
