"""Each list of the pages under each head and with each filter, in each order that it offers."""

from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType

from faktura.core.invoices.record import Invoice
from faktura.core.papers.record import Paper
from faktura.core.received.record import Expense
from faktura.store.records import Tenant
from faktura.web.contacts import list as contacts
from faktura.web.contacts.form import ROLES
from faktura.web.documents import list as documents
from faktura.web.door.names import PAPER_KINDS
from faktura.web.expenses import list as expenses
from faktura.web.forms.fields import Choice, Date
from faktura.web.forms.form import Form
from faktura.web.papers import list as papers
from faktura.web.products import list as products
from tests.every_list import SOUGHT, Asked, Values

ATTRIBUTES = {"least": "gross_total", "most": "gross_total", "subject": "contact_id"}
"""By filter that is called otherwise than an attribute, what it chooses by."""


def every_list(slug: str, values: Values) -> Iterator[Asked]:
    of_documents = _filters(documents.FILTERS, Invoice, values) | {"part": [*documents.PART_NAMES]}
    yield from _sorted(f"/{slug}/invoices", documents, of_documents)
    for day in documents.DAY_NAMES:
        for bound in ("since", "until"):
            yield from (
                Asked(f"/{slug}/invoices", (("day", day), (bound, str(value)))) for value in values.of(Invoice, day)
            )
    of_expenses = _filters(expenses.FILTERS, Expense, values) | {"part": [*expenses.PART_NAMES]}
    yield from _sorted(f"/{slug}/expenses", expenses, of_expenses)
    of_papers = _filters(papers.FILTERS, Paper, values) | {"kind": [*PAPER_KINDS]}
    yield from _sorted(f"/{slug}/papers", papers, of_papers)
    yield from _sorted(f"/{slug}/subjects", contacts, {"query": SOUGHT["query"], "role": [*ROLES]})
    yield from _sorted(f"/{slug}/inventory_items", products, {"query": SOUGHT["query"], "part": [*products.PARTS]})


def _filters(form: Form, cls: type[Tenant], values: Values) -> dict[str, Sequence[str]]:
    found: dict[str, Sequence[str]] = {}
    for name, field in form.fields.items():
        if name in SOUGHT:
            found[name] = SOUGHT[name]
        elif isinstance(field, Choice):
            found[name] = [str(value) for value, _ in field.options()]
        else:
            attribute = "issued_on" if isinstance(field, Date) else ATTRIBUTES.get(name, name)
            found[name] = [str(value) for value in values.of(cls, attribute)]
    return found


def _sorted(path: str, module: ModuleType, filters: Mapping[str, Sequence[str]]) -> Iterator[Asked]:
    for sort in module.SORTS:
        for name, given in filters.items():
            yield from (Asked(path, ((name, value), ("sort", sort))) for value in given)
        yield from (Asked(path, (("sort", f"{sign}{sort}"),)) for sign in ("", "-"))
