"""The dialect as a WSGI application: every endpoint routed, and an answer for every other path."""

from pathlib import Path
from typing import Any

import falcon

from faktura.dialects.fakturoid import account, bank_accounts, number_formats, subjects, todos, users
from faktura.dialects.fakturoid.door import errors, oauth
from faktura.dialects.fakturoid.door.door import Call, Door
from faktura.dialects.fakturoid.events import events
from faktura.dialects.fakturoid.expenses import expenses, inbox_files
from faktura.dialects.fakturoid.expenses import payments as expense_payments
from faktura.dialects.fakturoid.generators import generators, recurring
from faktura.dialects.fakturoid.inventory import items, moves
from faktura.dialects.fakturoid.invoices import attachments, e_invoices, invoices, messages, payments, pdf
from faktura.dialects.fakturoid.webhooks import webhooks
from faktura.wire.contract import read_contract, to_come
from faktura.wire.endpoints import Answer, Endpoint, Method, mount
from faktura.wire.service import Service

NAME = "fakturoid"

ENDPOINTS: tuple[Endpoint, ...] = (
    *users.ENDPOINTS,
    *account.ENDPOINTS,
    *bank_accounts.ENDPOINTS,
    *number_formats.ENDPOINTS,
    *subjects.ENDPOINTS,
    *invoices.ENDPOINTS,
    *attachments.ENDPOINTS,
    *payments.ENDPOINTS,
    *messages.ENDPOINTS,
    *pdf.ENDPOINTS,
    *expenses.ENDPOINTS,
    *expense_payments.ENDPOINTS,
    *inbox_files.ENDPOINTS,
    *generators.ENDPOINTS,
    *recurring.ENDPOINTS,
    *events.ENDPOINTS,
    *todos.ENDPOINTS,
    *webhooks.ENDPOINTS,
    *items.ENDPOINTS,
    *moves.ENDPOINTS,
)

EXTENSIONS: tuple[Endpoint, ...] = e_invoices.ENDPOINTS
"""What is ours, and not of the contract."""

CONTRACT = read_contract(Path(__file__).parent.parent / "contract.csv")


def refuse(_call: Call) -> Answer:
    """Reached only after the sign-in checks.

    Raises:
        Failure: always, with status 501.

    """
    raise errors.not_built()


TO_COME = to_come(CONTRACT, refuse, is_search=lambda promise: promise.path.endswith("/search.json"))

ALIASES: dict[Method, Method] = {"PUT": "PATCH"}


def application(service: Service) -> falcon.App[Any, Any]:
    app = falcon.App(media_type="application/json")
    app.req_options.strip_url_path_trailing_slash = False
    endpoints = (*oauth.ENDPOINTS, *ENDPOINTS, *EXTENSIONS, *TO_COME)
    door = Door(service, NAME, endpoints)
    mount(app, door, endpoints, ALIASES)

    def nowhere(req: falcon.Request, resp: falcon.Response, **_: Any) -> None:
        door.refuse(errors.not_found(), req, resp)

    def refused(req: falcon.Request, resp: falcon.Response, error: falcon.HTTPError, _ids: Any) -> None:
        resp.set_headers(error.headers or {})
        door.refuse(error, req, resp)

    app.add_sink(nowhere)
    app.add_error_handler(falcon.HTTPError, refused)
    return app
