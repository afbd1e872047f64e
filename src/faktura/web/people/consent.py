"""A person is asked whether an integration may act for them."""

from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec
from authlib.common.urls import add_params_to_uri
from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from faktura.core.books.office import Office
from faktura.core.errors import NotFound
from faktura.core.people.access import give_consent
from faktura.core.people.applications import Application, application_that_asks
from faktura.core.people.sign_in import signed_in
from faktura.core.people.tokens import is_challenge, issue_code
from faktura.core.people.users import accounts_of
from faktura.web.door.database import read, service, write
from faktura.web.door.headers import let_forms_lead_to
from faktura.web.door.people import note, person

pages = Blueprint("consent", __name__)


class Asking(msgspec.Struct, frozen=True):
    """What an integration asks; it is in the address of the page, where anybody may have changed it."""

    client_id: str
    redirect_uri: str
    state: str | None
    challenge: str | None

    def application(self, office: Office) -> Application:
        return application_that_asks(office, self.client_id, self.redirect_uri)

    def answer(self, **told: str) -> Response:
        """Back to the integration, which learns whose answer it is (RFC 9207)."""
        told["iss"] = service().base_url(request.scheme, request.host)
        if self.state:
            told["state"] = self.state
        return redirect(add_params_to_uri(self.redirect_uri, told), HTTPStatus.SEE_OTHER)


@pages.get("/consent")
def show() -> str:
    (asking, application), user = _asking(), person().user
    places = read(lambda office: accounts_of(office, user))
    let_forms_lead_to(asking.redirect_uri)
    back_to = urlsplit(asking.redirect_uri)
    return render_template(
        "consent.html", application=application, places=places, back_to=back_to.netloc or back_to.scheme
    )


@pages.post("/consent")
def decide() -> Response:
    (asking, application), secret = _asking(), person().secret
    decision = request.form.get("decision")
    if decision == "allow":
        code = write(lambda office: _give_code(office, asking, secret))
        note("consent_given", person().user, application=application.id)
        return asking.answer(code=code)
    if decision != "deny":
        abort(HTTPStatus.BAD_REQUEST)
    note("consent_denied", person().user, application=application.id)
    return asking.answer(error="access_denied", error_description="The person said no")


def _give_code(office: Office, asking: Asking, secret: str) -> str:
    """For whoever is still signed in: a session that ends meanwhile gives nothing."""
    found = signed_in(office, secret)
    if found is None:
        abort(HTTPStatus.BAD_REQUEST)
    grant = give_consent(office, found.user, asking.application(office))
    return issue_code(office, grant, asking.redirect_uri, asking.challenge)


def _asking() -> tuple[Asking, Application]:
    """Nobody is sent anywhere before the application and its redirect address are known to belong together."""
    sent = request.args
    asking = Asking(
        client_id=sent.get("client_id", ""),
        redirect_uri=sent.get("redirect_uri", ""),
        state=sent.get("state"),
        challenge=sent.get("code_challenge") or None,
    )
    try:
        application = read(asking.application)
    except NotFound:
        abort(HTTPStatus.BAD_REQUEST)
    if not is_challenge(asking.challenge, sent.get("code_challenge_method") or None):
        abort(HTTPStatus.BAD_REQUEST)
    return asking, application
