"""Every event of security is a line of the log with the ids of whom it concerns, and without a secret."""

import base64
import logging
import re
from collections.abc import Callable
from html import unescape
from typing import Any, NamedTuple, TypeVar, get_args

import pytest
from werkzeug.test import Client, TestResponse

from faktura.app import application
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.api_keys import add_api_key
from faktura.core.people.applications import Application, grant_access, register_application
from faktura.core.people.tokens import issue_code, issue_refresh_token
from faktura.dialects import key_rights
from faktura.outputs.printing.printer import Printer
from faktura.store.database import Database
from faktura.wire.security import Event
from faktura.wire.service import Service
from tests import needs
from tests.firm import PASSWORD, Firm, open_firm

pytestmark = needs.FAKTUROID

T = TypeVar("T")

DOOR = "/fakturoid/api/v3"
ADDRESS = "192.0.2.7"
REDIRECT_URI = "https://shop.example/cb"


class House(NamedTuple):
    """The whole program, a browser and an integration called Shop."""

    client: Client
    service: Service
    firm: Firm
    shop: Application
    secret: str

    def do(self, work: Callable[[Office], T]) -> T:
        return self.service.database.write(lambda tx: work(Office(tx, self.service.clock.now())))

    def open(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"User-Agent": "tests", **options.pop("headers", {})}
        remote = {"REMOTE_ADDR": ADDRESS}
        return self.client.open(path, method=method, headers=headers, environ_overrides=remote, **options)

    def send(self, page: str, path: str, **fields: str) -> TestResponse:
        """The form of a page, filled in."""
        hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.open("GET", page).text)
        return self.open("POST", path, data={name: unescape(value) for name, value in hidden} | fields)

    def sign_in(self, password: str = PASSWORD) -> TestResponse:
        return self.send("/sign-in", "/sign-in", email=self.firm.user.email, password=password)

    def show_secret(self, path: str, **body: str) -> TestResponse:
        basic = base64.b64encode(f"{self.shop.client_id}:{self.secret}".encode()).decode()
        return self.open("POST", f"{DOOR}/oauth/{path}", json=body, headers={"Authorization": f"Basic {basic}"})

    def read(self, token: str) -> TestResponse:
        path = f"{DOOR}/accounts/applecorp/subjects.json"
        return self.open("GET", path, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def house(database: Database, printer: Printer) -> House:
    clock = Clock()
    firm = open_firm(database, clock, language="en")
    service = Service(database, clock, "http://localhost", printer=printer, key_rights=key_rights())

    def work(tx: Any) -> tuple[Application, str, str]:
        return register_application(Office(tx, clock.now()), firm.user, "Shop", "integration", (REDIRECT_URI,))

    shop, _, secret = database.write(work)
    return House(Client(application(service)), service, firm, shop, secret)


def sign_in(house: House) -> None:
    assert house.sign_in().status_code == 303


def fail_to_sign_in(house: House) -> None:
    assert house.sign_in("wrong").status_code == 422


def guess_until_braked(house: House) -> None:
    assert [house.sign_in("wrong").status_code for _ in range(6)] == [422] * 5 + [429]


def sign_out(house: House) -> None:
    house.sign_in()
    assert house.send("/me", "/sign-out").status_code == 303


def change_password(house: House) -> None:
    house.sign_in()
    new = "nine Tall ships at anchor"
    assert house.send("/me/security", "/me/security", old=PASSWORD, new=new).status_code == 303


def end_other_sessions(house: House) -> None:
    house.sign_in()
    assert house.send("/me/sessions", "/me/sessions/end").status_code == 303


def end_a_session(house: House) -> None:
    house.sign_in()
    assert house.send("/me/sessions", "/me/sessions/1/end").status_code == 303


def decide(house: House, decision: str) -> None:
    house.sign_in()
    asks = f"/consent?client_id={house.shop.client_id}&redirect_uri={REDIRECT_URI}"
    assert house.send(asks, asks, decision=decision).status_code == 303


def consent(house: House) -> None:
    decide(house, "allow")


def deny(house: House) -> None:
    decide(house, "deny")


def end_consent(house: House) -> None:
    consent(house)
    assert house.send("/me/applications", f"/me/applications/consents/{house.shop.id}/end").status_code == 303


def end_consent_by_the_application(house: House) -> None:
    token = house.do(lambda office: issue_refresh_token(office, grant_access(office, house.shop, house.firm.user.id)))
    assert house.show_secret("revoke", token=token).status_code == 200


def end_application(house: House) -> None:
    house.sign_in()
    assert house.send("/me/applications/1/end", "/me/applications/1/end").status_code == 303


def add_application(house: House) -> None:
    house.sign_in()
    assert house.send("/me/applications/new", "/me/applications/new", name="e-shop").status_code == 200


def renew_secret(house: House) -> None:
    house.sign_in()
    assert house.send("/me/applications/1/secret", "/me/applications/1/secret").status_code == 200


def add_key(house: House) -> None:
    house.sign_in()
    fields = {"name": "sklep", "account": house.firm.account.slug, "rights": "write"}
    assert house.send("/me/keys/new", "/me/keys/new", **fields).status_code == 200


def shut_an_application_out(house: House) -> None:
    house.sign_in()
    path = "/applecorp/settings/integrations/1/1/shut-out"
    assert house.send(path, path).status_code == 303


def end_a_key_of_the_account(house: House) -> None:
    house.do(lambda office: add_api_key(office, house.firm.account, house.firm.user, "sklep", ()))
    house.sign_in()
    path = "/applecorp/settings/integrations/keys/1/end"
    assert house.send(path, path).status_code == 303


def end_key(house: House) -> None:
    house.do(lambda office: add_api_key(office, house.firm.account, house.firm.user, "sklep", ()))
    house.sign_in()
    assert house.send("/me/keys/1/end", "/me/keys/1/end").status_code == 303


def use_a_token_three_times(house: House) -> None:
    assert [house.read(house.firm.token).status_code for _ in range(3)] == [200] * 3


def bring_a_hundred_wrong_tokens(house: House) -> None:
    assert {house.read(f"wrong {n}").status_code for n in range(100)} == {401}


def bring_a_code_twice(house: House) -> None:
    code = house.do(
        lambda office: issue_code(office, grant_access(office, house.shop, house.firm.user.id), REDIRECT_URI)
    )
    body = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
    assert [house.show_secret("token", **body).status_code for _ in range(2)] == [200, 400]


STORIES: list[tuple[Callable[[House], None], Event, dict[str, int]]] = [
    (sign_in, "signed_in", {"user": 1}),
    (fail_to_sign_in, "sign_in_failed", {"user": 1}),
    (guess_until_braked, "sign_in_braked", {"user": 1}),
    (sign_out, "signed_out", {"user": 1}),
    (change_password, "password_changed", {"user": 1}),
    (end_other_sessions, "sessions_ended", {"user": 1, "count": 0}),
    (end_a_session, "sessions_ended", {"user": 1, "count": 1}),
    (consent, "consent_given", {"user": 1, "application": 2}),
    (deny, "consent_denied", {"user": 1, "application": 2}),
    (end_consent, "consent_ended", {"user": 1, "application": 2}),
    (end_consent_by_the_application, "consent_ended", {"user": 1, "application": 2}),
    (add_application, "application_added", {"user": 1, "application": 3}),
    (renew_secret, "application_secret_renewed", {"user": 1, "application": 1}),
    (add_key, "api_key_added", {"user": 1, "key": 1}),
    (end_application, "application_ended", {"user": 1, "application": 1}),
    (end_key, "api_key_ended", {"user": 1, "key": 1}),
    (end_a_key_of_the_account, "api_key_ended", {"user": 1, "key": 1}),
    (shut_an_application_out, "application_shut_out", {"user": 1, "application": 1}),
    (use_a_token_three_times, "credentials_used", {"user": 1, "account": 1}),
    (bring_a_hundred_wrong_tokens, "credentials_refused", {"times": 100}),
    (bring_a_code_twice, "grant_refused", {}),
]


@pytest.mark.parametrize(("story", "event", "ids"), STORIES, ids=lambda part: getattr(part, "__name__", None))
def test_what_happened_is_a_line_with_the_address_and_ids(
    house: House,
    caplog: pytest.LogCaptureFixture,
    story: Callable[[House], None],
    event: Event,
    ids: dict[str, int],
) -> None:
    caplog.set_level(logging.INFO, "faktura.security")
    story(house)

    found = [record for record in caplog.records if (record.name, record.message) == ("faktura.security", event)]
    last = vars(found[-1])
    assert last["address"] == ADDRESS
    assert {name: last[name] for name in KNOWN & last.keys()} == ids
    for secret in (PASSWORD, "wrong", house.firm.token, house.secret, house.firm.user.email):
        assert secret not in str(vars(found[-1]))


def test_no_event_is_without_a_story() -> None:
    assert {event for _, event, _ in STORIES} == set(get_args(Event))


def test_a_failed_sign_in_of_nobody_names_nobody(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "faktura.security")
    typed = "a password in the wrong field"
    assert house.send("/sign-in", "/sign-in", email=typed, password="x").status_code == 422

    [failed] = [record for record in caplog.records if record.message == "sign_in_failed"]
    assert not KNOWN & vars(failed).keys()
    assert typed not in caplog.text


def test_credentials_are_noted_once_a_day_and_refusals_by_bursts(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "faktura.security")
    use_a_token_three_times(house)
    bring_a_hundred_wrong_tokens(house)

    names = [record.message for record in caplog.records if record.name == "faktura.security"]
    assert names == ["credentials_used", "credentials_refused", "credentials_refused"]


KNOWN = {"user", "account", "application", "key", "count", "times"}
