"""The control address of a sandbox, mounted at /sandbox."""

from typing import Any

import falcon

from faktura.dialects import WsgiApplication
from faktura.sandbox.control.assertions import Assertions
from faktura.sandbox.control.barrier import Busy
from faktura.sandbox.control.bodies import MOST_BYTES, read_object
from faktura.sandbox.control.checkpoints import CheckpointResource, CheckpointsResource, Full, Unknown
from faktura.sandbox.control.control import Control
from faktura.sandbox.control.entry import File
from faktura.sandbox.control.faults import OneRule, Rules
from faktura.sandbox.control.jobs import JobsResource
from faktura.sandbox.control.requests import OneRequest, Requests
from faktura.sandbox.control.state import Wrong
from faktura.sandbox.control.stories import Events, Stories
from faktura.sandbox.control.tools import Tools
from faktura.sandbox.control.worlds import mount_worlds
from faktura.sandbox.files import CA, MANIFEST
from faktura.sandbox.outside.mails import Mail, Mails
from faktura.sandbox.outside.receiver import PATH, Webhooks
from faktura.sandbox.worlds.worlds import Worlds
from faktura.wire.bodies import TooLarge
from faktura.wire.requests import Unintelligible
from faktura.wire.safety import headers_of_data
from faktura.wire.switches import why_not_from_here

PATCH_TYPES = ("application/json", "application/merge-patch+json")


def control_application(control: Control, worlds: Worlds | None = None) -> WsgiApplication:
    """The control address as an application, mounted at /sandbox; that of the main world makes and removes worlds."""
    app = falcon.App()
    app.add_middleware([_OnlyFromHere(), _Safe()])
    app.add_route("/", _StateResource(control))
    app.add_route("/reset", _ResetResource(control))
    app.add_route(f"/{MANIFEST}", File(control.folder / MANIFEST, falcon.MEDIA_JSON))
    app.add_route(f"/{CA}", File(control.folder / CA, "application/x-pem-file"))
    app.add_route("/jobs", JobsResource(control.do_jobs))
    app.add_route("/checkpoints", CheckpointsResource(control.checkpoints))
    one = CheckpointResource(control.checkpoints, control.state)
    app.add_route("/checkpoints/{name}", one)
    app.add_route("/checkpoints/{name}/changes", one, suffix="changes")
    app.add_route("/checkpoints/{name}/rewind", one, suffix="rewind")
    app.add_route("/mails", Mails(control.box))
    app.add_route("/mails/{mail_id:int}", Mail(control.box))
    app.add_route("/mails/{mail_id:int}/attachments/{place:int}", Mail(control.box), suffix="file")
    stories = Stories(control)
    app.add_route("/scenarios", stories, suffix="all")
    app.add_route("/scenarios/{name}", stories)
    app.add_route("/scenarios/{name}/next", stories, suffix="next")
    app.add_route("/events", Events(control), suffix="all")
    app.add_route("/events/{event}", Events(control))
    app.add_route(PATH, Webhooks(control.receiver))
    app.add_route("/tools", Tools(control))
    app.add_route("/tools/{slug}/{name}", Tools(control), suffix="call")
    app.add_route("/faults", Rules(control.faults))
    app.add_route("/faults/{rule_id:int}", OneRule(control.faults))
    app.add_route("/requests", Requests(control.ledger))
    app.add_route("/requests/assert", Assertions(control.ledger))
    app.add_route("/requests/{request_id:int}", OneRequest(control.ledger))
    app.add_route("/requests/{request_id:int}/curl", OneRequest(control.ledger), suffix="curl")
    if worlds is not None:
        mount_worlds(app, worlds)
    app.add_error_handler(Wrong, _refuse)
    app.add_error_handler(Unintelligible, _refuse)
    app.add_error_handler(TooLarge, _refuse)
    app.add_error_handler(Unknown, _miss)
    app.add_error_handler(Busy, _put_off)
    app.add_error_handler(Full, _put_off)
    app.set_error_serializer(_describe)
    return app


class _OnlyFromHere:
    """The control address opens every door of the sandbox, so it is neither for the network nor for other sites."""

    def process_request(self, req: falcon.Request, _resp: falcon.Response) -> None:
        if why := why_not_from_here(req.env):
            raise falcon.HTTPForbidden(description=f"The control address {why}")


class _Safe:
    """What every answer says for the safety of its receiver."""

    def process_response(self, request: falcon.Request, response: falcon.Response, *_: object) -> None:
        response.set_headers(headers_of_data(request.env))


class _StateResource:
    def __init__(self, control: Control) -> None:
        self._control = control

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = self._control.state()

    def on_patch(self, req: falcon.Request, resp: falcon.Response) -> None:
        if (req.content_type or "").partition(";")[0].strip().lower() not in PATCH_TYPES:
            raise falcon.HTTPUnsupportedMediaType(description=f"Content-Type must be {' or '.join(PATCH_TYPES)}")
        self._control.change(read_object(req))
        resp.media = self._control.state()


class _ResetResource:
    def __init__(self, control: Control) -> None:
        self._control = control

    def on_post(self, _req: falcon.Request, resp: falcon.Response) -> None:
        self._control.reset()
        resp.media = self._control.state()


def _refuse(_req: falcon.Request, _resp: falcon.Response, error: Exception, _params: Any) -> None:
    raise falcon.HTTPBadRequest(description=str(error) or f"The body is longer than {MOST_BYTES} bytes")


def _miss(_req: falcon.Request, _resp: falcon.Response, error: Exception, _params: Any) -> None:
    raise falcon.HTTPNotFound(description=str(error))


def _put_off(_req: falcon.Request, _resp: falcon.Response, error: Exception, _params: Any) -> None:
    raise falcon.HTTPConflict(description=str(error))


def _describe(_req: falcon.Request, resp: falcon.Response, error: falcon.HTTPError) -> None:
    code = _CODES.get(error.status_code, "invalid_request")
    resp.media = {"error": code, "error_description": error.description or error.title}


_CODES = {
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    415: "unsupported_media_type",
    429: "too_many",
    500: "internal_error",
}
