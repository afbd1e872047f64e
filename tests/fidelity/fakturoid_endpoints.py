"""The endpoints of the Fakturoid door in every situation that the contract has a status for."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from falcon import testing

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.people.applications import grant_access, register_application
from faktura.core.people.tokens import issue_access_token
from faktura.core.people.users import EVERY_SCOPE, Permission, Scope, User, add_user, join
from faktura.wire.rate_limit import RateLimit
from faktura.wire.service import Modes, Service
from tests.fidelity.fakturoid_house import RESOURCES, Door, Fakturoid
from tests.fidelity.house import Values
from tests.firm import open_firm

MISSING = 987_654_321

Ids = Mapping[str, Any]

Fresh = Callable[[Fakturoid], Ids]


class Situations:
    """Who may ask, and how the server may be, when an endpoint is asked."""

    def __init__(self, house: Fakturoid) -> None:
        self.house = house
        service, clock = house.service, house.clock
        unpaid = ("https://faktura.example/unpaid/1",)
        blocked = open_firm(service.database, clock, "blockedcorp", blocked=True, unpaid_invoices=unpaid)
        self.blocked = Door(service, blocked)
        self.reader = self._member("reader", "read", EVERY_SCOPE)
        self.without = {
            scope: self._member(f"no-{scope}", "write", tuple(one for one in EVERY_SCOPE if one != scope))
            for scope in EVERY_SCOPE
        }
        self.standing: dict[str, Any] = {}

    def _member(self, name: str, permission: Permission, scopes: tuple[Scope, ...]) -> Door:
        def work(books: Books) -> tuple[User, str]:
            office = Office(books.tx, books.now)
            user = add_user(office, f"{name}@applecorp.example", "Eva Nová", "no hash")
            join(books, user, permission, scopes)
            application, _, _ = register_application(office, user, name, "personal")
            return user, issue_access_token(office, grant_access(office, application, user.id))

        user, token = self.house.past_the_door(work)
        return Door(self.house.service, self.house.door.firm._replace(user=user, token=token))

    def ask(self, when: str, method: str, path: str) -> testing.Result:
        return WHEN[when](self, method, path)

    def ids_of(self, method: str, path: str) -> Ids:
        """Of records that stand there, and are not changed by who is refused."""
        endpoint = f"{method} {path}"
        if endpoint not in self.standing:
            self.standing[endpoint] = _fresh(method, path)(self.house)
        ids: Ids = self.standing[endpoint]
        return ids


def serve(door: Door, method: str, path: str, ids: Ids, body: Values | None = None, **options: Any) -> testing.Result:
    """An answer to the path of the contract, about the records of these ids."""
    where = path.format(slug=door.firm.account.slug, **ids) if "{" in path else path
    sent = {} if body is None and method in {"POST", "PATCH"} else body
    return door.call(method, where, sent, whole=True, **options)


def _as_owner(**options: Any) -> Callable[[Situations, str, str], testing.Result]:
    def ask(at: Situations, method: str, path: str) -> testing.Result:
        return serve(at.house.door, method, path, at.ids_of(method, path), **options)

    return ask


def _done(at: Situations, method: str, path: str) -> testing.Result:
    """By its owner, with records of its own, for what it is there for."""
    ids = _fresh(method, path)(at.house)
    return serve(at.house.door, method, path, ids, _body(at.house, method, path))


def _garbled(at: Situations, method: str, path: str) -> testing.Result:
    where = path.format(slug=at.house.door.firm.account.slug, **at.ids_of(method, path))
    return at.house.door.call(method, where, whole=True, headers={"Content-Type": "application/json"}, body='{"name": ')


def _elsewhere(at: Situations, method: str, path: str) -> testing.Result:
    """Somebody of another account, about a record of this one."""
    return serve(at.house.elsewhere, method, path, at.ids_of(method, path))


def _missing(at: Situations, method: str, path: str) -> testing.Result:
    names = re.findall(r"{(\w+)}", path)
    ids = {name: MISSING for name in names if name != "slug"}
    return serve(at.house.door, method, path, ids, _body(at.house, method, path))


def _at_no_account(at: Situations, method: str, path: str) -> testing.Result:
    return serve(at.house.door, method, path.replace("{slug}", "nobodycorp"), at.ids_of(method, path))


def _not_let_in(at: Situations, method: str, path: str) -> testing.Result:
    """A member of this account asks for another one."""
    return serve(at.house.door, method, path.replace("{slug}", "barecorp"), at.ids_of(method, path))


def _blocked(at: Situations, method: str, path: str) -> testing.Result:
    return serve(at.blocked, method, path, at.ids_of(method, path))


def _reader(at: Situations, method: str, path: str) -> testing.Result:
    return serve(at.reader, method, path, at.ids_of(method, path), _body(at.house, method, path))


def _without(scope: Scope) -> Callable[[Situations, str, str], testing.Result]:
    return lambda at, method, path: serve(at.without[scope], method, path, at.ids_of(method, path))


def _when(**modes: Any) -> Callable[[Situations, str, str], testing.Result]:
    """At the same door, while the server is in another mode."""

    def ask(at: Situations, method: str, path: str) -> testing.Result:
        ids = at.ids_of(method, path)
        service: Service = at.house.service
        other = msgspec.structs.replace(service, modes=Modes(**modes), rate_limit=RateLimit())
        return serve(Door(other, at.house.door.firm), method, path, ids, _body(at.house, method, path))

    return ask


WHEN: Mapping[str, Callable[[Situations, str, str], testing.Result]] = {
    "done": _done,
    "no user agent": _as_owner(headers={"User-Agent": ""}),
    "no token": _as_owner(headers={"Authorization": None}),
    "wrong token": _as_owner(headers={"Authorization": "Bearer nobody's"}),
    "other representation": _as_owner(headers={"Accept": "text/html"}),
    "garbled body": _garbled,
    "record of another account": _elsewhere,
    "no such record": _missing,
    "no such account": _at_no_account,
    "account of others": _not_let_in,
    "blocked account": _blocked,
    "reader": _reader,
    "without invoices": _without("invoices"),
    "without expenses": _without("expenses"),
    "maintenance": _when(read_only=True),
    "busy search": _when(busy_search=True),
    "no requests left": _when(rate_limits={"fakturoid": {"all": 0}}),
    "counted": _when(rate_limits={"fakturoid": {"all": 400}}),
}


def _one(of: str, **values: Any) -> Fresh:
    return lambda house: {"id": house.made(of, **values)["id"]}


def _with_payment(of: str, **values: Any) -> Fresh:
    def make(house: Fakturoid) -> Ids:
        made = house.made(of, **values)
        payment = house.door.call("POST", f"/{of}s/{made['id']}/payments.json", {"amount": 10}).json
        return {"id": made["id"], "payment_id": payment["id"]}

    return make


def _with_file(of: str) -> Fresh:
    def make(house: Fakturoid) -> Ids:
        file = house.made(f"{of}.attachments")
        document, _, name = file["download_url"].removesuffix("/download").rpartition("/attachments/")
        return {"id": int(document.rpartition("/")[2]), "attachment_id": int(name)}

    return make


def _move(house: Fakturoid) -> Ids:
    move = house.made("inventory_move")
    return {"id": move["inventory_item_id"], "move_id": move["id"]}


def _stocked(house: Fakturoid) -> Ids:
    return {"id": house.made("inventory_item", track_quantity=True, quantity=10)["id"]}


def _archived(house: Fakturoid) -> Ids:
    ids = _stocked(house)
    house.door.call("POST", f"/inventory_items/{ids['id']}/archive.json", {})
    return ids


def _paused(house: Fakturoid) -> Ids:
    made = house.made("recurring_generator")
    house.door.call("PATCH", f"/recurring_generators/{made['id']}/pause.json", {})
    return {"id": made["id"]}


def _todo(house: Fakturoid) -> Ids:
    return {"id": house.shown("todo")[0]["id"]}


def _uuid(house: Fakturoid) -> Ids:
    return {"failed_deliveries_uuid": house.shown("webhook")[0]["failed_deliveries_uuid"]}


def _webhook(house: Fakturoid) -> Ids:
    return {"id": house.shown("webhook")[0]["id"]}


WITHOUT_FOLLOW_UP: Values = {"document_type": "proforma", "proforma_followup_document": "none"}

SPECIAL: tuple[tuple[str, Fresh], ...] = (
    (r".*/create_tax_document.json", _with_payment("invoice", **WITHOUT_FOLLOW_UP)),
    (r".*/invoices/.*{payment_id}.*", _with_payment("invoice")),
    (r".*/expenses/.*{payment_id}.*", _with_payment("expense")),
    (r".*/invoices/.*{attachment_id}.*", _with_file("invoice")),
    (r".*/expenses/.*{attachment_id}.*", _with_file("expense")),
    (r".*{move_id}.*", _move),
    (r".*/unarchive.json", _archived),
    (r".*/(archive|inventory_moves).json", _stocked),
    (r".*/activate.json", _paused),
    (r".*/todos/{id}.*", _todo),
    (r".*{failed_deliveries_uuid}.*", _uuid),
    (r"GET .*/webhooks/{id}.json", _webhook),
)


def _fresh(method: str, path: str) -> Fresh:
    """What makes the records that the path names."""
    for pattern, make in SPECIAL:
        if re.fullmatch(pattern, f"{method} {path}"):
            return make
    found = re.search(r"/(\w+)s/{id}", path)
    return _one(found[1]) if found else lambda _: {}


BODIES: tuple[tuple[str, Values], ...] = (
    (r".*/fire.json", {"event": "lock"}),
    (r".*/message.json", {"email": "eva@odberatel.example"}),
)


def _body(house: Fakturoid, method: str, path: str) -> Values | None:
    """What has to be sent."""
    for pattern, body in BODIES:
        if re.fullmatch(pattern, path):
            return body
    many = path.removeprefix("/accounts/{slug}").replace("/inventory_items/{id}/", "/inventory_items/{item}/")
    made = [resource for resource in RESOURCES.values() if method == "POST" and resource.many == many]
    return made[0].body(house) if made else None
