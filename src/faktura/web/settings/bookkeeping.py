"""How the program of the bookkeeper calls what it cannot tell from a document."""

from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Text
from faktura.web.forms.form import Form
from faktura.web.settings import pages
from faktura.web.settings.of_account import save_account, show_account

BOOKKEEPING = Form(
    Text(
        "vat_code_eu_goods",
        lazy_gettext("Goods to another country of the EU"),
        hint=lazy_gettext("Empty means UDdodEU."),
    ),
    Text(
        "vat_code_eu_services",
        lazy_gettext("Services to another country of the EU"),
        hint=lazy_gettext("Empty means that the document is to be sorted by hand."),
    ),
    Text("vat_code_abroad", lazy_gettext("Outside the EU"), hint=lazy_gettext("Empty means UDzahr.")),
    Text("vat_code_reverse_charge", lazy_gettext("Reverse charge at home"), hint=lazy_gettext("Empty means UDpdp.")),
)


@pages.get("/<slug>/settings/bookkeeping")
def bookkeeping(slug: str) -> str:
    return show_account(slug, BOOKKEEPING, "settings/bookkeeping.html")


@pages.post("/<slug>/settings/bookkeeping")
@keeps_typed
def change_bookkeeping(slug: str) -> Response:
    return save_account(slug, BOOKKEEPING, "settings/bookkeeping.html")
