"""The record of a generator: a template from which documents are made."""

import datetime as dt
from decimal import Decimal

from faktura.core.documents.record import ZERO, Draft
from faktura.store.records import index, record


# Lists show the newest first: each index has the id behind what it finds, so that nothing is sorted.
@record(
    "generators",
    index("account_id", "recurring", "id", covers=("version",)),
    index("account_id", "contact_id", "recurring", "id", covers=("version",)),
    index("account_id", "next_on", "id", where_set="next_on", covers=("active",)),
    index("next_on", over_all_accounts="one job asks in which accounts something is to be issued", where_set="next_on"),
    index("account_id", "created_at"),
    index("account_id", "updated_at"),
    paged=False,
    refers={"contact_id": "contacts", "number_format_id": "number_formats"},
    remembers={"bank_account_id": "bank_accounts", "lines.product_id": "products"},
)
class Generator(Draft):
    """Terms and lines for a customer, from which documents are made.

    Its terms are settled when it is made; what is None of notes, number format and bank account is the usual one on
    the day of issue. Seller, buyer and, unless it was given, the exchange rate are those of that day as well: the
    totals are what the document would come to on the day when the generator was changed last.
    A `recurring` one issues by itself every so many `months` from `start_on` on, until `end_on` at the latest; while it
    is paused it is not `active`. `next_on` is the day of the next document, and None once there is none to come.
    At `failed_at` its document could not be issued, and it waits for the next night.
    """

    name: str = ""
    contact_id: int = 0
    proforma: bool = False
    number_format_id: int | None = None
    taxed_at_end_of_last_month: bool = False
    net_total: Decimal = ZERO
    gross_total: Decimal = ZERO
    rounding: Decimal = ZERO
    native_net_total: Decimal | None = None
    native_gross_total: Decimal | None = None
    recurring: bool = False
    active: bool = True
    start_on: dt.date | None = None
    end_on: dt.date | None = None
    months: int = 1
    next_on: dt.date | None = None
    on_last_day: bool = False
    send_email: bool = False
    failed_at: dt.datetime | None = None
