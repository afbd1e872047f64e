"""Where electronic invoices reach a firm, by whose rules it writes them, and which go with its letters."""

from flask import render_template, url_for
from flask_babel import lazy_gettext
from msgspec.structs import asdict
from werkzeug.wrappers import Response

from faktura.core.accounts.change import change_account
from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.people.accounts import Account
from faktura.outputs.e_invoices.lacking import Lacking, firm_lacks
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.choices import PROFILES
from faktura.web.forms.electronic import ELECTRONIC_ADDRESS
from faktura.web.forms.fields import Choice, YesNo
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save
from faktura.web.forms.sentences import standings
from faktura.web.settings import pages

E_INVOICES = Form(
    *ELECTRONIC_ADDRESS,
    Choice(
        "e_invoice_profile",
        lazy_gettext("Rules of UBL files"),
        options=PROFILES.items,
        hint=lazy_gettext("Where a contact has none of its own."),
    ),
    YesNo("embed_isdoc", lazy_gettext("The PDF carries an ISDOC inside")),
    YesNo("attach_isdoc", lazy_gettext("An ISDOC file is attached")),
    YesNo("attach_ubl", lazy_gettext("A UBL file is attached"), hint=lazy_gettext("Where the document can be one.")),
    YesNo(
        "check_e_invoices",
        lazy_gettext("Documents are checked as e-invoices after their issue"),
        hint=lazy_gettext("What breaks rules is put on the list of what is to be done."),
    ),
)


@pages.get("/<slug>/settings/e-invoices")
def e_invoices(slug: str) -> str:
    account = read_books(slug, lambda books: books.account, deed="manage")
    return _form(slug, E_INVOICES.filled(asdict(account) | {"embed_isdoc": account.embeds_isdoc}))


@pages.post("/<slug>/settings/e-invoices")
@keeps_typed
def change_e_invoices(slug: str) -> Response:
    return save(
        slug,
        E_INVOICES.posted(),
        _change,
        then=lambda _: url_for("settings.e_invoices", slug=slug),
        again=lambda filled: _form(slug, filled),
        done=lazy_gettext("The settings were saved."),
        deed="manage",
    )


def _change(books: Books, given: Given) -> None:
    change_account(books, given)


def _form(slug: str, filled: Filled) -> str:
    def work(books: Books) -> tuple[Account, Lacking]:
        return books.account, firm_lacks(books)

    account, lacking = read_books(slug, work, deed="manage")
    return render_template("settings/e_invoices.html", account=account, filled=filled, standings=standings(lacking))
