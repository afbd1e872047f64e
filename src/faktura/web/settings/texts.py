"""The texts that stand on every document of a firm."""

from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Paragraphs, Text
from faktura.web.forms.form import Form
from faktura.web.settings import pages
from faktura.web.settings.of_account import save_account, show_account

TEXTS = Form(
    Paragraphs("invoice_note", lazy_gettext("Text above the lines")),
    Paragraphs("footer_note", lazy_gettext("Text at the foot")),
    Text("unit_name", lazy_gettext("Usual unit of lines"), hint=lazy_gettext("Such as pcs or hours.")),
)


@pages.get("/<slug>/settings/texts")
def texts(slug: str) -> str:
    return show_account(slug, TEXTS, "settings/texts.html")


@pages.post("/<slug>/settings/texts")
@keeps_typed
def change_texts(slug: str) -> Response:
    return save_account(slug, TEXTS, "settings/texts.html")
