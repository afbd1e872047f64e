"""The connection of a firm to KSeF: how it stands, what is sent when, what is fetched, and its certificates."""

import datetime as dt

from flask import abort, make_response, render_template, url_for
from flask_babel import format_date, gettext, lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.ksef.connection import (
    TOKENS_END,
    KsefConnection,
    Purpose,
    change_connection,
    connection_of,
    disconnect,
    order_check,
)
from faktura.core.ksef.enrolment import order_certificate
from faktura.core.people.accounts import Account
from faktura.web.door.books import read_books
from faktura.web.door.database import service
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Choice, Whole, YesNo
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import save
from faktura.web.settings import pages
from faktura.web.settings.confirm import asked
from faktura.web.settings.ksef_words import ENVIRONMENTS, SEND_MODES, opener_of, rights_of, standing_of

AGAIN = 2
"""Seconds after which a browser asks again whether the check is done."""

KSEF = Form(
    Choice("send_mode", lazy_gettext("Documents are sent"), options=SEND_MODES.items),
    Whole(
        "send_delay",
        lazy_gettext("They wait before that, in seconds"),
        hint=lazy_gettext("So long it can be undone. What KSeF has cannot be taken back, only corrected."),
    ),
    YesNo(
        "offline_allowed",
        lazy_gettext("Where KSeF does not answer, documents are issued offline and sent later"),
        hint=lazy_gettext("They carry two codes in place of a number, and must be in KSeF on the next working day."),
    ),
    YesNo("receive", lazy_gettext("Invoices that suppliers sent to KSeF are fetched")),
    Whole("receive_every", lazy_gettext("They are looked for every so many minutes"), hint=lazy_gettext("15 or more.")),
)


@pages.get("/<slug>/settings/ksef")
def ksef(slug: str) -> Response:
    """Without scripts the browser loads the page again until what was ordered is done."""
    answer = make_response(_page(slug))
    found = read_books(slug, connection_of, deed="manage")
    if found is not None and (found.checked_at is None or found.enrolment_for):
        answer.headers["Refresh"] = str(AGAIN)
    return answer


@pages.post("/<slug>/settings/ksef")
@keeps_typed
def change_ksef(slug: str) -> Response:
    return save(
        slug,
        KSEF.posted(),
        change_connection,
        then=lambda _: url_for("settings.ksef", slug=slug),
        again=lambda filled: _page(slug, filled),
        done=lazy_gettext("The settings were saved."),
        deed="manage",
    )


@pages.post("/<slug>/settings/ksef/check")
@keeps_typed
def check_ksef(slug: str) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: order_check(books),
        then=lambda _: url_for("settings.ksef", slug=slug),
        again=lambda filled: _page(slug, filled),
        deed="manage",
    )


@pages.post("/<slug>/settings/ksef/enrol/<purpose>")
@keeps_typed
def enrol_ksef(slug: str, purpose: str) -> Response:
    if purpose not in PURPOSES:
        abort(404)
    wanted = PURPOSES[purpose]
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: order_certificate(books, wanted),
        then=lambda _: url_for("settings.ksef", slug=slug),
        again=lambda filled: _page(slug, filled),
        done=lazy_gettext("KSeF is asked for the certificate. It is here in a minute or two."),
        deed="manage",
    )


@pages.get("/<slug>/settings/ksef/disconnect")
def disconnect_ksef(slug: str) -> str:
    return _before_disconnecting(slug, NOTHING.filled())


@pages.post("/<slug>/settings/ksef/disconnect")
@keeps_typed
def disconnect_ksef_now(slug: str) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: disconnect(books),
        then=lambda _: url_for("settings.ksef", slug=slug),
        again=lambda filled: _before_disconnecting(slug, filled),
        done=lazy_gettext("The firm is not connected to KSeF any more."),
        deed="manage",
    )


PURPOSES: dict[str, Purpose] = {"authentication": "Authentication", "offline": "Offline"}


def _page(slug: str, filled: Filled | None = None) -> str:
    def work(books: Books) -> tuple[Account, KsefConnection | None]:
        return books.account, connection_of(books)

    account, found = read_books(slug, work, deed="manage")
    return render_template(
        "settings/ksef/page.html",
        account=account,
        connection=found,
        filled=filled or KSEF.filled(found),
        switched_on=service().ksef_double is not None,
        tokens_end=TOKENS_END,
        once=NOTHING.filled().once,
        **({} if found is None else _said(found)),
    )


def _said(connection: KsefConnection) -> dict[str, object]:
    """What the page says of a connection."""
    return {
        "standing": standing_of(connection),
        "rights": rights_of(connection),
        "opener": opener_of(connection, service().secret_key),
        "environment": ENVIRONMENTS[connection.environment],
        "until": _day(connection.certificate_until),
        "offline_until": _day(connection.offline_until),
    }


def _day(at: dt.datetime | None) -> str:
    return "" if at is None else str(format_date(at))


def _before_disconnecting(slug: str, filled: Filled) -> str:
    return asked(
        slug,
        filled,
        gettext("Disconnect from KSeF"),
        gettext("Certificate and token are forgotten here; in KSeF they stay. Nothing is sent or fetched any more."),
        gettext("Disconnect"),
        url_for("settings.ksef", slug=slug),
    )
