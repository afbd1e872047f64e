"""What the contract has and this server does not yet: answered 501, never a plausible lie.

An endpoint that is built leaves this list; the checklist in README.md tells both.
"""

from collections.abc import Iterator

from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.door import Call
from faktura.wire.endpoints import Answer, Endpoint, Method


def refuse(_call: Call) -> Answer:
    """Reached only after the key was checked.

    Raises:
        Failure: always, with status 501.

    """
    raise errors.not_built()


Route = tuple[Method, str]

_LIST: Route = ("GET", ".json")
_READ: Route = ("GET", "/{uuid}.json")
_CREATE: Route = ("POST", ".json")
_CHANGE: Route = ("PUT", "/{uuid}.json")
_DELETE: Route = ("DELETE", "/{uuid}.json")
_PDF: Route = ("GET", "/{uuid}/pdf.json")
_EMAIL: Route = ("POST", "/{uuid}/deliver_via_email.json")
_PAID: Route = ("POST", "/{uuid}/paid.json")
_NEXT_NUMBER: Route = ("GET", "/next_number.json")
_ACCOUNTED: Route = ("PUT", "/{uuid}/mark_as_accounted.json")
_KSEF: tuple[Route, ...] = (("POST", "/{uuid}/send_to_ksef.json"), ("GET", "/{uuid}/download_xml.json"))

_ALWAYS = (_LIST, _READ, _CREATE, _DELETE, _NEXT_NUMBER)
_SENT = (*_ALWAYS, _CHANGE, _PAID, _PDF, _EMAIL, *_KSEF)

_DOCUMENTS: dict[str, tuple[Route, ...]] = {
    "invoices": (
        *_KSEF,
        ("POST", "/{uuid}/deliver_via_post.json"),
        ("POST", "/{uuid}/quick_payments.json"),
        ("GET", "/{uuid}/quick_payments.json"),
        ("DELETE", "/{uuid}/quick_payments.json"),
    ),
    "corrective_invoices": _KSEF,
    "margin_invoices": _SENT,
    "advance_invoices": _KSEF,
    "final_invoices": _KSEF,
    "oss_invoices": (*_ALWAYS, _PDF, _EMAIL),
    "corrective_oss_invoices": (*_ALWAYS, _PDF),
    "internal_invoices": (*_ALWAYS, _CHANGE, _ACCOUNTED),
    "fiscal_reports": (*_ALWAYS, _CHANGE, _ACCOUNTED),
    "internal_evidences": (*_ALWAYS, _CHANGE, _PDF),
    "daily_revenues": (*_ALWAYS, _CHANGE, _PDF),
}
"""The kinds of documents of section 2, each with what can be done with it."""

_BUILT = {"invoices", "corrective_invoices", "advance_invoices", "final_invoices"}
"""Kinds of documents that are issued; what is left of them here is still to come."""

_OTHERS: dict[str, tuple[Route, ...]] = {
    "api:invoices": (
        ("GET", "/ksef2/integration.json"),
        ("POST", "/ksef2/documents/{id}/send.json"),
        ("GET", "/ksef2/documents/{id}/status.json"),
        ("POST", "/ksef2/documents/send.json"),
        ("GET", "/ksef2/documents/{id}/download_xml.json"),
        ("POST", "/ksef2/cancel_export.json"),
        ("GET", "/ksef2/import/incomes.json"),
        ("GET", "/ksef2/import/costs.json"),
        ("GET", "/ksef2/import/{ksef_number}.json"),
    ),
    "api:costs": (
        ("POST", "/documents/costs/upload.json"),
        ("GET", "/documents/costs.json"),
        ("GET", "/documents/costs/{id}.json"),
        ("GET", "/documents/costs/download_many.json"),
        ("PUT", "/documents/costs/paid_many.json"),
        ("PUT", "/documents/costs/unpaid_many.json"),
        ("PUT", "/documents/costs/update_file_name_many.json"),
        ("POST", "/documents/costs/assign_cost_category_many.json"),
        ("POST", "/documents/costs/create_note_many.json"),
        ("DELETE", "/documents/costs/destroy_many.json"),
    ),
    "api:accounting": (
        ("GET", "/saf_v7_files.json"),
        ("GET", "/saf_v7_files/{id}.json"),
        ("POST", "/saf_v7_files/{id}/paid.json"),
        ("GET", "/vat_eu_taxes.json"),
        ("GET", "/vat_eu_taxes/{id}.json"),
        ("GET", "/income_taxes.json"),
        ("GET", "/income_taxes/{id}.json"),
        ("POST", "/income_taxes/{id}/paid.json"),
        ("GET", "/books.json"),
        ("GET", "/books/{id}.json"),
        ("GET", "/insurance_fees.json"),
        ("GET", "/insurance_fees/{id}.json"),
        ("POST", "/insurance_fees/{id}/paid.json"),
        ("POST", "/payments/document_requests.json"),
    ),
}
"""By the scope that they will ask for, without its last word (1.2)."""


def _routes() -> Iterator[tuple[str, Route]]:
    for resource, routes in _DOCUMENTS.items():
        for method, path in routes:
            yield "api:invoices", (method, f"/{resource}{path}")
        if resource in _BUILT:
            continue
        yield "api:invoices", ("POST", f"/async/{resource}.json")
        yield "api:invoices", ("GET", f"/async/{resource}/status/{{reference}}.json")
    for scope, others in _OTHERS.items():
        for route in others:
            yield scope, route


ENDPOINTS = tuple(
    Endpoint(
        method=method,
        path=path,
        serve=refuse,
        about="Not built yet",
        scope=f"{scope}:{'read' if method == 'GET' else 'write'}",
        searches=method == "GET" and path.endswith("s.json"),
    )
    for scope, (method, path) in _routes()
)
