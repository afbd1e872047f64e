"""Who and what a person let in: seen and put out."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from faktura.core.books.office import Office
from faktura.core.people import access
from faktura.core.people.hashes import secret_hash
from faktura.web.door.database import read, write
from faktura.web.door.people import note, person

pages = Blueprint("access", __name__)


@pages.get("/access")
def show() -> str:
    user, this = person().user, secret_hash(person().secret)

    def found(office: Office) -> dict[str, object]:
        return {
            "consents": access.consents_of(office, user),
            "applications": access.applications_of(office, user),
            "keys": access.keys_of(office, user),
            "sessions": access.sessions_of(office, user),
        }

    return render_template("access.html", this=this, **read(found))


@pages.post("/access/consents/<id:application_id>/end")
def end_consent(application_id: int) -> Response:
    user = person().user
    write(lambda office: access.end_consent(office, user, application_id))
    note("consent_ended", user, application=application_id)
    return _back()


@pages.post("/access/applications/<id:application_id>/end")
def end_application(application_id: int) -> Response:
    user = person().user
    write(lambda office: access.end_own_application(office, user, application_id))
    note("application_ended", user, application=application_id)
    return _back()


@pages.post("/access/keys/<id:key_id>/end")
def end_key(key_id: int) -> Response:
    user = person().user
    write(lambda office: access.end_own_key(office, user, key_id))
    note("api_key_ended", user, key=key_id)
    return _back()


@pages.post("/access/sessions/<id:session_id>/end")
def end_session(session_id: int) -> Response:
    user = person().user
    write(lambda office: access.end_session(office, user, session_id))
    note("sessions_ended", user, count=1)
    return _back()


@pages.post("/access/sessions/end")
def end_other_sessions() -> Response:
    user, secret = person().user, person().secret
    note("sessions_ended", user, count=write(lambda office: access.end_sessions(office, user, but=secret)))
    return _back()


def _back() -> Response:
    return redirect(url_for("access.show"), HTTPStatus.SEE_OTHER)
