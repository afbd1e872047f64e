"""What lets a firm into KSeF is handed over: a certificate with its key, or a token."""

from collections.abc import Callable
from http import HTTPStatus

from flask import make_response, render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Given, Invalid, Problem
from faktura.core.ksef.certificates import LARGEST, KeyPair, read_key_pair
from faktura.core.ksef.connecting import LONGEST_TOKEN, connect
from faktura.core.ksef.connection import TOKENS_END, KsefConnection, connection_of, keep_offline_pair
from faktura.core.people.accounts import Account
from faktura.web.door.bodies import takes_up_to
from faktura.web.door.books import read_books
from faktura.web.door.database import service
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Choice, File, Text
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save
from faktura.web.settings import pages
from faktura.web.settings.ksef_words import ENVIRONMENTS

MOST_BYTES = 3 * LARGEST
"""Of a form with two files."""

WHO = (
    Choice("environment", lazy_gettext("Which KSeF"), options=ENVIRONMENTS.items),
    Text("tax_no", lazy_gettext("NIP of the firm")),
)

PAIR = (
    File(
        "certificate",
        lazy_gettext("File with the certificate"),
        accept=".crt,.cer,.pem,.p12,.pfx",
        hint=lazy_gettext("Ends in .crt, .pem, .p12 or .pfx."),
    ),
    File(
        "private_key",
        lazy_gettext("File with its key"),
        accept=".key,.pem",
        hint=lazy_gettext("Ends in .key. A .p12 or .pfx has it inside."),
    ),
    Text(
        "password",
        lazy_gettext("Password of the key"),
        type="password",
        autocomplete="off",
        hint=lazy_gettext("The one that you chose when you made the certificate. It is not kept."),
    ),
)

CERTIFICATE = Form(*WHO, *PAIR)

TOKEN = Form(
    *WHO,
    Text("token", lazy_gettext("Token"), type="password", autocomplete="off", longest=LONGEST_TOKEN, required=True),
)

OFFLINE = Form(*PAIR)


@pages.get("/<slug>/settings/ksef/certificate")
def ksef_certificate(slug: str) -> str:
    return _form(slug, CERTIFICATE, "certificate")


@pages.post("/<slug>/settings/ksef/certificate")
@takes_up_to(MOST_BYTES)
@keeps_typed
def connect_by_certificate(slug: str) -> Response:
    return _with_pair(slug, CERTIFICATE, "certificate", _connect)


@pages.get("/<slug>/settings/ksef/token")
def ksef_token(slug: str) -> str:
    return _form(slug, TOKEN, "token")


@pages.post("/<slug>/settings/ksef/token")
@keeps_typed
def connect_by_token(slug: str) -> Response:
    connecting = _connecting()
    return save(
        slug,
        TOKEN.posted(),
        lambda books, given: connecting(books, given, "token"),
        then=lambda _: url_for("settings.ksef", slug=slug),
        again=lambda filled: _again(slug, filled, "token"),
        deed="manage",
    )


@pages.get("/<slug>/settings/ksef/offline")
def ksef_offline(slug: str) -> str:
    return _form(slug, OFFLINE, "offline")


@pages.post("/<slug>/settings/ksef/offline")
@takes_up_to(MOST_BYTES)
@keeps_typed
def keep_offline(slug: str) -> Response:
    return _with_pair(slug, OFFLINE, "offline", _keep_offline)


Keep = Callable[[Books, Given, KeyPair], KsefConnection]


def _with_pair(slug: str, form: Form, way: str, keeping: Callable[[], Keep]) -> Response:
    """The files are read before anything is written: their password goes no further."""
    filled, keep = form.posted(), keeping()
    try:
        pair = _pair_in(filled)
    except Invalid as invalid:
        return make_response(_again(slug, filled.refused(invalid), way), HTTPStatus.UNPROCESSABLE_ENTITY)
    return save(
        slug,
        filled,
        lambda books, given: keep(books, given, pair),
        then=lambda _: url_for("settings.ksef", slug=slug),
        again=lambda filled: _again(slug, filled, way),
        done=lazy_gettext("The certificate was kept.") if way == "offline" else "",
        deed="manage",
    )


def _connect() -> Keep:
    connecting = _connecting()
    return lambda books, given, pair: connecting(books, Given({**given, **pair._asdict()}), "certificate")


def _keep_offline() -> Keep:
    key = service().secret_key
    return lambda books, _given, pair: keep_offline_pair(books, *pair, key)


def _connecting() -> Callable[[Books, Given, str], KsefConnection]:
    """Connects by a method, where the operator lets accounts do so."""
    key, double = service().secret_key, service().ksef_double

    def do(books: Books, given: Given, method: str) -> KsefConnection:
        if double is None:
            raise Invalid({"environment": [Problem("not_in_list")]})
        names = ("environment", "tax_no", "certificate", "private_key", "token")
        meant = Given({name: given[name] for name in names if given.get(name)} | {"method": method}, given.unread)
        return connect(books, meant, key, double=double)

    return do


def _pair_in(filled: Filled) -> KeyPair:
    """What is in the files.

    Raises:
        Invalid: a file is missing, or cannot be read.

    """
    certificate, private_key = filled.typed["certificate"], filled.typed["private_key"]
    if certificate is None:
        raise Invalid({"certificate": [Problem("blank")]})
    key = private_key.content if private_key else b""
    return read_key_pair(certificate.content, key, filled.typed["password"] or "")


def _form(slug: str, form: Form, way: str) -> str:
    def work(books: Books) -> tuple[Account, KsefConnection | None]:
        return books.account, connection_of(books)

    account, found = read_books(slug, work, deed="manage")
    usual = "test" if service().ksef_double else "production"
    first = {"environment": usual, "tax_no": (account.vat_no or "").removeprefix("PL")}
    if found is not None:
        first = {"environment": found.environment, "tax_no": found.tax_no}
    return _again(slug, form.filled(None, **{name: first.get(name) for name in form.fields if name in first}), way)


def _again(slug: str, filled: Filled, way: str) -> str:
    account = read_books(slug, lambda books: books.account, deed="manage")
    return render_template(f"settings/ksef/{way}.html", account=account, filled=filled, tokens_end=TOKENS_END)
