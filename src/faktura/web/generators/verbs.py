"""What is done with a template: paused and activated by one press; a date skipped, or issued now; and its deletion."""

import datetime as dt
from typing import Any, cast

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.documents.checks import Rules
from faktura.core.errors import Given, Invalid, Problem
from faktura.core.generators.change import delete_generator, find_generator
from faktura.core.generators.compose import DAYS_SHOWN
from faktura.core.generators.documents import run_composed
from faktura.core.generators.plan import days_ahead
from faktura.core.generators.recur import activate, find_standing, pause, run_now, skip
from faktura.core.invoices.record import Invoice
from faktura.outputs.mail.wording import send_as_wanted
from faktura.web.documents.page import address_of as address_of_document
from faktura.web.documents.showing import shown
from faktura.web.door.addresses import site
from faktura.web.door.books import read_books
from faktura.web.door.database import service
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Date
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import Undoable, Verb, save
from faktura.web.generators import pages
from faktura.web.generators.page import address_of_recurring, in_words, recurring_page

DAY = Form(Date("day", lazy_gettext("Date"), required=True))
"""Which date is meant: a form that stood open passes no other."""

OF_PEOPLE = Rules(rate_required=True, whole_seller=True)


@pages.post("/<slug>/recurring_generators/<id:recurring_id>/pause")
@keeps_typed
def pause_now(slug: str, recurring_id: int) -> Response:
    back = url_for("generators.activate_now", slug=slug, recurring_id=recurring_id)
    done = Undoable(lazy_gettext("It issues nothing until you activate it."), lambda _: back)
    return _pressed(slug, recurring_id, lambda books, _: pause(books, recurring_id), done)


@pages.post("/<slug>/recurring_generators/<id:recurring_id>/activate")
@keeps_typed
def activate_now(slug: str, recurring_id: int) -> Response:
    back = url_for("generators.pause_now", slug=slug, recurring_id=recurring_id)
    done = Undoable(lazy_gettext("It issues again, from its next date in the future on."), lambda _: back)
    return _pressed(slug, recurring_id, lambda books, _: activate(books, recurring_id, Given()), done)


@pages.get("/<slug>/recurring_generators/<id:recurring_id>/skip")
def skip_date(slug: str, recurring_id: int) -> str:
    return _of_day(slug, recurring_id, "generators/skip.html", DAY.filled())


@pages.post("/<slug>/recurring_generators/<id:recurring_id>/skip")
@keeps_typed
def skip_now(slug: str, recurring_id: int) -> Response:
    return save(
        slug,
        DAY.posted(),
        lambda books, given: skip(books, recurring_id, _day(given)),
        then=lambda _: address_of_recurring(slug, recurring_id),
        again=lambda filled: _of_day(slug, recurring_id, "generators/skip.html", filled),
        done=lazy_gettext("The date was skipped."),
        scope="invoices",
    )


@pages.get("/<slug>/recurring_generators/<id:recurring_id>/run")
def run(slug: str, recurring_id: int) -> str:
    return _of_day(slug, recurring_id, "generators/run.html", DAY.filled())


@pages.post("/<slug>/recurring_generators/<id:recurring_id>/run")
@keeps_typed
def issue_now(slug: str, recurring_id: int) -> Response:
    base = site() if service().sends_mail else ""
    return save(
        slug,
        DAY.posted(),
        lambda books, given: _issued(books, recurring_id, _day(given), base),
        then=lambda invoice_id: address_of_document(slug, invoice_id),
        again=lambda filled: _of_day(slug, recurring_id, "generators/run.html", filled),
        done=lazy_gettext("The document was issued."),
        scope="invoices",
    )


@pages.get("/<slug>/generators/<id:generator_id>/delete")
def delete(slug: str, generator_id: int) -> str:
    return _before_deleting(slug, generator_id, NOTHING.filled())


@pages.post("/<slug>/generators/<id:generator_id>/delete")
@keeps_typed
def delete_now(slug: str, generator_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: delete_generator(books, generator_id),
        then=lambda _: url_for("generators.show_all", slug=slug),
        again=lambda filled: _before_deleting(slug, generator_id, filled),
        done=lazy_gettext("The template was deleted."),
        scope="invoices",
    )


def _issued(books: Books, recurring_id: int, day: dt.date, base: str) -> Invoice:
    """With its letter in the same transaction, as the job of the night issues it; `base` is empty where mail is off."""
    invoice = run_now(books, recurring_id, day, OF_PEOPLE)
    if base:
        send_as_wanted(books, invoice, base)
    return invoice


def _day(given: Given) -> dt.date:
    if given.unread or given.get("day") is None:
        raise Invalid(given.unread or {"day": [Problem("blank")]})
    return cast("dt.date", given["day"])


def _of_day(slug: str, recurring_id: int, template: str, filled: Filled) -> str:
    """A question about the next date, with the document that is of it."""

    def work(books: Books) -> dict[str, Any]:
        generator = find_standing(books, recurring_id)
        composed = run_composed(books, generator)
        preview = shown(books, composed.invoice, composed.invoice.language)
        days = days_ahead(generator, DAYS_SHOWN)
        return {"account": books.account, "generator": generator, "preview": preview, "days": days} | {
            "hindered": composed.problems
        }

    asked = read_books(slug, work, "invoices", "write")
    return render_template(template, **asked | {"hindered": in_words(asked["hindered"])}, filled=filled)


def _before_deleting(slug: str, generator_id: int, filled: Filled) -> str:
    account, generator = read_books(
        slug, lambda books: (books.account, find_generator(books, generator_id)), "invoices", "write"
    )
    return render_template("generators/delete.html", account=account, generator=generator, filled=filled)


def _pressed(slug: str, recurring_id: int, verb: Verb, done: Undoable) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        verb,
        then=lambda _: address_of_recurring(slug, recurring_id),
        again=lambda filled: recurring_page(slug, recurring_id, filled),
        done=done,
        scope="invoices",
    )
