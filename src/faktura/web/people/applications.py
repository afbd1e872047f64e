"""A person's own applications, and those of others that they let act for them."""

from collections.abc import Callable

from flask import Blueprint, render_template, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.office import Office
from faktura.core.people import access
from faktura.core.people.applications import Application
from faktura.core.people.last_used import last_uses_of_applications
from faktura.web.door.database import read, service, write, write_last_uses
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.people import note, person
from faktura.web.forms.fields import Paragraphs, Text, Words
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import lead_on, secret_of

pages = Blueprint("applications", __name__)

APPLICATION = Form(
    Text("name", lazy_gettext("What the application is called"), required=True, first=True),
    Paragraphs(
        "redirect_uris",
        lazy_gettext("Redirect addresses"),
        hint=lazy_gettext(
            "One on each line: https, http to this machine, or the scheme of an app. Without any, the application acts "
            "as you by itself; with them it asks people, who are sent back there."
        ),
    ),
)


@pages.get("/me/applications")
def show_all() -> str:
    user = person().user

    def found(office: Office) -> dict[str, object]:
        return {
            "own": access.applications_of(office, user),
            "used": last_uses_of_applications(office, user),
            "consents": access.consents_of(office, user),
        }

    write_last_uses()
    return render_template("people/applications.html", **read(found))


@pages.get("/me/applications/new")
def new() -> str:
    return _form(APPLICATION.filled())


@pages.post("/me/applications/new")
@keeps_typed
def register() -> Response | str:
    """Client id and secret follow from the form, so that one that was sent twice registers one application."""
    filled, user = APPLICATION.posted(), person().user
    known = _secret(filled, "client id"), _secret(filled, "client secret")

    def do() -> str:
        addresses = tuple((filled.typed["redirect_uris"] or "").split())
        name = (filled.typed["name"] or "").strip()
        added, _ = write(lambda office: access.add_application(office, user, name, addresses, known))
        note("application_added", user, application=added.id)
        return url_for("applications.show_all")

    answer = lead_on(do, filled, again=_form)
    return _told(filled.typed["name"], *known) if answer.location else answer


@pages.get("/me/applications/<id:application_id>/secret")
def ask_to_renew(application_id: int) -> str:
    return _before("renew", application_id, NOTHING.filled())


@pages.post("/me/applications/<id:application_id>/secret")
@keeps_typed
def renew(application_id: int) -> Response | str:
    filled, user, found = NOTHING.posted(), person().user, _own(application_id)
    secret = _secret(filled, "client secret")

    def do() -> str:
        write(lambda office: access.renew_secret(office, access.own_application(office, user, application_id), secret))
        note("application_secret_renewed", user, application=application_id)
        return url_for("applications.show_all")

    answer = lead_on(do, filled, again=lambda filled: _before("renew", application_id, filled))
    return _told(found.name, found.client_id, secret) if answer.location else answer


@pages.get("/me/applications/<id:application_id>/end")
def ask_to_end(application_id: int) -> str:
    return _before("end", application_id, NOTHING.filled())


@pages.post("/me/applications/<id:application_id>/end")
@keeps_typed
def end(application_id: int) -> Response:
    user = person().user

    def do() -> None:
        write(lambda office: access.end_application(office, access.own_application(office, user, application_id)))
        note("application_ended", user, application=application_id)

    done = lazy_gettext("The application is deleted.")
    return _done(do, done, lambda filled: _before("end", application_id, filled))


@pages.post("/me/applications/consents/<id:application_id>/end")
@keeps_typed
def end_consent(application_id: int) -> Response:
    user = person().user

    def do() -> None:
        write(lambda office: access.end_consent(office, user, application_id))
        note("consent_ended", user, application=application_id)

    return _done(do, lazy_gettext("The application acts for you no longer."), lambda _: show_all())


def _done(do: Callable[[], None], words: Words, again: Callable[[Filled], str]) -> Response:
    def lead() -> str:
        do()
        return url_for("applications.show_all")

    return lead_on(lead, NOTHING.posted(), again=again, done=words)


def _secret(filled: Filled, what: str) -> str:
    return secret_of(filled, service().secret_key, f"{what} of {person().user.id}")


def _own(application_id: int) -> Application:
    user = person().user
    return read(lambda office: access.own_application(office, user, application_id))


def _told(name: str, client_id: str, secret: str) -> str:
    return render_template("people/secret.html", name=name, client_id=client_id, key=secret)


def _form(filled: Filled) -> str:
    return render_template("people/new_application.html", filled=filled)


def _before(verb: str, application_id: int, filled: Filled) -> str:
    application = _own(application_id)
    titles = {
        "renew": gettext("Another secret of %(name)s", name=application.name),
        "end": gettext("Delete %(name)s", name=application.name),
    }
    return render_template(
        "people/before_application.html", filled=filled, application=application, verb=verb, title=titles[verb]
    )
