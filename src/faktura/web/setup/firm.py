"""The second step: the first account of the server."""

from flask import redirect, render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.accounts.change import change_account
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.people.accounts import slug_for
from faktura.core.people.first_run import found_firm, no_account_is_open
from faktura.web.door.database import read, service, write
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.people import person
from faktura.web.forms.fields import Text
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.looking_up import LookedUp, is_asked, looked_up
from faktura.web.forms.saving import lead_on
from faktura.web.settings.account import ACCOUNT
from faktura.web.setup import pages

SAID = ("registration_no", "vat_no", "street", "city", "postcode", "vat_mode")

HOME = {"cs": "CZ", "pl": "PL"}
"""The country that is offered first, by the person's language."""

FIRM = Form(
    *(ACCOUNT.fields[name] for name in ("country", "registration_no", "vat_no", "name")),
    *(ACCOUNT.fields[name] for name in ("street", "city", "postcode", "vat_mode")),
    Text(
        "slug",
        lazy_gettext("Name in addresses"),
        hint=lazy_gettext("Small letters, digits, hyphens; empty means one that is made of the name."),
    ),
)


@pages.get("/setup/firm")
def firm() -> Response | str:
    if not read(no_account_is_open):
        return redirect(url_for("home.show"))
    return _form(FIRM.filled(country=HOME.get(person().user.language, "CZ"), vat_mode="vat_payer"))


@pages.post("/setup/firm")
@keeps_typed
def found() -> Response:
    filled, user = FIRM.posted(), person().user
    if is_asked():
        return looked_up(filled, _form)
    given, mounts = filled.given(), service().mounts

    def work(office: Office) -> None:
        name = given.get("name") or ""
        slug = given.get("slug") or slug_for(name)
        account = found_firm(office, user, slug, name, given.get("country") or "", mounts)
        change_account(Books(office.tx, account, user.id, office.now, way=office.way), given.only(*SAID))

    def do() -> str:
        write(work)
        return url_for("setup.money")

    return lead_on(do, filled, again=_form)


def _form(filled: Filled, looked: LookedUp | None = None) -> str:
    return render_template("setup/firm.html", filled=filled, looked=looked, sources=service().look_ups.sources)
