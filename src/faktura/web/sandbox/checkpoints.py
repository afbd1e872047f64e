"""Checkpoints at the panel: everything kept under a name, and brought back."""

from http import HTTPStatus

from flask import Blueprint, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from faktura.web.door.expired_forms import refuse_expired
from faktura.web.sandbox.panel import back, in_hand, page

pages = Blueprint("checkpoints", __name__)


@pages.post("/sandbox/panel/checkpoints")
def make() -> Response:
    switches = in_hand()
    refuse_expired()
    name = request.form.get("name", "").strip()
    try:
        switches.make_checkpoint(name)
    except ValueError as wrong:
        return page(switches, str(wrong), HTTPStatus.UNPROCESSABLE_ENTITY)
    return back(gettext("Everything is kept as %(name)s.", name=name))


@pages.post("/sandbox/panel/rewind")
def rewind() -> Response:
    switches = in_hand()
    refuse_expired()
    name = request.form.get("name", "")
    try:
        switches.rewind(name)
    except ValueError as wrong:
        return page(switches, str(wrong), HTTPStatus.UNPROCESSABLE_ENTITY)
    return back(gettext("Everything is as it was at %(name)s.", name=name))
