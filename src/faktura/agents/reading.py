"""Tools that read: each is a question about one account's books."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta

from faktura.agents import spelling
from faktura.agents.spelling import Said
from faktura.core.accounts.missing import what_is_missing
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.contacts import Contact, best_contacts, find_contact
from faktura.core.documents.number_formats import formats_of, preview_numbers
from faktura.core.invoices import debts
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.listing import Day, Part, chosen_by
from faktura.core.invoices.listing import Filters as InvoiceFilters
from faktura.core.invoices.record import Invoice
from faktura.core.people.roles import may, require
from faktura.core.people.users import EVERY_SCOPE, SCOPES_OF_KINDS, Membership, Scope, User
from faktura.core.proposals.deeds import Id
from faktura.core.proposals.record import Proposal
from faktura.core.proposals.verbs import find_proposal, proposals_seen, scope_of
from faktura.core.received import listing as received
from faktura.core.received.find import find_expense
from faktura.core.received.record import Expense
from faktura.core.todos import Todo, todos_seen
from faktura.store.queries import Condition, Order, Selection

MOST = 25
"""Records of one answer."""

NEWEST_FIRST = (Order("id", descending=True),)


class Sight(NamedTuple):
    """The books as a member of the account sees them; pages begin with `site`."""

    books: Books
    membership: Membership
    site: str

    @property
    def slug(self) -> str:
        return self.books.account.slug

    def page(self, table: str, record_id: int) -> str | None:
        return spelling.page(self.site, self.slug, table, record_id)


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A question without details."""


class ById(msgspec.Struct, forbid_unknown_fields=True):
    id: Id


Page = Annotated[int, Meta(ge=1, le=10_000, description=f"Of {MOST} records each; the first where none is given.")]


class Contacts(msgspec.Struct, forbid_unknown_fields=True):
    text: Annotated[
        str, Meta(description="What the name begins with or holds; who changed last where it is empty.")
    ] = ""


class Documents(msgspec.Struct, forbid_unknown_fields=True):
    part: Part = "all"
    text: Annotated[str, Meta(description="In number, symbol, customer, notes or lines.")] = ""
    contact_id: Id | None = None
    day: Annotated[Day, Meta(description="What since and until are of.")] = "issued_on"
    since: dt.date | None = None
    until: dt.date | None = None
    page: Page = 1


class Expenses(msgspec.Struct, forbid_unknown_fields=True):
    part: received.Part = "all"
    text: str = ""
    contact_id: Id | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    page: Page = 1


class History(msgspec.Struct, forbid_unknown_fields=True):
    kind: Literal["invoices", "expenses", "contacts"] | None = None
    id: Annotated[Id | None, Meta(description="Of one record of that kind.")] = None
    page: Page = 1


class Period(msgspec.Struct, forbid_unknown_fields=True):
    since: dt.date
    until: dt.date


class Proposals(msgspec.Struct, forbid_unknown_fields=True):
    only_open: bool = True
    page: Page = 1


class Reading(NamedTuple):
    """A tool that reads; the member who asks needs its scope."""

    name: str
    says: str
    takes: type[msgspec.Struct]
    ask: Callable[[Sight, Any], Any]
    scope: Scope | None = None


def firm(sight: Sight, _: Nothing) -> Said:
    account, membership = sight.books.account, sight.membership
    return spelling.told(
        {
            "account": account.slug,
            "name": account.name,
            "country": account.country,
            "currency": account.currency,
            "pays_vat": account.vat_mode != "non_vat_payer",
            "usual_vat_rate": account.vat_rate,
            "today": sight.books.today,
            "your_permission": membership.permission,
            "closed_to_you": [scope for scope in EVERY_SCOPE if scope not in membership.scopes],
            "lacks_for_invoices": list(what_is_missing(sight.books)),
            "page": f"{sight.site}/{account.slug}",
        }
    )


def list_contacts(sight: Sight, asked: Contacts) -> list[Said]:
    return [spelling.contact_in_brief(one) for one in best_contacts(sight.books, asked.text, MOST)]


def contact(sight: Sight, asked: ById) -> Said:
    return spelling.contact_whole(find_contact(sight.books, asked.id)) | {"page": sight.page("contacts", asked.id)}


def list_documents(sight: Sight, asked: Documents) -> Said:
    filters = InvoiceFilters(asked.part, asked.text, None, asked.contact_id, asked.day, asked.since, asked.until)
    chosen = chosen_by(filters, sight.books.today, NEWEST_FIRST)
    return _page(sight, Invoice, chosen, asked.page, spelling.document_in_brief)


def document(sight: Sight, asked: ById) -> Said:
    found = find_invoice(sight.books, asked.id)
    return spelling.document_whole(found) | {"page": sight.page("invoices", found.id)}


def list_expenses(sight: Sight, asked: Expenses) -> Said:
    filters = received.Filters(asked.part, asked.text, None, asked.contact_id, asked.since, asked.until)
    return _page(sight, Expense, received.chosen_by(filters), asked.page, spelling.document_in_brief)


def expense(sight: Sight, asked: ById) -> Said:
    found = find_expense(sight.books, asked.id)
    return spelling.document_whole(found) | {"page": sight.page("expenses", found.id)}


def owed(sight: Sight, _: Nothing) -> Said:
    books, currency = sight.books, sight.books.account.currency
    worst = debts.worst_debts(books)
    names = {one.id: one.name for one in books.some(Contact, [contact_id for contact_id, _ in worst])}
    ages = ("not_due", "late_up_to_30_days", "late_31_to_60", "late_61_to_90", "later")
    return {
        "together": spelling.debt(debts.owed(books, debts.UNPAID), currency),
        "overdue": spelling.debt(debts.owed(books, debts.overdue(books.today)), currency),
        "by_age": {age: spelling.debt(one, currency) for age, one in zip(ages, debts.by_age(books), strict=True)},
        "worst": [{"contact_id": of, "name": names.get(of, ""), **spelling.debt(one, currency)} for of, one in worst],
    }


def numbers(sight: Sight, _: Nothing) -> list[Said]:
    books = sight.books
    return [
        {"kind": one.kind, "pattern": one.pattern, "usual": one.default, "next": list(preview_numbers(books, one))}
        for one in formats_of(books)
    ]


def history(sight: Sight, asked: History) -> Said:
    closed = {kind for kind, scope in SCOPES_OF_KINDS.items() if not may(sight.membership, "read", scope)}
    open_kinds = tuple(kind for kind in ("invoices", "expenses", "contacts") if kind not in closed)
    kinds = open_kinds if asked.kind is None else tuple({asked.kind} & {*open_kinds})
    of_one = () if asked.id is None else (Condition("record_id", "eq", asked.id),)
    chosen = Selection((Condition("kind", "in", kinds), *of_one), order=NEWEST_FIRST)
    books, first = sight.books, (asked.page - 1) * MOST
    found = books.some_in_order(Happening, chosen, MOST, first)
    people = _people(books, {one.user_id for one in found if one.user_id})
    return {"events": [spelling.happening(one, people) for one in found]}


def todos(sight: Sight, _: Nothing) -> list[Said]:
    seen = todos_seen(sight.membership.scopes, done=False)
    return [spelling.todo(one) for one in sight.books.some_in_order(Todo, seen, MOST)]


def totals(sight: Sight, asked: Period) -> Said:
    books, days = sight.books, (asked.since, asked.until)
    said: Said = {}
    if may(sight.membership, "read", "invoices"):
        said["issued"] = _sums(debts.by_currency(books, debts.issued_between(*days)))
        said["paid"] = _sums(debts.by_currency(books, debts.paid_between(*days)))
    if may(sight.membership, "read", "expenses"):
        bought = received.chosen_by(received.Filters(since=asked.since, until=asked.until), ())
        found = books.sums(Expense, bought, ("net_total", "gross_total"), ("currency",))
        said["expenses"] = [_sum(one.group[0], one.records, one.amounts[0], one.amounts[1]) for one in found]
    return said


def list_proposals(sight: Sight, asked: Proposals) -> Said:
    chosen = proposals_seen(sight.membership.scopes, open_at=sight.books.now if asked.only_open else None)
    found = sight.books.some_in_order(Proposal, chosen, MOST, (asked.page - 1) * MOST)
    return {"proposals": [_proposal(sight, one) for one in found]}


def proposal(sight: Sight, asked: ById) -> Said:
    found = find_proposal(sight.books, asked.id)
    require(sight.membership, "read", scope_of(found))
    return _proposal(sight, found)


def _proposal(sight: Sight, one: Proposal) -> Said:
    return spelling.proposal(one, sight.site, sight.slug, sight.books.now)


def _page(sight: Sight, cls: Any, chosen: Selection, page: int, spell: Callable[[Any], Said]) -> Said:
    found = sight.books.some_in_order(cls, chosen, MOST, (page - 1) * MOST)
    return {"all": sight.books.count(cls, chosen), "page": page, "found": [spell(one) for one in found]}


def _people(books: Books, ids: set[int]) -> dict[int, str]:
    office = Office(books.tx, books.now)
    return {one: user.full_name for one in ids if (user := office.look_up(User, id=one)) is not None}


def _sums(found: list[debts.InCurrency]) -> list[Said]:
    return [_sum(one.currency, one.documents, one.net, one.gross) for one in found]


def _sum(currency: str, documents: int, net: Any, gross: Any) -> Said:
    return {
        "documents": documents,
        "without_vat": spelling.money(net, currency),
        "with_vat": spelling.money(gross, currency),
    }


READINGS = (
    Reading("firm", "What the firm says of itself, and what you may do in its books. Ask this first.", Nothing, firm),
    Reading("list_contacts", "Contacts whose name fits a text.", Contacts, list_contacts),
    Reading("contact", "One contact by its id.", ById, contact),
    Reading("list_documents", "Issued documents, the newest first.", Documents, list_documents, "invoices"),
    Reading("document", "One issued document with its lines and payments.", ById, document, "invoices"),
    Reading("list_expenses", "What was bought, the newest first.", Expenses, list_expenses, "expenses"),
    Reading("expense", "One expense with its lines and payments.", ById, expense, "expenses"),
    Reading("owed", "What customers owe, by age, and who owes the most.", Nothing, owed, "invoices"),
    Reading("numbers", "How documents are numbered, and the next numbers.", Nothing, numbers),
    Reading("history", "What happened, the last first, or what happened to one record.", History, history),
    Reading("todos", "What needs a person.", Nothing, todos),
    Reading("totals", "What was issued, paid and bought between two days, both counted.", Period, totals),
    Reading("list_proposals", "Proposals that wait for a person, or all of them.", Proposals, list_proposals),
    Reading("proposal", "What became of a proposal.", ById, proposal),
)
