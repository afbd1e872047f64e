"""The control address of the sandbox: its state shown, changed by a merge patch, and brought back."""

import copy
import datetime as dt
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import falcon
import msgspec
import sqlalchemy as sa
from msgspec import Meta

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.people.accounts import Account
from faktura.dialects import WsgiApplication
from faktura.jobs.restate_account import bring_up_to_today
from faktura.outputs.mail.box import MailBox
from faktura.sandbox.mails import Mail, Mails
from faktura.sandbox.receiver import PATH, Failing, Receiver, Webhooks
from faktura.sandbox.reset import bring_back, read_example
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of
from faktura.wire.bodies import TooLarge, read_body
from faktura.wire.rendered import Rendered
from faktura.wire.requests import Unintelligible, parse_json
from faktura.wire.safety import headers_of_data
from faktura.wire.service import Modes, Service
from faktura.wire.switches import why_not_from_here

MOST_BYTES = 64 * 1024
MOST = 2**31 - 1

PATCH_TYPES = ("application/json", "application/merge-patch+json")

FIRST_YEAR = 1970
LAST_YEAR = 2999


class AccountState(msgspec.Struct, forbid_unknown_fields=True):
    blocked: bool
    contact_limit: Annotated[int, Meta(ge=0, le=MOST)] | None = None


class State(msgspec.Struct, forbid_unknown_fields=True):
    """A limit that is not there is off; a clock that is not there goes; `fail_next_mail` is what SMTP answers once."""

    read_only: bool
    busy_search: bool
    accounts: dict[str, AccountState]
    rate_limits: dict[str, dict[str, Annotated[int, Meta(ge=0, le=MOST)]]] = {}
    clock: str | None = None
    fail_next_mail: Annotated[str, Meta(pattern=r"\A[45]\d\d [\x20-\x7e]{1,200}\Z")] | None = None
    webhooks: Failing = msgspec.field(default_factory=Failing)


class Wrong(ValueError):  # noqa: N818 (says what a patch is)
    """A key or a value of the patch; the text says which."""


class Control:
    """Shows and changes the state of a running sandbox; `example` is the database that a reset goes back to.

    The `box` has the letters that it sends, the `receiver` what its webhooks told.
    """

    def __init__(self, service: Service, example: Path, box: MailBox) -> None:
        self._service = service
        self._example = example
        self.box = box
        self.receiver = Receiver(service.clock)
        self.usual_limits = copy.deepcopy(service.modes.rate_limits)
        self._changing = threading.Lock()

    def state(self) -> dict[str, Any]:
        service, modes = self._service, self._service.modes
        standing = service.clock.standing
        known = service.database.read(accounts)
        return {
            "clock": standing and standing.isoformat().replace("+00:00", "Z"),
            "read_only": modes.read_only,
            "busy_search": modes.busy_search,
            "fail_next_mail": self.box.refusal,
            "webhooks": msgspec.to_builtins(self.receiver.failing),
            "rate_limits": modes.rate_limits,
            "accounts": {a.slug: {"blocked": a.blocked, "contact_limit": a.contact_limit} for a in known},
        }

    def change(self, patch: Mapping[str, Any]) -> None:
        """Merge the patch into the state.

        Raises:
            Wrong: the state would not be one; nothing was changed.

        """
        with self._changing:
            old = self.state()
            check_keys(patch, old | {"rate_limits": self.usual_limits})
            new = read_state(merged(old, patch))
            if new.accounts.keys() != old["accounts"].keys():
                raise Wrong("An account cannot be removed")
            clock = read_instant(new.clock)
            self._service.database.write(lambda tx: self._change_accounts(tx, new.accounts))
            self._service.clock.stand_at(clock)
            self._restate_documents()
            if new.rate_limits != old["rate_limits"]:
                self._service.rate_limit.forget()
            self._service.modes = Modes(new.read_only, new.busy_search, new.rate_limits)
            self.box.refusal = new.fail_next_mail
            self.receiver.failing = new.webhooks

    def reset(self) -> None:
        """Bring the example data and the default state back; credentials and tokens stay."""
        with self._changing:
            example = read_example(self._example)
            service = self._service
            service.clock.stand_at(None)
            service.modes = Modes(rate_limits=copy.deepcopy(self.usual_limits))
            service.rate_limit.forget()
            service.database.write(lambda tx: bring_back(tx, example))
            # Versions begin anew, so what is kept by version may be another state of the record.
            service.accounts.clear()
            service.rendered = Rendered()
            service.requests.forget()
            service.printer.forget()
            self.box.empty()
            self.receiver.forget()
            self._restate_documents()

    def _restate_documents(self) -> None:
        """A clock that was moved has passed due dates, or gone back behind them."""
        database, now = self._service.database, self._service.clock.now()

        def restate(account: Account) -> bool:
            return database.write(lambda tx: bring_up_to_today(Books(tx, account, None, now)))

        for account in database.read(accounts):
            while restate(account):
                pass

    def _change_accounts(self, tx: Transaction, wanted: Mapping[str, AccountState]) -> None:
        office = Office(tx, self._service.clock.now())
        for account in accounts(tx):
            state = wanted[account.slug]
            unpaid = (f"{self._service.public_url}/billing/{account.slug}/2026-0001",) if state.blocked else ()
            office.change(account, blocked=state.blocked, unpaid_invoices=unpaid, contact_limit=state.contact_limit)


def control_application(control: Control) -> WsgiApplication:
    """The control address as an application, mounted at /sandbox."""
    app = falcon.App()
    app.add_middleware([_OnlyFromHere(), _Safe()])
    app.add_route("/", _StateResource(control))
    app.add_route("/reset", _ResetResource(control))
    app.add_route("/mails", Mails(control.box))
    app.add_route("/mails/{mail_id:int}", Mail(control.box))
    app.add_route("/mails/{mail_id:int}/attachments/{place:int}", Mail(control.box), suffix="file")
    app.add_route(PATH, Webhooks(control.receiver))
    app.add_error_handler(Wrong, _refuse)
    app.add_error_handler(Unintelligible, _refuse)
    app.add_error_handler(TooLarge, _refuse)
    app.set_error_serializer(_describe)
    return app


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396: a null removes, an object goes into an object, everything else replaces."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def check_keys(patch: Mapping[str, Any], known: Mapping[str, Any], place: str = "") -> None:
    """Do nothing where the patch has known keys only, even those that it removes.

    Raises:
        Wrong: it has another.

    """
    for name, value in patch.items():
        if name not in known:
            raise Wrong(f"There is no {place}{name}; there are {', '.join(known)}")
        if isinstance(value, dict) and isinstance(known[name], dict):
            check_keys(value, known[name], f"{place}{name}.")


def read_state(value: Any) -> State:
    """The state that the value describes.

    Raises:
        Wrong: something is not of its kind.

    """
    try:
        return msgspec.convert(value, State)
    except msgspec.ValidationError as error:
        raise Wrong(str(error)) from None


def read_instant(text: str | None) -> dt.datetime | None:
    """The instant of an ISO 8601 text with an offset.

    Raises:
        Wrong: it is no such text, or out of the years that can be counted in.

    """
    if text is None:
        return None
    try:
        instant = dt.datetime.fromisoformat(text)
        if instant.tzinfo is not None and FIRST_YEAR <= instant.astimezone(dt.UTC).year <= LAST_YEAR:
            return instant
    except (ValueError, OverflowError):
        pass
    message = f"clock must be an ISO 8601 instant with an offset, such as 2026-11-21T12:00:00Z, not {text!r}"
    raise Wrong(message)


class _OnlyFromHere:
    """The control address opens every door of the sandbox, so it is neither for the network nor for other sites."""

    def process_request(self, req: falcon.Request, _resp: falcon.Response) -> None:
        if why := why_not_from_here(req.env):
            raise falcon.HTTPForbidden(description=f"The control address {why}")


class _Safe:
    """What every answer says for the safety of its receiver."""

    def process_response(self, request: falcon.Request, response: falcon.Response, *_: object) -> None:
        response.set_headers(headers_of_data(request.env))


class _StateResource:
    def __init__(self, control: Control) -> None:
        self._control = control

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = self._control.state()

    def on_patch(self, req: falcon.Request, resp: falcon.Response) -> None:
        if (req.content_type or "").partition(";")[0].strip().lower() not in PATCH_TYPES:
            raise falcon.HTTPUnsupportedMediaType(description=f"Content-Type must be {' or '.join(PATCH_TYPES)}")
        patch = parse_json(read_body(req, MOST_BYTES))
        if not isinstance(patch, dict):
            message = "The patch must be a JSON object"
            raise Wrong(message)
        self._control.change(patch)
        resp.media = self._control.state()


class _ResetResource:
    def __init__(self, control: Control) -> None:
        self._control = control

    def on_post(self, _req: falcon.Request, resp: falcon.Response) -> None:
        self._control.reset()
        resp.media = self._control.state()


def _refuse(_req: falcon.Request, _resp: falcon.Response, error: Exception, _params: Any) -> None:
    raise falcon.HTTPBadRequest(description=str(error) or f"The patch is longer than {MOST_BYTES} bytes")


def _describe(_req: falcon.Request, resp: falcon.Response, error: falcon.HTTPError) -> None:
    code = _CODES.get(error.status_code, "invalid_request")
    resp.media = {"error": code, "error_description": error.description or error.title}


_CODES = {
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    415: "unsupported_media_type",
    500: "internal_error",
}


def accounts(tx: Transaction) -> list[Account]:
    return tx.records(Account, _ACCOUNTS)


_ACCOUNTS = Query(sa.select(*columns_of(Account)).order_by(Account.table.c.id))
