"""An account is a firm that keeps its books here."""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from typing import Literal

import msgspec

from faktura.core.books.listeners import Listener
from faktura.core.books.office import Office
from faktura.core.countries.known import country_of
from faktura.core.e_invoices import Profile
from faktura.core.errors import Problems
from faktura.core.texts import Paragraphs, check_texts
from faktura.store.records import Shared, record, unique

VatMode = Literal["vat_payer", "non_vat_payer", "identified_person"]
AccountPriceMode = Literal["with_vat", "without_vat", "numerical_with_vat", "from_total_with_vat"]
PaidBy = Literal["bank", "card", "cash", "cod", "paypal"]
PaidElsewhere = Literal["card", "cash", "cod", "paypal"]
EstimateKind = Literal["estimate", "quote"]


class ReminderStep(msgspec.Struct, frozen=True):
    """A day on which customers are reminded of what they have to pay: so many `days` after it is due, or before it.

    One that is not `on` is only for contacts who are reminded whatever the account says. What should have been reminded
    of before `since` is not.
    """

    id: int
    days: int
    on: bool = False
    since: dt.date = dt.date.min

    @property
    def is_before(self) -> bool:
        """Whether its customers are not late yet."""
        return self.days <= 0


USUAL_DAYS = 3

FIRST_STEPS = (ReminderStep(1, -USUAL_DAYS), ReminderStep(2, USUAL_DAYS))
"""What an account has until it says something else: nobody is reminded."""


@record("accounts", unique("slug"), watched=True)
class Account(Shared):
    """A firm, its defaults for documents, and the plan it runs on.

    `contact_limit` is the most contacts the plan allows. Of requests, mails and prints the account may have as many as
    the server lets any, where it has no limit of its own. A blocked account is closed over `unpaid_invoices`, addresses
    of the plan's own invoices. `update_contacts_from_registry` is what a contact that says "inherit" inherits.
    With `check_e_invoices` each document is checked as an e-invoice after its issue.
    `payment_page` is the address where customers pay, with {number} and the like for what is known of the document.
    `reminders` are in the order of their days, of which no two are the same. `listeners` show what its subscriptions
    say, and stand here so that whoever writes knows without a question whether anybody hears of it. A `vat_code` is how
    the program of its bookkeeper calls a sort of sale without VAT, where that is not what it is usually called.
    Electronic invoices reach the firm at `electronic_address`, a number of its `electronic_scheme`, or else at what
    follows from its numbers. It writes UBL by the rules of `e_invoice_profile`, and letters carry what the switches
    say; where nothing was said of `embed_isdoc`, its country decides.
    """

    slug: str
    name: str
    full_name: str | None = None
    country: str = "CZ"
    currency: str = "CZK"
    invoice_email: str | None = None
    phone: str | None = None
    web: str | None = None
    registration_no: str | None = None
    vat_no: str | None = None
    local_vat_no: str | None = None
    register_note: str | None = None
    vat_mode: VatMode = "vat_payer"
    vat_price_mode: AccountPriceMode = "without_vat"
    vat_rate: int = 21
    street: str | None = None
    city: str | None = None
    postcode: str | None = None
    logo_url: str | None = None
    logo: str | None = None
    colour: str | None = None
    unit_name: str = ""
    footer_note: Paragraphs | None = None
    invoice_note: Paragraphs | None = None
    due_days: int = 14
    invoice_language: str = "cs"
    payment_method: PaidBy | None = None
    proforma_by_default: bool = False
    hide_bank_account_for: tuple[PaidElsewhere, ...] | None = None
    fixed_exchange_rate: bool = False
    selfbilling: bool = False
    estimate_kind: EstimateKind | None = None
    reminders: tuple[ReminderStep, ...] = FIRST_STEPS
    send_invoice_from_proforma_email: bool = False
    send_thank_you_email: bool = False
    check_e_invoices: bool = False
    paypal_enabled: bool = False
    gopay_enabled: bool = False
    payment_page: str | None = None
    extraction_enabled: bool = False
    extraction_automatic: bool = False
    extractions_remaining: int = 0
    update_contacts_from_registry: bool = False
    vat_code_eu_goods: str | None = None
    vat_code_eu_services: str | None = None
    vat_code_abroad: str | None = None
    vat_code_reverse_charge: str | None = None
    electronic_scheme: str | None = None
    electronic_address: str | None = None
    e_invoice_profile: Profile = "peppol"
    attach_isdoc: bool = False
    embed_isdoc: bool | None = None
    attach_ubl: bool = False
    plan: str = "Na maximum"
    plan_price: int = 0
    plan_paid_users: int = 0
    contact_limit: int | None = None
    requests_per_minute: int | None = None
    mails_per_hour: int | None = None
    print_seconds_per_hour: int | None = None
    blocked: bool = False
    unpaid_invoices: tuple[str, ...] = ()
    listeners: tuple[Listener, ...] = ()

    @property
    def embeds_isdoc(self) -> bool:
        return country_of(self.country).reads_isdoc if self.embed_isdoc is None else self.embed_isdoc

    @property
    def reminders_after(self) -> list[ReminderStep]:
        """Those of who is late: those that are on, or all where none is."""
        late = [step for step in self.reminders if not step.is_before]
        return [step for step in late if step.on] or late

    @property
    def reminders_before(self) -> list[ReminderStep]:
        """The same of who is not late yet."""
        early = [step for step in self.reminders if step.is_before]
        return [step for step in early if step.on] or early


RESERVED = frozenset(
    [
        "admin",
        "api",
        "consent",
        "healthz",
        "help",
        "invite",
        "me",
        "new",
        "readyz",
        "reset",
        "sandbox",
        "server",
        "settings",
        "setup",
        "sign-in",
        "sign-out",
        "static",
    ]
)
"""What addresses of the server itself begin with, or will."""


def open_account(office: Office, slug: str, name: str, *, mounts: Collection[str] = (), **given: object) -> Account:
    """Open the books of a firm under a free slug; what is mounted beside the pages, by `mounts`, is taken, too.

    Raises:
        Invalid: the slug is taken, or cannot stand in an address; or a text is not what is seen of it.

    """
    problems = Problems()
    if not re.fullmatch(SLUG, slug):
        problems.add("slug", "malformed")
    elif slug in RESERVED or slug in mounts:
        problems.add("slug", "reserved")
    elif office.look_up(Account, slug=slug) is not None:
        problems.add("slug", "taken")
    check_texts(Account, {"name": name} | given, problems)
    problems.refuse()
    return office.add(Account, slug=slug, name=name, **given)


def slug_for(name: str) -> str:
    """What a firm of this name would be called in addresses; an empty text where nothing of it can stand there."""
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "l")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower())[:LONGEST_SLUG].strip("-")


def home_of(country: str, instant: dt.datetime) -> dict[str, object]:
    """What a firm of that country has until it says something else."""
    home = country_of(country)
    rates = home.rates_on(home.day_of(instant))
    known: dict[str, object] = {"currency": home.currency, "invoice_language": home.language}
    return known | {"vat_rate": int(rates[0].percent)} if rates else known


LONGEST_SLUG = 63

SLUG = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
"""What an account may be called in addresses."""
