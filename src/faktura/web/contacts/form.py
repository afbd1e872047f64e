"""A contact is added or changed."""

import msgspec
from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.contacts import STREET_LINE, add_contact, change_contact, find_contact, street_line
from faktura.outputs.e_invoices.lacking import customer_lacks
from faktura.web.contacts import pages
from faktura.web.door.books import read_books
from faktura.web.door.database import service
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.choices import PROFILES, countries_named, currencies_named, languages_named
from faktura.web.forms.electronic import ELECTRONIC_ADDRESS
from faktura.web.forms.fields import Choice, Paragraphs, Text, Whole, YesNo
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.looking_up import LookedUp, is_asked, looked_up
from faktura.web.forms.saving import save
from faktura.web.forms.sentences import standings

ROLES = {
    "customer": lazy_gettext("Customer"),
    "supplier": lazy_gettext("Supplier"),
    "both": lazy_gettext("Customer and supplier"),
}

AS_THE_ACCOUNT = lazy_gettext("As the account has it")

SWITCH = {"inherit": AS_THE_ACCOUNT, "on": lazy_gettext("Yes"), "off": lazy_gettext("No")}

INSTEAD = lazy_gettext("Instead of what the account writes; empty means that.")

CONTACT = Form(
    Text("name", lazy_gettext("Name"), required=True, autocomplete="organization"),
    Text("registration_no", lazy_gettext("Registration number")),
    Text("vat_no", lazy_gettext("VAT number")),
    Text("local_vat_no", lazy_gettext("Local VAT number")),
    Text("custom_id", lazy_gettext("Own identifier")),
    Choice("role", lazy_gettext("Role"), options=ROLES.items),
    Text("full_name", lazy_gettext("Full name"), autocomplete="name"),
    Text(STREET_LINE, lazy_gettext("Street and number"), autocomplete="street-address"),
    Text("city", lazy_gettext("City"), autocomplete="address-level2"),
    Text("postcode", lazy_gettext("Postcode"), autocomplete="postal-code"),
    Choice("country", lazy_gettext("Country"), options=countries_named),
    YesNo("has_delivery_address", lazy_gettext("Goods are delivered to another address")),
    Text("delivery_name", lazy_gettext("Name at the delivery address")),
    Text("delivery_street", lazy_gettext("Street and number of the delivery address")),
    Text("delivery_city", lazy_gettext("City of the delivery address")),
    Text("delivery_postcode", lazy_gettext("Postcode of the delivery address")),
    Choice("delivery_country", lazy_gettext("Country of the delivery address"), options=countries_named, empty=""),
    Text("email", lazy_gettext("E-mail"), type="email", autocomplete="email"),
    Text("email_copy", lazy_gettext("Copies to"), type="email"),
    Text("phone", lazy_gettext("Phone"), type="tel", autocomplete="tel"),
    Text("web", lazy_gettext("Web"), type="url", autocomplete="url"),
    Whole("due_days", lazy_gettext("Due in days"), hint=lazy_gettext("Empty means as the account has it.")),
    Choice("currency", lazy_gettext("Currency"), options=currencies_named, empty=AS_THE_ACCOUNT),
    Choice("language", lazy_gettext("Language"), options=languages_named, empty=AS_THE_ACCOUNT),
    Text("variable_symbol", lazy_gettext("Variable symbol")),
    Text("bank_account", lazy_gettext("Bank account")),
    Text("iban", lazy_gettext("IBAN")),
    Text("bic", lazy_gettext("BIC")),
    Paragraphs("invoice_note", lazy_gettext("Note on every document")),
    Choice("send_reminders", lazy_gettext("Reminders when late"), options=SWITCH.items),
    Choice("send_due_date_reminders", lazy_gettext("Reminders before the due date"), options=SWITCH.items),
    Paragraphs("overdue_email_text", lazy_gettext("Text of reminders"), hint=INSTEAD),
    Paragraphs("due_date_reminder_email_text", lazy_gettext("Text of reminders before the due date"), hint=INSTEAD),
    *ELECTRONIC_ADDRESS,
    Text(
        "buyer_reference",
        lazy_gettext("Buyer reference"),
        hint=lazy_gettext("What the customer wants to read on each invoice, such as a Leitweg-ID."),
    ),
    Choice("e_invoice_profile", lazy_gettext("Rules of UBL files"), options=PROFILES.items, empty=AS_THE_ACCOUNT),
    Choice("embed_isdoc", lazy_gettext("The PDF carries an ISDOC inside"), options=SWITCH.items),
    Choice("attach_isdoc", lazy_gettext("An ISDOC file is attached"), options=SWITCH.items),
    Choice("attach_ubl", lazy_gettext("A UBL file is attached"), options=SWITCH.items),
    Paragraphs("private_note", lazy_gettext("Private note"), hint=lazy_gettext("Only members of the account see it.")),
)


@pages.get("/<slug>/subjects/new")
def new(slug: str) -> str:
    account = read_books(slug, lambda books: books.account, deed="write")
    return _form(slug, CONTACT.filled(country=account.country, role="customer"))


@pages.post("/<slug>/subjects/new")
@keeps_typed
def add(slug: str) -> Response:
    filled = CONTACT.posted()
    if is_asked():
        return _look_up(slug, filled)
    return save(
        slug,
        filled,
        add_contact,
        then=lambda contact_id: url_for("contacts.show", slug=slug, contact_id=contact_id),
        again=lambda filled: _form(slug, filled),
        done=lazy_gettext("The contact was added."),
    )


@pages.get("/<slug>/subjects/<id:contact_id>/edit")
def edit(slug: str, contact_id: int) -> str:
    contact = read_books(slug, lambda books: find_contact(books, contact_id), deed="write")
    values = msgspec.structs.asdict(contact) | {STREET_LINE: street_line(contact)}
    return _form(slug, CONTACT.filled(values), contact_id)


@pages.post("/<slug>/subjects/<id:contact_id>/edit")
@keeps_typed
def change(slug: str, contact_id: int) -> Response:
    filled = CONTACT.posted()
    if is_asked():
        return _look_up(slug, filled, contact_id)
    return save(
        slug,
        filled,
        lambda books, given: change_contact(books, contact_id, given),
        then=lambda _: url_for("contacts.show", slug=slug, contact_id=contact_id),
        again=lambda filled: _form(slug, filled, contact_id),
        done=lazy_gettext("The contact was changed."),
    )


def _look_up(slug: str, filled: Filled, contact_id: int | None = None) -> Response:
    read_books(slug, lambda books: books.account, deed="write")
    return looked_up(filled, lambda filled, found: _form(slug, filled, contact_id, found), {"street": STREET_LINE})


def _form(slug: str, filled: Filled, contact_id: int | None = None, looked: LookedUp | None = None) -> str:
    def work(books: Books) -> dict[str, object]:
        contact = None if contact_id is None else find_contact(books, contact_id)
        lacking = customer_lacks(books, contact) if contact else {}
        return {"account": books.account, "contact": contact, "standings": standings(lacking)}

    sources = service().look_ups.sources
    return render_template(
        "contacts/form.html", filled=filled, looked=looked, sources=sources, **read_books(slug, work)
    )
