"""The panel of the sandbox, for whoever sits at its machine; each button says the request that does the same."""

import datetime as dt
from http import HTTPStatus

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from faktura.web.door.database import service
from faktura.web.door.expired_forms import refuse_expired
from faktura.web.people.sign_in import enter, welcome
from faktura.web.sandbox.rules import common, rule_of
from faktura.web.sandbox.switches import REFUSALS, blocking, deaf, failing, groups, limiting, patch_of
from faktura.wire.switches import ChangesSince, Switches, why_not_from_here

pages = Blueprint("panel", __name__)

MOST_REQUESTS = 20


@pages.app_template_global()
def sandbox_clock() -> dt.datetime | None:
    """The instant that a sandbox's clock stands at."""
    return service().clock.standing if service().switches is not None else None


@pages.app_template_global()
def is_sandbox() -> bool:
    return service().switches is not None


@pages.app_template_global()
def switches_here() -> Switches | None:
    """Those of the sandbox, for whoever sits at its machine."""
    return None if why_not_from_here(request.environ) else service().switches


@pages.get("/sandbox/panel")
def show() -> Response:
    switches, since = in_hand(), request.args.get("since", "")
    try:
        return page(switches, since=since, changes=switches.changes_since(since) if since else None)
    except ValueError as wrong:
        return page(switches, str(wrong), HTTPStatus.NOT_FOUND)


@pages.post("/sandbox/panel")
def switch() -> Response:
    switches = in_hand()
    refuse_expired()
    try:
        switches.change(patch_of(request.form))
    except ValueError as wrong:
        return page(switches, str(wrong), HTTPStatus.UNPROCESSABLE_ENTITY)
    return back(gettext("The sandbox was switched."))


@pages.post("/sandbox/panel/reset")
def reset() -> Response:
    switches = in_hand()
    refuse_expired()
    switches.reset()
    return back(gettext("The example data is as it was at first."))


@pages.post("/sandbox/panel/faults")
def add_rule() -> Response:
    switches = in_hand()
    refuse_expired()
    try:
        switches.add_rule(rule_of(request.form))
    except ValueError as wrong:
        return page(switches, str(wrong), HTTPStatus.UNPROCESSABLE_ENTITY)
    return back(gettext("The rule holds from now on."))


@pages.post("/sandbox/panel/faults/<int:number>/delete")
def delete_rule(number: int) -> Response:
    switches = in_hand()
    refuse_expired()
    switches.delete_rule(number)
    return back(gettext("The rule was deleted."))


@pages.post("/sandbox/panel/worlds")
def change_worlds() -> Response:
    """Make a throw-away world, or end one."""
    switches = in_hand()
    refuse_expired()
    gone = request.form.get("drop", "")
    try:
        if gone:
            switches.remove_world(gone)
            return back(gettext("The world %(name)s is gone.", name=gone))
        made = switches.make_world(request.form.get("name", "").strip())
    except ValueError as wrong:
        return page(switches, str(wrong), HTTPStatus.UNPROCESSABLE_ENTITY)
    return back(gettext("The world %(name)s was made.", name=made))


@pages.post("/sandbox/panel/sign-in")
def sign_in() -> Response:
    """As somebody of the example data, whose password the panel knows."""
    switches = in_hand()
    refuse_expired()
    entered = enter(request.form.get("who", ""), switches.password)
    return (
        page(switches, gettext("There is nobody of that name."), HTTPStatus.UNPROCESSABLE_ENTITY)
        if entered is None
        else welcome(entered)
    )


def in_hand() -> Switches:
    """Those of this sandbox; there are none for the network, nor for other sites."""
    switches = switches_here()
    if switches is None:
        abort(HTTPStatus.NOT_FOUND if service().switches is None else HTTPStatus.FORBIDDEN)
    return switches


def page(
    switches: Switches,
    problem: str = "",
    status: int = HTTPStatus.OK,
    *,
    since: str = "",
    changes: ChangesSince | None = None,
) -> Response:
    state, now = switches.state(), service().clock.now()
    sought = request.args.get("asked", "")
    return make_response(
        render_template(
            "sandbox/panel.html",
            switches=switches,
            state=state,
            now=now,
            groups=groups(switches, state, now),
            letters=switches.letters(),
            worlds=switches.worlds(),
            received=switches.received(),
            rules=switches.rules(),
            common=common(),
            asked=switches.asked(sought, MOST_REQUESTS),
            sought=sought,
            blocking=blocking,
            limiting=limiting,
            failing=failing,
            deaf=deaf,
            refusals=REFUSALS,
            problem=problem,
            since="" if changes is None else since,
            changes=changes,
            deed=_deed,
        ),
        status,
    )


def _deed(name: str) -> str:
    return {"added": gettext("added"), "changed": gettext("changed"), "deleted": gettext("deleted")}[name]


def back(said: str) -> Response:
    flash(said)
    return redirect(url_for("panel.show"), HTTPStatus.SEE_OTHER)
