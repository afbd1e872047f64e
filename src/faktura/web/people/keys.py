"""A person's API keys: made, told once, seen, ended."""

from collections.abc import Iterator

from flask import Blueprint, render_template, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.errors import NotFound
from faktura.core.people.access import add_key, end_key, keys_of, own_key
from faktura.core.people.api_keys import ApiKey
from faktura.core.people.users import User, accounts_of
from faktura.web.door.database import read, service, write, write_last_uses
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.people import note, person
from faktura.web.forms.fields import Choice, Text
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import Wrong, lead_on, secret_of

pages = Blueprint("keys", __name__)


def _accounts() -> Iterator[tuple[str, str]]:
    user = person().user
    return ((seat.account.slug, seat.account.name) for seat in read(lambda office: accounts_of(office, user)))


RIGHTS = (("write", lazy_gettext("to read and write")), ("read", lazy_gettext("only to read")))

KEY = Form(
    Text("name", lazy_gettext("What the key is for"), required=True, first=True),
    Choice("account", lazy_gettext("Account that it opens"), options=_accounts),
    Choice("rights", lazy_gettext("What it may do"), options=lambda: RIGHTS),
)


@pages.get("/me/keys")
def show_all() -> str:
    user = person().user
    write_last_uses()
    found = read(lambda office: keys_of(office, user))
    return render_template("people/keys.html", keys=found, writes=_writes, has_doors=bool(service().key_rights))


@pages.get("/me/keys/new")
def new() -> str:
    return _form(KEY.filled())


@pages.post("/me/keys/new")
@keeps_typed
def make() -> Response | str:
    """The key follows from the form, so that one that was sent twice makes and tells one key."""
    filled, user = KEY.posted(), person().user
    key = secret_of(filled, service().secret_key, f"key of {user.id}")

    def do() -> str:
        added = _add(user, filled, key)
        note("api_key_added", user, key=added.id)
        return url_for("keys.show_all")

    answer = lead_on(do, filled, again=_form)
    return render_template("people/secret.html", key=key, name=filled.typed["name"]) if answer.location else answer


def _add(user: User, filled: Filled, key: str) -> ApiKey:
    scopes, slug = service().key_rights.get(filled.typed["rights"]), filled.typed["account"] or ""
    if scopes is None:
        raise Wrong("rights", gettext("Choose one from the list."))
    name = (filled.typed["name"] or "").strip()
    try:
        return write(lambda office: add_key(office, user, slug, name, scopes, key)[0])
    except NotFound:
        raise Wrong("account", gettext("Choose one from the list.")) from None


@pages.get("/me/keys/<id:key_id>/end")
def ask_to_end(key_id: int) -> str:
    return _before_ending(key_id, NOTHING.filled())


@pages.post("/me/keys/<id:key_id>/end")
@keeps_typed
def end(key_id: int) -> Response:
    user = person().user

    def do() -> str:
        write(lambda office: end_key(office, own_key(office, user, key_id)))
        note("api_key_ended", user, key=key_id)
        return url_for("keys.show_all")

    again = lambda filled: _before_ending(key_id, filled)  # noqa: E731 (one line of the call below)
    return lead_on(do, NOTHING.posted(), again=again, done=lazy_gettext("The key opens nothing any more."))


def _writes(key: ApiKey) -> bool:
    return not set(key.scopes) <= set(service().key_rights.get("read", ()))


def _form(filled: Filled) -> str:
    return render_template("people/new_key.html", filled=filled)


def _before_ending(key_id: int, filled: Filled) -> str:
    user = person().user
    key = read(lambda office: own_key(office, user, key_id))
    return render_template("people/end_key.html", filled=filled, key=key)
