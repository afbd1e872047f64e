"""The browsers in which a person is signed in, and how they are signed out."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from faktura.core.people import access
from faktura.core.people.hashes import secret_hash
from faktura.web.door.database import read, write, write_last_uses
from faktura.web.door.people import note, person

pages = Blueprint("sessions", __name__)


@pages.get("/me/sessions")
def show_all() -> str:
    user, this = person().user, secret_hash(person().secret)
    write_last_uses()
    return render_template(
        "people/sessions.html", this=this, sessions=read(lambda office: access.sessions_of(office, user))
    )


@pages.post("/me/sessions/<id:session_id>/end")
def end(session_id: int) -> Response:
    user = person().user
    write(lambda office: access.end_session(office, user, session_id))
    note("sessions_ended", user, count=1)
    return _back()


@pages.post("/me/sessions/end")
def end_others() -> Response:
    user, secret = person().user, person().secret
    note("sessions_ended", user, count=write(lambda office: access.end_sessions(office, user, but=secret)))
    return _back()


def _back() -> Response:
    return redirect(url_for("sessions.show_all"), HTTPStatus.SEE_OTHER)
