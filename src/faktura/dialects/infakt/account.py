"""The account and what happened in it (section 28); the contract only reads both."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from faktura.core.books.books import Books
from faktura.core.books.history import EventName, Happening, Way
from faktura.core.books.office import Office
from faktura.core.errors import NotAllowed
from faktura.core.ksef.connection import connection_of
from faktura.core.people.accounts import Account
from faktura.core.people.users import Members, Membership, User, members_by_id
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.paging import FIELDS, LIMIT, OFFSET, Page
from faktura.dialects.infakt.door.values import INTEGER, TEXT, WARSAW, show_moment
from faktura.store.queries import NOTHING, Condition, Order, Selection
from faktura.wire.endpoints import Answer, Endpoint, Parameter
from faktura.wire.fields import Kind, Shape, list_of, read_only
from faktura.wire.rendered import encode
from faktura.wire.values import read_text

READ = "api:account:read"

PLAN_ENDS = dt.date(2099, 12, 31)
"""A plan here has no end, and clients read a date."""

SUBSCRIPTION: Mapping[str, Any] = {"user_type_symbol": "premium_package", "recurring_payment": False}

NOT_KNOWN = {"pesel": "", "business_activity_code": ""}
MAILING = {"mailing_company_name": "", "mailing_street": "", "mailing_city": "", "mailing_postal_code": ""}

PIT_TYPE = {"value": "regular", "label": "Zasady ogólne"}
VAT_METHOD = {"value": "memorial", "label": "Memoriałowa"}
ZUS = {"value": "standard_zus", "label": "Standardowy ZUS"}
TAXED = {"value": "taxed", "label": "Sprzedaż opodatkowana", "ratio": None}
EXEMPT = {"value": "exempt", "label": "Sprzedaż zwolniona", "ratio": None}

OFFICE_SERVICE = {"active": False, "last_accounted_month": None, "service_global_name": None}
FOUNDATION = {
    "in_progress": False,
    "completed": False,
    "obr_type": None,
    "self_service": False,
    "current_step": None,
    "with_bank_account": False,
    "show_company_status_details": False,
}
AML = {"status": None, "in_progress": False, "completed": False}
EXTENSIONS = {
    "ambassador": {"name": "Ambasador", "active": False, "details": {"link": "", "pending_withdraw": 0}},
    "merit": {"name": "Merit", "active": False},
    "pragma": {"name": "Pragma", "active": False},
    "autopay": {"name": "Autopay", "max_single_transaction_limit_in_cents": 0, "integration_confirmed": False},
}
"""All these stand for what this program does not do: it keeps no tax books, founds no firms, has no plug-ins."""


class Details(NamedTuple):
    """The account as the owner of the key has it, on a day; `reaches_ksef` while its connection is active."""

    account: Account
    user: User
    membership: Membership
    today: dt.date
    reaches_ksef: bool


def uuid_of(record: Account | User) -> str:
    """Always the same for the same account or person, who have no uuid of their own inside."""
    return str(uuid5(NAMESPACE_OID, f"{record.table_name} {record.id} {record.created_at.isoformat()}"))


def _account_data(details: Details) -> dict[str, Any]:
    user = details.user
    return {
        "id": user.id,
        "uuid": uuid_of(user),
        "email": user.email,
        "username": user.email,
        "site": "infakt",
        "role": _role(details.membership),
        "registered_at": show_moment(user.created_at),
    }


def _role(membership: Membership) -> str:
    if membership.permission == "owner":
        return "owner"
    if membership.scopes == ("invoices",):
        return "invoicer"
    return "collaborator" if membership.permission == "write" else "employee"


def _company_data(details: Details) -> dict[str, Any]:
    account = details.account
    first, _, last = details.user.full_name.partition(" ")
    name, number, flat = _address(account.street or "")
    return {
        "first_name": first,
        "last_name": last,
        "company_name": account.full_name or account.name,
        "owner_name": first,
        "owner_surname": last,
        "street": account.street or "",
        "street_name": name,
        "street_number": number,
        "flat_number": flat,
        "city": account.city or "",
        "postal_code": account.postcode or "",
        "tax_id": account.vat_no or "",
        "regon": account.registration_no or "",
        "phone_number": account.phone or "",
        **MAILING,
        **NOT_KNOWN,
    }


def _address(street: str) -> tuple[str, str, str]:
    """Street, number and flat of a line like `Jabłkowa 7a/12`."""
    found = _STREET.fullmatch(street.strip())
    return (found["name"], found["number"], found["flat"] or "") if found else (street, "", "")


_STREET = re.compile(
    r"(?P<name>.*?\S)\s+(?P<number>\d+(?:\s?[A-Za-z]\b(?!\.))?(?:-\d+)?)(?:\s*(?:/|m\.|lok\.)\s*(?P<flat>\w+))?"
)


def _current_subscription(details: Details) -> dict[str, Any]:
    return {
        "name": details.account.plan,
        "expired_on": PLAN_ENDS.isoformat(),
        "days_until_expiration": (PLAN_ENDS - details.today).days,
        **SUBSCRIPTION,
    }


def _accounting_settings(details: Details) -> dict[str, Any]:
    started = details.account.created_at.astimezone(WARSAW).date().isoformat()
    return {
        "status": "finished",
        "accounting_data_filled": True,
        "pit_type": PIT_TYPE,
        "pit_history": [{**PIT_TYPE, "start_on": started, "finish_on": None}],
        "vat_sales": TAXED if details.account.vat_mode == "vat_payer" else EXEMPT,
        "vat_method": VAT_METHOD,
        "started_at_in_infakt": started,
        "business_activity_code": NOT_KNOWN["business_activity_code"],
        "insurance_fee_account_number": "",
        "individual_tax_account_number": "",
        "zus": ZUS,
    }


def _extensions(details: Details) -> dict[str, Any]:
    return {**EXTENSIONS, "ksef": {"name": "KSeF", "active": details.reaches_ksef}}


OBJECT = Kind({"type": "object"}, read_text)

DETAILS: Shape[Details, None] = Shape(
    "account_details",
    Details,
    (
        read_only("account_data", OBJECT, nullable=False, showing=lambda d, _: _account_data(d)),
        read_only("company_data", OBJECT, nullable=False, showing=lambda d, _: _company_data(d)),
        read_only("current_subscription", OBJECT, nullable=False, showing=lambda d, _: _current_subscription(d)),
        read_only("accounting_settings", OBJECT, nullable=False, showing=lambda d, _: _accounting_settings(d)),
        read_only("accounting_office_service", OBJECT, nullable=False, showing=lambda _d, _: OFFICE_SERVICE),
        read_only("foundation_process", OBJECT, nullable=False, showing=lambda _d, _: FOUNDATION),
        read_only("aml_process", OBJECT, nullable=False, showing=lambda _d, _: AML),
        read_only("extentions", OBJECT, nullable=False, showing=lambda d, _: _extensions(d)),
    ),
)


def read_account_details(call: Call) -> Answer:
    books = call.books
    member = members_by_id(books).get(books.user_id)
    if member is None:
        raise NotAllowed
    today = books.now.astimezone(WARSAW).date()
    connection = connection_of(books)
    reaches_ksef = connection is not None and connection.active
    details = Details(books.account, member.user, member.membership, today, reaches_ksef)
    return Answer(200, encode(call.part(DETAILS).show(details, None)))


SUBJECTS = {
    "accounts": "Account",
    "contacts": "Client",
    "products": "Product",
    "stock_moves": "StockMove",
    "bank_accounts": "BankAccount",
    "invoices": "Invoice",
    "generators": "Generator",
    "users": "User",
    "applications": "Application",
    "api_keys": "ApiKey",
}
"""By table."""

ACTIONS: Mapping[EventName, tuple[str, str]] = {
    "contact_added": ("create", "Dodano klienta"),
    "contact_changed": ("update", "Zmieniono klienta"),
    "contact_deleted": ("destroy", "Usunięto klienta"),
    "contact_merged": ("update", "Połączono klientów"),
    "contact_link_made": ("update", "Utworzono link do dokumentów klienta"),
    "contact_link_opened": ("update", "Klient otworzył link do swoich dokumentów"),
    "contact_link_ended": ("update", "Zamknięto link do dokumentów klienta"),
    "product_added": ("create", "Dodano produkt"),
    "product_changed": ("update", "Zmieniono produkt"),
    "product_deleted": ("destroy", "Usunięto produkt"),
    "product_archived": ("update", "Przeniesiono produkt do archiwum"),
    "product_unarchived": ("update", "Przywrócono produkt z archiwum"),
    "stock_move_added": ("create", "Dodano ruch magazynowy"),
    "stock_move_changed": ("update", "Zmieniono ruch magazynowy"),
    "stock_move_deleted": ("destroy", "Usunięto ruch magazynowy"),
    "bank_account_added": ("create", "Dodano konto bankowe"),
    "bank_account_changed": ("update", "Zmieniono konto bankowe"),
    "bank_account_deleted": ("destroy", "Usunięto konto bankowe"),
    "account_changed": ("update", "Zmieniono dane firmy"),
    "number_format_added": ("create", "Dodano format numeracji"),
    "number_format_changed": ("update", "Zmieniono format numeracji"),
    "invoice_issued": ("create", "Wystawiono dokument sprzedaży"),
    "invoice_changed": ("update", "Zmieniono dokument sprzedaży"),
    "invoice_deleted": ("destroy", "Usunięto dokument sprzedaży"),
    "invoice_printed": ("update", "Wydrukowano dokument sprzedaży"),
    "invoice_sent": ("update", "Wysłano dokument sprzedaży e-mailem"),
    "invoice_marked_as_sent": ("update", "Oznaczono dokument sprzedaży jako wysłany"),
    "invoice_seen": ("update", "Klient otworzył dokument sprzedaży"),
    "invoice_reminded": ("update", "Wysłano przypomnienie o płatności"),
    "invoice_overdue": ("update", "Minął termin płatności dokumentu sprzedaży"),
    "invoice_restated": ("update", "Zaktualizowano stan dokumentu sprzedaży"),
    "invoice_paid": ("update", "Opłacono dokument sprzedaży"),
    "invoice_thanked": ("update", "Wysłano podziękowanie za płatność"),
    "invoice_payment_added": ("update", "Dodano płatność częściową"),
    "invoice_payment_removed": ("update", "Usunięto płatność"),
    "invoice_cancelled": ("update", "Anulowano dokument sprzedaży"),
    "invoice_cancellation_removed": ("update", "Cofnięto anulowanie dokumentu sprzedaży"),
    "invoice_locked": ("update", "Zablokowano dokument sprzedaży"),
    "invoice_unlocked": ("update", "Odblokowano dokument sprzedaży"),
    "invoice_uncollectible": ("update", "Uznano należność za nieściągalną"),
    "invoice_uncollectible_removed": ("update", "Cofnięto uznanie należności za nieściągalną"),
    "invoice_queued_for_ksef": ("update", "Dodano dokument do wysłania do KSeF"),
    "invoice_withdrawn_from_ksef": ("update", "Cofnięto wysłanie dokumentu do KSeF"),
    "invoice_accepted_by_ksef": ("update", "Przyjęto dokument w KSeF"),
    "invoice_refused_by_ksef": ("update", "KSeF nie przyjął dokumentu"),
    "expense_entered": ("create", "Dodano koszt"),
    "expense_changed": ("update", "Zmieniono koszt"),
    "expense_deleted": ("destroy", "Usunięto koszt"),
    "expense_overdue": ("update", "Minął termin płatności kosztu"),
    "expense_restated": ("update", "Zaktualizowano stan kosztu"),
    "expense_paid": ("update", "Opłacono koszt"),
    "expense_payment_added": ("update", "Dodano płatność częściową kosztu"),
    "expense_payment_removed": ("update", "Usunięto płatność kosztu"),
    "expense_locked": ("update", "Zablokowano koszt"),
    "expense_unlocked": ("update", "Odblokowano koszt"),
    "paper_entered": ("create", "Dodano dowód wewnętrzny, raport lub utarg"),
    "paper_changed": ("update", "Zmieniono dowód wewnętrzny, raport lub utarg"),
    "paper_printed": ("update", "Wydrukowano dowód wewnętrzny lub utarg"),
    "paper_accounted": ("update", "Zaksięgowano dowód wewnętrzny lub raport"),
    "paper_deleted": ("destroy", "Usunięto dowód wewnętrzny, raport lub utarg"),
    "scan_added": ("add_document", "Dodano skan dokumentu"),
    "scan_asked_to_be_read": ("update", "Zlecono odczytanie skanu"),
    "scan_changed": ("update", "Zmieniono skan dokumentu"),
    "scan_read": ("update", "Odczytano skan"),
    "scan_reading_failed": ("update", "Nie udało się odczytać skanu"),
    "scan_reading_refused": ("update", "Skan nie zawiera tekstu do odczytania"),
    "scan_entered": ("update", "Wprowadzono koszt ze skanu"),
    "scan_deleted": ("destroy", "Usunięto skan dokumentu"),
    "generator_added": ("create", "Dodano szablon dokumentu"),
    "generator_changed": ("update", "Zmieniono szablon dokumentu"),
    "generator_deleted": ("destroy", "Usunięto szablon dokumentu"),
    "generator_issued": ("update", "Z szablonu automatycznie wystawiono dokument"),
    "generator_run": ("update", "Z szablonu ręcznie wystawiono dokument"),
    "generator_skipped": ("update", "Pominięto termin szablonu cyklicznego"),
    "generator_failed": ("update", "Nie udało się wystawić dokumentu z szablonu"),
    "generator_finished": ("update", "Szablon cykliczny się zakończył"),
    "generator_paused": ("update", "Szablon cykliczny wstrzymano"),
    "generator_activated": ("update", "Szablon cykliczny wznowiono"),
    "member_invited": ("create", "Zaproszono użytkownika"),
    "invitation_withdrawn": ("destroy", "Cofnięto zaproszenie użytkownika"),
    "member_joined": ("create", "Dodano użytkownika"),
    "member_changed": ("update", "Zmieniono uprawnienia użytkownika"),
    "member_left": ("destroy", "Usunięto użytkownika"),
    "password_changed": ("update", "Zmieniono hasło użytkownika"),
    "consent_given": ("create", "Zezwolono aplikacji na dostęp"),
    "consent_ended": ("destroy", "Zakończono dostęp aplikacji"),
    "application_added": ("create", "Dodano aplikację"),
    "application_secret_renewed": ("update", "Odnowiono dane dostępowe aplikacji"),
    "application_ended": ("destroy", "Usunięto aplikację"),
    "api_key_added": ("create", "Dodano klucz API"),
    "api_key_ended": ("destroy", "Usunięto klucz API"),
    "webhook_added": ("create", "Dodano webhook"),
    "webhook_changed": ("update", "Zmieniono webhook"),
    "webhook_deleted": ("destroy", "Usunięto webhook"),
    "task_done": ("update", "Wykonano zadanie"),
    "task_refused": ("update", "Odrzucono zadanie"),
    "ksef_connected": ("create", "Połączono z KSeF"),
    "ksef_changed": ("update", "Zmieniono ustawienia KSeF"),
    "ksef_disconnected": ("destroy", "Rozłączono z KSeF"),
    "job_given_up": ("update", "Zaniechano zadania w tle po wielu próbach"),
}
"""Symbol and name of each event of the history."""


DEVICES: Mapping[Way | None, str] = {"api": "APIv3", "browser": "Aplikacja www", None: ""}
"""What the contract calls the ways in."""


class Activity(NamedTuple):
    """What happened, and who did it: nobody, where the program did it by itself."""

    happening: Happening
    user: User | None
    owner: bool


def _blame(activity: Activity, _view: None) -> dict[str, Any] | None:
    user = activity.user
    if user is None:
        return None
    role = "owner" if activity.owner else "accountant"
    return {"uuid": uuid_of(user), "role": role, "email": user.email, "fullname": user.full_name}


def _action(activity: Activity) -> tuple[str, str]:
    return ACTIONS[activity.happening.name]


def _performed_at(activity: Activity, _view: None) -> str:
    return f"{activity.happening.created_at.astimezone(WARSAW):%Y-%m-%d, %H:%M:%S}"


ACTIVITY: Shape[Activity, None] = Shape(
    "activity",
    Activity,
    (
        read_only("id", INTEGER, "happening.id", nullable=False),
        read_only("user", TEXT, nullable=False, showing=lambda a, _: a.user.full_name if a.user else ""),
        read_only("subject_id", INTEGER, "happening.record_id", nullable=False),
        read_only(
            "subject_type", TEXT, nullable=False, showing=lambda a, _: SUBJECTS.get(a.happening.kind, a.happening.kind)
        ),
        read_only("subject_data", OBJECT, nullable=False, showing=lambda _a, _: {}),
        read_only("action_symbol", TEXT, nullable=False, showing=lambda a, _: _action(a)[0]),
        read_only("action_name", TEXT, nullable=False, showing=lambda a, _: _action(a)[1]),
        read_only("performed_at", TEXT, nullable=False, showing=_performed_at),
        read_only("device", TEXT, nullable=False, showing=lambda a, _: DEVICES[a.happening.way]),
        read_only("blame", OBJECT, showing=_blame),
    ),
)

ACTIVITIES: Shape[Any, None] = Shape(
    "activities",
    dict,
    (
        read_only("total_count", INTEGER, nullable=False),
        read_only("count", INTEGER, nullable=False),
        read_only("entities", list_of(ACTIVITY), nullable=False),
    ),
)
"""A list without the usual envelope (1.4)."""

BLAME = Parameter("blame[uuid]", TEXT, "Only what this person did")

NEWEST = (Order("id", descending=True),)


def list_account_activities(call: Call) -> Answer:
    page, part, books = Page(call.parameters), call.part(ACTIVITY), call.books
    members = members_by_id(books)
    conditions = _conditions(call.parameters.get("blame"), members)
    stamps = books.stamps(Happening, Selection(conditions, order=NEWEST), page.limit, page.offset)
    found = {happening.id: happening for happening in books.some(Happening, [stamp[0] for stamp in stamps])}
    entities = [part.show(_activity(books, found[stamp[0]], members), None) for stamp in stamps]
    total = books.count(Happening, Selection(conditions))
    return Answer(200, encode({"total_count": total, "count": len(entities), "entities": entities}))


def _conditions(blame: Any, members: Members) -> tuple[Condition, ...]:
    """What nobody of the account did is not in its history."""
    uuid = blame.get("uuid") if isinstance(blame, dict) else None
    if not uuid:
        return ()
    blamed = [member.user.id for member in members.values() if uuid_of(member.user) == str(uuid).lower()]
    return (Condition("user_id", "in", tuple(blamed)),) if blamed else NOTHING.conditions


def _activity(books: Books, happening: Happening, members: Members) -> Activity:
    member = members.get(happening.user_id)
    if member is not None:
        return Activity(happening, member.user, member.membership.permission == "owner")
    gone = None if happening.user_id is None else Office(books.tx, books.now).look_up(User, id=happening.user_id)
    return Activity(happening, gone, owner=False)


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET",
        path="/account/details.json",
        serve=read_account_details,
        about="Read the account",
        parameters=(FIELDS,),
        answers={200: DETAILS},
        scope=READ,
    ),
    Endpoint(
        method="GET",
        path="/account/activities.json",
        serve=list_account_activities,
        about="List what happened in the account",
        parameters=(BLAME, FIELDS, OFFSET, LIMIT),
        answers={200: ACTIVITIES},
        scope=READ,
    ),
)
