"""The steps by which customers are reminded, and what goes out tomorrow."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import render_template, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.accounts.reminders import (
    MOST_STEPS,
    ReminderText,
    add_step,
    change_step,
    find_step,
    remove_step,
    texts_of,
)
from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.reminders import reminders_due
from faktura.core.people.accounts import Account, ReminderStep
from faktura.outputs.words.words import LANGUAGES, printed_language
from faktura.web.door.books import read_books
from faktura.web.door.database import service
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.names import step_name
from faktura.web.forms.fields import Choice, Whole, YesNo
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import save
from faktura.web.settings import pages
from faktura.web.settings.confirm import asked

SIDES = {"after": lazy_gettext("after the due date"), "before": lazy_gettext("before the due date")}

STEP = Form(
    Whole("days", lazy_gettext("Days"), required=True, hint=lazy_gettext("A zero is the due date itself.")),
    Choice("side", lazy_gettext("When"), options=SIDES.items),
    YesNo("on", lazy_gettext("Customers are reminded, unless the contact or the document says otherwise")),
)

MOST_SHOWN = 50
"""Letters of tomorrow that a page lists."""


class Going(NamedTuple):
    """A letter that goes out tomorrow, if nobody pays meanwhile; one without an address does not."""

    invoice: Invoice
    contact: Contact
    step: ReminderStep


class Steps(NamedTuple):
    """`said` are the languages in which a step has words of its own; of tomorrow's letters some are shown."""

    account: Account
    said: Mapping[int, Sequence[str]]
    tomorrow: dt.date
    letters: int
    going: Sequence[Going]


@pages.get("/<slug>/settings/reminders")
def reminders(slug: str) -> str:
    found = read_books(slug, _steps, "invoices", deed="manage")
    return render_template(
        "settings/reminders.html", **found._asdict(), most_steps=MOST_STEPS, sends_mail=service().sends_mail
    )


@pages.get("/<slug>/settings/reminders/new")
def new_reminder(slug: str) -> str:
    return _form(slug, STEP.filled(side="after", on=True))


@pages.post("/<slug>/settings/reminders/new")
@keeps_typed
def add_reminder(slug: str) -> Response:
    return save(
        slug,
        STEP.posted(),
        lambda books, given: add_step(books, _signed(given)),
        then=lambda _: url_for("settings.reminders", slug=slug),
        again=lambda filled: _form(slug, filled),
        done=lazy_gettext("The step was added. It holds from today on."),
        deed="manage",
    )


@pages.get("/<slug>/settings/reminders/<id:step_id>")
def reminder(slug: str, step_id: int) -> str:
    step = read_books(slug, lambda books: find_step(books, step_id), deed="manage")
    side = "before" if step.is_before and step.days else "after"
    return _form(slug, STEP.filled(days=abs(step.days), side=side, on=step.on), step_id)


@pages.post("/<slug>/settings/reminders/<id:step_id>")
@keeps_typed
def change_reminder(slug: str, step_id: int) -> Response:
    return save(
        slug,
        STEP.posted(),
        lambda books, given: change_step(books, step_id, _signed(given)),
        then=lambda _: url_for("settings.reminders", slug=slug),
        again=lambda filled: _form(slug, filled, step_id),
        done=lazy_gettext("The step was changed. It holds from today on."),
        deed="manage",
    )


@pages.get("/<slug>/settings/reminders/<id:step_id>/remove")
def before_removing(slug: str, step_id: int) -> str:
    return _before_removing(slug, step_id, NOTHING.filled())


@pages.post("/<slug>/settings/reminders/<id:step_id>/remove")
@keeps_typed
def remove_reminder(slug: str, step_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: remove_step(books, step_id),
        then=lambda _: url_for("settings.reminders", slug=slug),
        again=lambda filled: _before_removing(slug, step_id, filled),
        done=lazy_gettext("The step was removed."),
        deed="manage",
    )


def _steps(books: Books) -> Steps:
    tomorrow = books.today + dt.timedelta(days=1)
    due = reminders_due(books, tomorrow)
    some = due[:MOST_SHOWN]
    invoices = {one.id: one for one in books.some(Invoice, [one.invoice_id for one in some])}
    contacts = {one.id: one for one in books.some(Contact, list({one.contact_id for one in some}))}
    said: dict[int, list[str]] = {}
    for text in books.all(ReminderText):
        said.setdefault(text.step, []).append(text.language)
    going = [Going(invoices[one.invoice_id], contacts[one.contact_id], one.step) for one in some]
    return Steps(books.account, said, tomorrow, len(due), going)


def _signed(given: Given) -> Given:
    """Days as the core counts them: below zero before the due date."""
    values: dict[str, Any] = {name: value for name, value in given.items() if name != "side"}
    if given.get("days") is not None and given.get("side") == "before":
        values["days"] = -given["days"]
    return Given(values, given.unread)


def _form(slug: str, filled: Filled, step_id: int | None = None) -> str:
    def work(books: Books) -> tuple[Account, ReminderStep | None, Mapping[str, ReminderText]]:
        step = None if step_id is None else find_step(books, step_id)
        return books.account, step, {} if step is None else texts_of(books, step)

    account, step, texts = read_books(slug, work, deed="manage")
    own = printed_language(account.invoice_language)
    languages = sorted(LANGUAGES, key=lambda language: language != own)
    return render_template(
        "settings/reminder.html", account=account, step=step, texts=texts, languages=languages, filled=filled
    )


def _before_removing(slug: str, step_id: int, filled: Filled) -> str:
    step = read_books(slug, lambda books: find_step(books, step_id), deed="manage")
    return asked(
        slug,
        filled,
        gettext("Remove the reminder: %(step)s", step=step_name(step)),
        gettext("Nobody is reminded by it any more, and its texts are forgotten."),
        gettext("Remove"),
        url_for("settings.reminder", slug=slug, step_id=step_id),
    )
