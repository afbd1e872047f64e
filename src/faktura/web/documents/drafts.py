"""What was typed of a document is kept, taken up again, and thrown away."""

from http import HTTPStatus
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.books.kept_answers import KeptAnswer, keep_answer, kept_answer
from faktura.core.errors import Given, NotFound
from faktura.core.invoices.drafts import KeptDraft, Typed, drafts_of, drop_draft, find_draft, keep_draft
from faktura.core.people.accounts import Account
from faktura.web.documents import pages
from faktura.web.documents.editor import LONGEST_FORM, composed_of, page, posted, typed_in
from faktura.web.door.bodies import takes_up_to
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.names import KINDS
from faktura.web.door.sizes import is_part
from faktura.web.forms.form import NOTHING, Filled, new_once
from faktura.web.forms.saving import LONGEST_ONCE, key_of, save

NOT_TYPED = {"csrf_token", "once", "draft", "preview"}


@pages.get("/<slug>/invoices/drafts")
def show_drafts(slug: str) -> str:
    def work(books: Books) -> tuple[Account, list[KeptDraft]]:
        return books.account, drafts_of(books)

    account, drafts = read_books(slug, work, "invoices")
    return render_template("documents/drafts.html", account=account, drafts=drafts)


@pages.get("/<slug>/invoices/drafts/<id:draft_id>")
def draft(slug: str, draft_id: int) -> Response:
    """A draft that was issued leads to its document."""
    kept = read_books(slug, lambda books: books.find(KeptDraft, draft_id), "invoices", "write")
    if kept.issued_id is not None:
        return redirect(url_for("invoices.show", slug=slug, invoice_id=kept.issued_id), HTTPStatus.SEE_OTHER)
    if is_part():
        return make_response(render_template("documents/kept.html", draft=kept, filled=NOTHING.filled()))
    typed = MultiDict([*kept.typed, ("draft", str(kept.id))])
    return make_response(page(slug, typed_in(slug, typed, new_once())))


@pages.post("/<slug>/invoices/drafts")
@takes_up_to(LONGEST_FORM)
@keeps_typed
def keep(slug: str) -> Response:
    """As often as it is sent, each time as it is then."""
    filled = posted(slug)
    typed = [(name, text) for name, text in request.form.items(multi=True) if name not in NOT_TYPED]
    template = "documents/kept.html" if is_part() else "documents/form.html"
    return save(
        slug,
        filled.with_once(""),
        lambda books, given: _kept(books, given, filled, typed),
        then=lambda draft_id: url_for("invoices.draft", slug=slug, draft_id=draft_id),
        again=lambda refused: page(slug, refused.with_once(filled.once), template),
        scope="invoices",
    )


@pages.get("/<slug>/invoices/drafts/<id:draft_id>/drop")
def drop(slug: str, draft_id: int) -> str:
    return _before_dropping(slug, draft_id, NOTHING.filled())


@pages.post("/<slug>/invoices/drafts/<id:draft_id>/drop")
@keeps_typed
def drop_now(slug: str, draft_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: drop_draft(books, draft_id),
        then=lambda _: url_for("invoices.show_drafts", slug=slug),
        again=lambda filled: _before_dropping(slug, draft_id, filled),
        done=lazy_gettext("The draft was thrown away."),
        scope="invoices",
    )


def _before_dropping(slug: str, draft_id: int, filled: Filled) -> str:
    def work(books: Books) -> tuple[Account, KeptDraft]:
        return books.account, find_draft(books, draft_id)

    account, kept = read_books(slug, work, "invoices", "write")
    return render_template("documents/drop.html", account=account, draft=kept, filled=filled)


def draft_named(books: Books, draft_id: int | None, once: str) -> int | None:
    """The draft that a form is of: the one that it names, or that was kept of it before it knew."""
    if draft_id is not None or not 0 < len(once) <= LONGEST_ONCE:
        return draft_id
    kept = kept_answer(books, _key(once), _key(once))
    return None if kept is None else int(kept.body)


def _kept(books: Books, given: Given, filled: Filled, typed: Typed) -> KeptDraft:
    """What is sent by a script late, after the form itself, is a draft of nothing."""
    if books.look_up(KeptAnswer, client_key=key_of(filled)) is not None:
        raise NotFound(KeptDraft.table_name)
    draft_id = draft_named(books, given.get("draft"), filled.once)
    kept = keep_draft(books, draft_id, typed, _shown(books, given, filled))
    if draft_id is None and filled.once:
        keep_answer(
            books, _key(filled.once), _key(filled.once), (HTTPStatus.SEE_OTHER, str(kept.id).encode(), None, None)
        )
    return kept


def _shown(books: Books, given: Given, filled: Filled) -> dict[str, Any]:
    """What a list of drafts says."""
    (invoice, _), changes = composed_of(books, given)
    kind = filled.typed["kind"] if changes is None else changes.kind
    return {
        "kind": kind if kind in KINDS else "invoice",
        "changes_id": changes and changes.id,
        "contact_id": invoice.contact_id or None,
        "customer": invoice.buyer_name or filled.typed["contact_id"].words,
        "currency": invoice.currency,
        "total": invoice.gross_total,
    }


def _key(once: str) -> str:
    return f"draft {once}"
