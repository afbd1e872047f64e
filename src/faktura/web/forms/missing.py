"""What a firm has to fill in before it issues a document, as links to the very fields."""

from collections.abc import Iterable

from flask import request, url_for
from flask_babel import gettext
from markupsafe import Markup

from faktura.core.accounts.missing import Missing
from faktura.web.door.names import MISSING


def what_to_fill_in(missing: Iterable[Missing]) -> Markup:
    """In a sentence, which a form of an account says where the core refuses to issue its document as `Incomplete`."""
    slug = (request.view_args or {})["slug"]
    links = (Markup('<a href="{}">{}</a>').format(place_of(slug, name), MISSING[name]) for name in missing)
    words = Markup(gettext("The firm has to say more of itself first: %(missing)s."))  # noqa: S704 (our own sentence)
    return words % {"missing": Markup(", ").join(links)}


def place_of(slug: str, name: Missing) -> str:
    """The address of the field."""
    if name == "bank_account":
        return url_for("settings.new_bank_account", slug=slug)
    return url_for("settings.account", slug=slug, _anchor=name)
