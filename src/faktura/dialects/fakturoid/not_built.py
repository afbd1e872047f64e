"""What the contract has and this server does not yet: sections 2.6 to 2.18 are answered 501, never a plausible lie.

An endpoint that is built leaves this list; the checklist in README.md tells both.
"""

from faktura.dialects.fakturoid.door import errors
from faktura.dialects.fakturoid.door.door import Call
from faktura.wire.endpoints import Answer, Endpoint, Method


def refuse(_call: Call) -> Answer:
    """Reached only after the sign-in checks.

    Raises:
        Failure: always, with status 501.

    """
    raise errors.not_built()


_PATHS: dict[str, tuple[tuple[Method, str], ...]] = {
    "invoices": (
        ("GET", "/generators.json"),
        ("GET", "/generators/{id}.json"),
        ("POST", "/generators.json"),
        ("PATCH", "/generators/{id}.json"),
        ("DELETE", "/generators/{id}.json"),
        ("GET", "/recurring_generators.json"),
        ("GET", "/recurring_generators/{id}.json"),
        ("POST", "/recurring_generators.json"),
        ("PATCH", "/recurring_generators/{id}.json"),
        ("PATCH", "/recurring_generators/{id}/pause.json"),
        ("PATCH", "/recurring_generators/{id}/activate.json"),
        ("DELETE", "/recurring_generators/{id}.json"),
    ),
    "expenses": (
        ("GET", "/expenses.json"),
        ("GET", "/expenses/search.json"),
        ("GET", "/expenses/{id}.json"),
        ("GET", "/expenses/{id}/attachments/{attachment_id}/download"),
        ("POST", "/expenses/{id}/fire.json"),
        ("POST", "/expenses.json"),
        ("PATCH", "/expenses/{id}.json"),
        ("DELETE", "/expenses/{id}.json"),
        ("POST", "/expenses/{id}/payments.json"),
        ("DELETE", "/expenses/{id}/payments/{payment_id}.json"),
        ("GET", "/inbox_files.json"),
        ("POST", "/inbox_files.json"),
        ("POST", "/inbox_files/{id}/send_to_ocr.json"),
        ("GET", "/inbox_files/{id}/download"),
        ("DELETE", "/inbox_files/{id}.json"),
    ),
    "": (
        ("GET", "/inventory_items.json"),
        ("GET", "/inventory_items/archived.json"),
        ("GET", "/inventory_items/low_quantity.json"),
        ("GET", "/inventory_items/search.json"),
        ("GET", "/inventory_items/{id}.json"),
        ("POST", "/inventory_items.json"),
        ("PATCH", "/inventory_items/{id}.json"),
        ("DELETE", "/inventory_items/{id}.json"),
        ("POST", "/inventory_items/{id}/archive.json"),
        ("POST", "/inventory_items/{id}/unarchive.json"),
        ("GET", "/inventory_moves.json"),
        ("GET", "/inventory_items/{id}/inventory_moves/{move_id}.json"),
        ("POST", "/inventory_items/{id}/inventory_moves.json"),
        ("PATCH", "/inventory_items/{id}/inventory_moves/{move_id}.json"),
        ("DELETE", "/inventory_items/{id}/inventory_moves/{move_id}.json"),
        ("GET", "/events.json"),
        ("GET", "/events/paid.json"),
        ("GET", "/todos.json"),
        ("POST", "/todos/{id}/toggle_completion.json"),
        ("GET", "/webhooks.json"),
        ("GET", "/webhooks/{id}.json"),
        ("POST", "/webhooks.json"),
        ("PATCH", "/webhooks/{id}.json"),
        ("DELETE", "/webhooks/{id}.json"),
        ("GET", "/webhooks/{id}/failed_deliveries.json"),
    ),
}
"""By the scope that they will ask for (1.9)."""

ENDPOINTS = tuple(
    Endpoint(
        method=method,
        path=f"/accounts/{{slug}}{path}",
        serve=refuse,
        about="Not built yet",
        scope=scope,
        searches=path.endswith("/search.json"),
    )
    for scope, paths in _PATHS.items()
    for method, path in paths
)
