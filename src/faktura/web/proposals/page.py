"""One proposal: what would change, as it was checked, and the buttons by which a member decides."""

from collections.abc import Callable

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.people.accounts import Account
from faktura.core.proposals.record import Proposal, State
from faktura.core.proposals.verbs import confirm, find_proposal, refuse, scope_of
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Words
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.forms.saving import save
from faktura.web.history.changes import changes_of
from faktura.web.history.records import called, page_of
from faktura.web.proposals import pages
from faktura.web.proposals.list import DEEDS, STATES


@pages.get("/<slug>/proposals/<id:proposal_id>")
def show(slug: str, proposal_id: int) -> str:
    return _page(slug, proposal_id, NOTHING.filled())


@pages.post("/<slug>/proposals/<id:proposal_id>/confirm")
@keeps_typed
def confirm_now(slug: str, proposal_id: int) -> Response:
    return _decided(slug, proposal_id, confirm, lazy_gettext("It is done."))


@pages.post("/<slug>/proposals/<id:proposal_id>/refuse")
@keeps_typed
def refuse_now(slug: str, proposal_id: int) -> Response:
    return _decided(slug, proposal_id, refuse, lazy_gettext("It will not be done."))


def _decided(slug: str, proposal_id: int, verb: Callable[[Books, int], Proposal], done: Words) -> Response:
    filled = NOTHING.posted()
    scope = read_books(slug, lambda books: scope_of(find_proposal(books, proposal_id)))
    return save(
        slug,
        filled,
        lambda books, _: verb(books, proposal_id),
        then=lambda _: url_for("proposals.show", slug=slug, proposal_id=proposal_id),
        again=lambda filled: _page(slug, proposal_id, filled),
        done=done,
        scope=scope,
    )


def _page(slug: str, proposal_id: int, filled: Filled) -> str:
    def work(books: Books) -> tuple[Account, Proposal, State, str]:
        proposal = find_proposal(books, proposal_id)
        key = (proposal.kind, proposal.record_id or 0)
        return books.account, proposal, proposal.state(books.now), called(books, [key]).get(key, "")

    scope = read_books(slug, lambda books: scope_of(find_proposal(books, proposal_id)))
    account, proposal, state, subject = read_books(slug, work, scope)
    return render_template(
        "proposals/page.html",
        account=account,
        proposal=proposal,
        state=state,
        subject=subject,
        address=page_of(slug, proposal.kind, proposal.record_id or 0),
        changes=changes_of(proposal),
        letter=(proposal.details.get("letter") or (None, ""))[1],
        filled=filled,
        deeds=DEEDS,
        states=STATES,
    )
