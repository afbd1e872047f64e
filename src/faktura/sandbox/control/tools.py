"""The tools of agents below the control address: what they write on the accounts of a sandbox is done immediately."""

import falcon

from faktura.agents.desk import Refused
from faktura.sandbox.control.control import Control
from faktura.wire.bodies import read_body
from faktura.wire.requests import Unintelligible, parse_json

MOST_BYTES = 1024 * 1024


class Tools:
    """What there is, and a call of one in an account."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = self._control.desk("").tools()

    def on_post_call(self, req: falcon.Request, resp: falcon.Response, slug: str, name: str) -> None:
        arguments = parse_json(read_body(req, MOST_BYTES))
        if not isinstance(arguments, dict):
            message = "The arguments must be a JSON object"
            raise Unintelligible(message)
        try:
            with self._control.requests.inside():
                resp.media = self._control.desk(slug).call(name, arguments)
        except Refused as refused:
            raise falcon.HTTPBadRequest(description=str(refused)) from None
