"""The dialect as a WSGI application: every endpoint routed, and an answer for every other path."""

import re
from pathlib import Path
from typing import Any

import falcon

from faktura.core.books.books import Books
from faktura.core.books.tasks import Task
from faktura.dialects.infakt import account, bank_accounts, clients, products, reference
from faktura.dialects.infakt.async_tasks import Work
from faktura.dialects.infakt.costs import costs, together, uploading
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.door import NAME, Call, Door
from faktura.dialects.infakt.invoices import (
    advance_invoices,
    attachments,
    corrective_invoices,
    corrective_oss_invoices,
    final_invoices,
    invoices,
    margin_invoices,
    oss_invoices,
    printing,
    quick_payments,
    share_links,
)
from faktura.dialects.infakt.invoices.documents import creation, paying
from faktura.dialects.infakt.ksef import imports, sending
from faktura.dialects.infakt.papers import papers
from faktura.wire.contract import Promise, read_contract, to_come
from faktura.wire.endpoints import Answer, Endpoint, Method, mount
from faktura.wire.service import Service

SUFFIX = ".json"
KSEF_1 = "/ksef/"
"""Whatever lies below is gone (19.2)."""

ISSUED = (
    invoices.RESOURCE,
    corrective_invoices.RESOURCE,
    margin_invoices.RESOURCE,
    advance_invoices.RESOURCE,
    final_invoices.RESOURCE,
    oss_invoices.RESOURCE,
    corrective_oss_invoices.RESOURCE,
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *clients.ENDPOINTS,
    *products.ENDPOINTS,
    *bank_accounts.ENDPOINTS,
    *invoices.ENDPOINTS,
    *attachments.ENDPOINTS,
    *share_links.ENDPOINTS,
    *quick_payments.ENDPOINTS,
    *corrective_invoices.ENDPOINTS,
    *advance_invoices.ENDPOINTS,
    *final_invoices.ENDPOINTS,
    *margin_invoices.ENDPOINTS,
    *oss_invoices.ENDPOINTS,
    *corrective_oss_invoices.ENDPOINTS,
    *papers.ENDPOINTS,
    *printing.ENDPOINTS,
    *costs.ENDPOINTS,
    *uploading.ENDPOINTS,
    *together.ENDPOINTS,
    *reference.ENDPOINTS,
    *account.ENDPOINTS,
    *sending.ENDPOINTS,
    *imports.ENDPOINTS,
)

WORKS: dict[tuple[str, str], Work] = {
    work.name: work
    for work in (*map(creation, ISSUED), *map(papers.creation, papers.RESOURCES), paying(invoices.RESOURCE))
}
"""By action and kind, what is handed in and done later."""

CONTRACT = read_contract(Path(__file__).parent.parent / "contract.csv")


def refuse(_call: Call) -> Answer:
    """Reached only after the key was checked.

    Raises:
        Failure: always, with status 501.

    """
    raise errors.not_built()


def _is_list(promise: Promise) -> bool:
    return promise.method == "GET" and promise.path.endswith("s.json")


TO_COME = to_come(CONTRACT, refuse, is_search=_is_list)

ALIASES: dict[Method, Method] = {"PATCH": "PUT"}

_SLASHES = re.compile("/{2,}")


def application(service: Service) -> falcon.App[Any, Any]:
    app = falcon.App(media_type="application/json", middleware=[_Collapsing()])
    app.req_options.strip_url_path_trailing_slash = False
    endpoints = (*ENDPOINTS, *TO_COME)
    door = Door(service, NAME, endpoints)
    mount(app, door, endpoints, ALIASES)

    def nowhere(req: falcon.Request, resp: falcon.Response, **_: Any) -> None:
        if not req.path.endswith(SUFFIX):
            error = errors.not_acceptable()
        elif req.path.startswith(KSEF_1):
            error = errors.ksef_retired()
        else:
            error = errors.not_found()
        door.refuse(error, req, resp)

    def refused(req: falcon.Request, resp: falcon.Response, error: falcon.HTTPError, _ids: Any) -> None:
        door.refuse(error, req, resp)

    app.add_sink(nowhere)
    app.add_error_handler(falcon.HTTPError, refused)

    return app


def do_task(books: Books, task: Task) -> str:
    """Do what was handed in at this door."""
    return WORKS[task.action, task.kind].do(books, task)


def why_not(task: Task, error: Exception) -> dict[str, list[str]]:
    """Whatever was raised, in the sentences that a request would have been answered with."""
    return errors.sentences(error, WORKS[task.action, task.kind].shape)


class _Collapsing:
    """Clients write several slashes where one belongs (1.1)."""

    def process_request(self, request: falcon.Request, _response: falcon.Response) -> None:
        if "//" in request.path:
            request.path = _SLASHES.sub("/", request.path)
