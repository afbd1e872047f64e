"""The dialect as a WSGI application: every endpoint routed, and an answer for every other path."""

from typing import Any

import falcon

from faktura.dialects.fakturoid import errors, subjects
from faktura.dialects.fakturoid.door import Answer, Call, Door
from faktura.wire.endpoints import Endpoint, mount
from faktura.wire.service import Service

NAME = "fakturoid"

ENDPOINTS: tuple[Endpoint, ...] = subjects.ENDPOINTS


def application(service: Service) -> falcon.App[Any, Any]:
    app = falcon.App(media_type="application/json")
    app.req_options.strip_url_path_trailing_slash = False
    door = Door(service, NAME)
    mount(app, door, ENDPOINTS, {"PUT": "PATCH"})

    def refuse(endpoint: Endpoint) -> Any:
        def respond(request: falcon.Request, response: falcon.Response, *_: Any, **__: Any) -> None:
            door.respond(endpoint, request, response, {})

        return respond

    app.add_sink(refuse(_NOWHERE))
    app.add_error_handler(falcon.HTTPMethodNotAllowed, refuse(_WRONG_METHOD))
    return app


def _not_found(_call: Call) -> Answer:
    raise errors.not_found()


def _not_allowed(_call: Call) -> Answer:
    raise errors.method_not_allowed()


_NOWHERE = Endpoint(method="GET", path="", serve=_not_found, about="Any other path", public=True)
_WRONG_METHOD = Endpoint(method="GET", path="", serve=_not_allowed, about="Any other method", public=True)
