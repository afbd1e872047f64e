"""The link of an invitation: who opens it joins an account."""

from flask import Blueprint, render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.office import Office
from faktura.core.errors import NotAllowed
from faktura.core.people import sign_in
from faktura.core.people.invitations import Invited, Newcomer, accept_invitation, invited_by_secret
from faktura.core.people.users import User
from faktura.web.door.database import read, write
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.people import Person, note, person, person_if_any
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import lead_on
from faktura.web.people.sign_in import begin_session
from faktura.web.setup.you import FULL_NAME, LANGUAGE, PASSWORD, newcomer_in, remembered

pages = Blueprint("invitation", __name__)

NEWCOMER = Form(FULL_NAME, PASSWORD, LANGUAGE)


@pages.get("/invite/<secret>")
def show(secret: str) -> str:
    found = read(lambda office: invited_by_secret(office, secret))
    filled = NOTHING.filled() if found.user else NEWCOMER.filled(language=found.invitation.language)
    return _page(secret, found, filled)


@pages.post("/invite/<secret>")
@keeps_typed
def accept(secret: str) -> Response:
    found = read(lambda office: invited_by_secret(office, secret))
    filled = NOTHING.posted() if found.user else NEWCOMER.posted()

    def do() -> str:
        _join(secret, found, filled)
        return url_for("overview.show", slug=found.account.slug)

    done = lazy_gettext("You are a member now.")
    return remembered(lead_on(do, filled, again=lambda filled: _page(secret, found, filled), done=done))


def _join(secret: str, found: Invited, filled: Filled) -> None:
    """As the person who is signed in, or as somebody new, who is signed in from now on."""
    here = person_if_any()
    if found.user and not here:
        raise NotAllowed(found.user.email)
    who: User | Newcomer = here.user if here else newcomer_in(filled, found.invitation.email)

    def work(office: Office) -> Person | None:
        user, _ = accept_invitation(office, secret, who)
        return None if here else Person(user, sign_in.admit(office, user, []))

    entered = write(work, found.account.id)
    if entered is not None:
        begin_session(entered)
        note("signed_in", person().user)


def _page(secret: str, found: Invited, filled: Filled) -> str:
    return render_template("people/invitation.html", secret=secret, found=found, filled=filled)
