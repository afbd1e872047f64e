"""What a step of the reminders says in a language, seen as a customer would read it."""

from typing import Any, NamedTuple, cast

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.accounts.reminders import ReminderText, find_step, say, texts_of
from faktura.core.books.books import Books
from faktura.core.codes import DocumentLanguage
from faktura.core.errors import NotFound
from faktura.core.invoices.letters import Wording
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account, ReminderStep
from faktura.outputs.mail.wording import step_worded
from faktura.outputs.words.words import LANGUAGES
from faktura.store.queries import Order, Selection
from faktura.web.documents.page import public_address
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.sizes import sized
from faktura.web.forms.fields import Paragraphs, Text
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save
from faktura.web.settings import pages

TEXT = Form(
    Text("subject", lazy_gettext("Subject"), hint=lazy_gettext("Empty means the usual words.")),
    Paragraphs("body", lazy_gettext("Text"), hint=lazy_gettext("Empty means the usual words.")),
)

PAGE = "settings/reminder_text.html"
PREVIEW = "settings/reminder_preview.html"

LAST_ISSUED = Selection(order=(Order("id", descending=True),))


class Worded(NamedTuple):
    """A step in a language, as a customer would read it about the document that was issued last."""

    account: Account
    step: ReminderStep
    invoice: Invoice | None
    letter: Wording | None


@pages.get("/<slug>/settings/reminders/<id:step_id>/texts/<language>")
def reminder_text(slug: str, step_id: int, language: str) -> Response:
    texts = read_books(slug, lambda books: texts_of(books, find_step(books, step_id)), deed="manage")
    return sized(PAGE, PREVIEW, **_shown(slug, step_id, language, TEXT.filled(texts.get(known(language)))))


@pages.post("/<slug>/settings/reminders/<id:step_id>/texts/<language>")
@keeps_typed
def change_reminder_text(slug: str, step_id: int, language: str) -> Response:
    return save(
        slug,
        TEXT.posted(),
        lambda books, given: say(books, step_id, known(language), given),
        then=lambda _: url_for("settings.reminder", slug=slug, step_id=step_id),
        again=lambda filled: render_template(PAGE, **_shown(slug, step_id, language, filled)),
        done=lazy_gettext("The text was saved."),
        deed="manage",
    )


@pages.post("/<slug>/settings/reminders/<id:step_id>/texts/<language>/preview")
def preview_reminder(slug: str, step_id: int, language: str) -> Response:
    """What is typed so far; nothing is kept."""
    return sized(PAGE, PREVIEW, **_shown(slug, step_id, language, TEXT.posted()))


def known(language: str) -> DocumentLanguage:
    """One that letters are written in.

    Raises:
        NotFound: it is none.

    """
    if language not in LANGUAGES:
        raise NotFound(ReminderText.table_name)
    return cast("DocumentLanguage", language)


def _shown(slug: str, step_id: int, language: str, filled: Filled) -> dict[str, Any]:
    shown_in = known(language)

    def work(books: Books) -> Worded:
        step = find_step(books, step_id)
        last = next(iter(books.some_in_order(Invoice, LAST_ISSUED, 1)), None)
        return Worded(books.account, step, last, None if last is None else letter(books, last, step))

    def letter(books: Books, invoice: Invoice, step: ReminderStep) -> Wording:
        typed = Wording(filled.typed["subject"].strip(), filled.typed["body"].strip())
        link = public_address(invoice, slug)
        return step_worded(books, invoice, step, link, shown_in, typed)

    worded = read_books(slug, work, "invoices", deed="manage")
    return worded._asdict() | {"shown_in": shown_in, "filled": filled}
