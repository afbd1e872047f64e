"""How a file of the inbox stands in the books is said before anybody enters it, as of an expense."""

from flask import url_for
from werkzeug.wrappers import Response

from faktura.core.received.scans import find_scan
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.expenses.accounting import Desk, accounting_asked, accounting_said
from faktura.web.inbox import pages

DESK = Desk(find_scan, lambda slug, _: url_for("inbox.show_all", slug=slug))


@pages.get("/<slug>/inbox/<id:scan_id>/accounting")
def say_accounting(slug: str, scan_id: int) -> str:
    return accounting_asked(DESK, slug, scan_id)


@pages.post("/<slug>/inbox/<id:scan_id>/accounting")
@keeps_typed
def keep_accounting(slug: str, scan_id: int) -> Response:
    return accounting_said(DESK, slug, scan_id)
