"""The pages of webhooks: an owner adds, changes and deletes them, sees what they were told, and has it told again."""

import re
from typing import Any

import msgspec
import pytest

from faktura.core.books.books import Books
from faktura.core.books.listeners import TELLERS, Seen, Terms
from faktura.core.deliveries import Attempt, Delivery, Notice, note_delivery
from faktura.core.errors import Given
from faktura.core.people.accounts import Account
from faktura.core.people.applications import Application
from faktura.core.people.users import Membership, add_user
from faktura.core.subscriptions import Subscription, authorization_of, confirm, give_up, subscribe
from faktura.store.records import changed
from faktura.web.tests.conftest import SECRET_KEY, Browser, in_books, in_office, issue
from faktura.web.tests.test_translations import catalogue
from faktura.wire.service import Service
from tests import needs
from tests.doors import DOOR
from tests.firm import Firm

pytestmark = needs.ONE_ENGINE

WEBHOOKS = "/applecorp/settings/webhooks"
URL = "https://shop.example/hooks"


@pytest.fixture(autouse=True)
def door(monkeypatch: pytest.MonkeyPatch) -> None:
    """The only one that tells of events."""
    for name in list(TELLERS):
        monkeypatch.delitem(TELLERS, name)
    monkeypatch.setitem(TELLERS, "door", DOOR)


def send(owner: Browser, path: str, events: tuple[str, ...] = ("invoice_created",), **fields: str) -> Any:
    """As a browser does: a box that is not ticked is not sent."""
    return owner.client.post(
        path,
        base_url=owner.base_url,
        environ_overrides={"REMOTE_ADDR": owner.address},
        data={**owner.hidden, "active": "yes", "url": URL, "events": list(events), **fields},
    )


def added(owner: Browser, service: Service, firm: Firm, **fields: Any) -> Subscription:
    owner.get(f"{WEBHOOKS}/new")
    answer = send(owner, f"{WEBHOOKS}/new", **fields)
    assert answer.status_code == 303, answer.text
    return in_books(service, firm, lambda books: books.all(Subscription))[-1]


def of_a_program(service: Service, firm: Firm) -> Subscription:
    program = in_office(service, lambda office: office.find(Application, client_id=firm.client_id))
    values = {"application_id": program.id, "grant_id": 1, "user_id": firm.user.id, "api_root": "", "web_root": ""}
    given = Given({"url": URL, "events": ("invoice_created",), "authorization": "Bearer its own"})
    return in_books(service, firm, lambda books: subscribe(books, given, SECRET_KEY, door="door", **values))


def told(service: Service, firm: Firm, webhook: Subscription, *states: Any) -> list[Delivery]:
    """A delivery in each of these states, the oldest first."""
    invoice = issue(service, firm)
    record = msgspec.to_builtins(invoice, str_keys=True)

    def note(books: Books) -> list[Delivery]:
        for number, state in enumerate(states):
            notice = Notice(
                webhook.id,
                "invoice_created",
                "invoices",
                f"k{number}",
                Seen("invoice_issued", books.now, "invoices", record),
            )
            status = "204" if state == "delivered" else "timeout"
            note_delivery(books, notice, state, Attempt(0, "r", status, books.now, books.now, answer="<b>out</b>"))
        return sorted(books.all(Delivery), key=lambda delivery: delivery.id)

    return in_books(service, firm, note)


def become(service: Service, firm: Firm, **values: Any) -> None:
    def change(books: Books) -> None:
        [seat] = books.all(Membership)
        books.change(seat, changed(seat, **values))

    in_books(service, firm, change)


def now_of(service: Service, firm: Firm, webhook: Subscription) -> Subscription:
    return in_books(service, firm, lambda books: books.find(Subscription, webhook.id))


def test_an_owner_adds_a_webhook_of_chosen_events(owner: Browser, service: Service, firm: Firm) -> None:
    page = owner.get(f"{WEBHOOKS}/new").text
    assert "<code>invoice_created</code>" in page
    assert "Issued" in page
    webhook = added(owner, service, firm, events=("invoice_created", "subject_removed"), authorization="Bearer s3cret")

    assert (webhook.url, webhook.events, webhook.active) == (URL, ("invoice_created", "subject_removed"), True)
    assert webhook.authorization is not None
    assert authorization_of(webhook, SECRET_KEY) == "Bearer s3cret"
    account = in_office(service, lambda office: office.find(Account, id=firm.account.id))
    assert [listener.id for listener in account.listeners] == [webhook.id]
    page = owner.get(WEBHOOKS).text
    assert URL in page
    assert "2 events" in page


def test_the_secret_is_shown_to_nobody_any_more(owner: Browser, service: Service, firm: Firm) -> None:
    webhook = added(owner, service, firm, authorization="Bearer s3cret")

    for page in (WEBHOOKS, f"{WEBHOOKS}/{webhook.id}", "/applecorp/history"):
        assert "s3cret" not in owner.get(page).text


def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(owner: Browser) -> None:
    owner.get(f"{WEBHOOKS}/new")
    answer = send(owner, f"{WEBHOOKS}/new", events=(), url="shop.example")

    assert answer.status_code == 422
    assert 'value="shop.example"' in answer.text
    assert "This is not written as it should be." in answer.text
    assert "Add at least one." in answer.text
    assert '<div id="events" role="group" aria-label="Events" aria-describedby="events-wrong"' in answer.text
    answer = send(owner, f"{WEBHOOKS}/new", events=("invoice_lost", "subject_created"))
    assert answer.status_code == 422
    assert re.search(r'value="subject_created" checked', answer.text)
    assert "Nobody is told of anything yet." in owner.get(WEBHOOKS).text


def test_a_form_that_is_sent_twice_adds_one_webhook(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(f"{WEBHOOKS}/new")
    for _ in range(2):
        assert send(owner, f"{WEBHOOKS}/new").status_code == 303

    assert len(in_books(service, firm, lambda books: books.all(Subscription))) == 1


def test_a_webhook_is_changed_and_what_is_not_typed_of_its_secret_stays(
    owner: Browser, service: Service, firm: Firm
) -> None:
    webhook = added(owner, service, firm, authorization="Bearer s3cret")
    one = f"{WEBHOOKS}/{webhook.id}"
    owner.get(one)
    assert send(owner, one, events=("subject_created",), authorization="", active="").status_code == 303

    kept = now_of(service, firm, webhook)
    assert (kept.events, kept.active, kept.authorization) == (("subject_created",), False, webhook.authorization)
    owner.get(one)
    assert send(owner, one, authorization="", without="yes").status_code == 303
    assert now_of(service, firm, webhook).authorization is None


def test_a_secret_goes_to_no_other_address_than_it_was_given_for(owner: Browser, service: Service, firm: Firm) -> None:
    webhook = added(owner, service, firm, authorization="Bearer s3cret")
    one = f"{WEBHOOKS}/{webhook.id}"
    owner.get(one)
    answer = send(owner, one, url="https://elsewhere.example/", authorization="")

    assert answer.status_code == 422
    assert "Fill this in." in answer.text
    assert now_of(service, firm, webhook).url == URL
    assert send(owner, one, url="https://elsewhere.example/", authorization="Bearer other").status_code == 303
    assert now_of(service, firm, webhook).url == "https://elsewhere.example/"


def test_the_webhook_of_a_program_is_only_switched_and_deleted(owner: Browser, service: Service, firm: Firm) -> None:
    webhook = of_a_program(service, firm)
    one = f"{WEBHOOKS}/{webhook.id}"
    page = owner.get(one).text
    assert 'name="url"' not in page
    assert "tests made it" in page
    assert send(owner, one, url="https://elsewhere.example/", authorization="Bearer x", active="").status_code == 303

    kept = now_of(service, firm, webhook)
    assert (kept.url, kept.authorization, kept.active) == (URL, webhook.authorization, False)
    owner.get(f"{one}/delete")
    assert owner.post(f"{one}/delete").status_code == 303
    assert "Nobody is told of anything yet." in owner.get(WEBHOOKS).text


def test_one_whose_owner_is_gone_says_so(owner: Browser, service: Service, firm: Firm) -> None:
    webhook = added(owner, service, firm)
    in_books(
        service,
        firm,
        lambda books: books.change(w := books.find(Subscription, webhook.id), changed(w, user_id=stranger(service))),
    )

    assert "shut out" in owner.get(WEBHOOKS).text
    assert "It is told nothing" in owner.get(f"{WEBHOOKS}/{webhook.id}").text
    send(owner, f"{WEBHOOKS}/{webhook.id}")
    assert "shut out" not in owner.get(WEBHOOKS).text


def stranger(service: Service) -> int:
    return in_office(service, lambda office: add_user(office, "eva@x.example", "Eva", "hash", "cs")).id


def test_the_log_shows_what_was_told_and_what_came_of_it(owner: Browser, service: Service, firm: Firm) -> None:
    webhook = added(owner, service, firm)
    delivered, failed, waiting = told(service, firm, webhook, "delivered", "failed", "waiting")
    log = f"{WEBHOOKS}/{webhook.id}/deliveries"

    everything = owner.get(log).text
    for one in (delivered, failed, waiting):
        assert f"{log}/{one.id}" in everything
    assert "204" in everything
    assert "did not answer within 30 seconds" in everything
    only_failed = owner.get(f"{log}?state=failed").text
    assert f"{log}/{failed.id}" in only_failed
    assert f"{log}/{delivered.id}" not in only_failed
    page = owner.get(f"{log}/{failed.id}").text
    assert "&#34;event_name&#34;: &#34;invoice_issued&#34;" in page
    assert "&lt;b&gt;out&lt;/b&gt;" in page
    assert f"{WEBHOOKS}/{webhook.id}/deliveries" in owner.get(WEBHOOKS).text
    assert "1 failed" in owner.get(WEBHOOKS).text


def test_the_log_is_shown_by_pages_of_fifty(owner: Browser, service: Service, firm: Firm) -> None:
    webhook = added(owner, service, firm)
    made = told(service, firm, webhook, *["failed"] * 60)
    log = f"{WEBHOOKS}/{webhook.id}/deliveries"

    page = owner.get(f"{log}?state=failed")
    ids = [int(one) for one in re.findall(rf'href="{log}/(\d+)"', page.text)]
    assert ids == [one.id for one in reversed(made)][:50]
    assert len(page.data) <= 40_000
    after = re.search(r'rel="next" href="([^"]*)"', page.text)
    assert after is not None
    rest = owner.get(after[1].replace("&amp;", "&")).text
    assert [int(one) for one in re.findall(rf'href="{log}/(\d+)"', rest)] == [one.id for one in made[:10]][::-1]


def test_one_that_failed_is_delivered_again(owner: Browser, service: Service, firm: Firm) -> None:
    webhook = added(owner, service, firm)
    [failed] = told(service, firm, webhook, "failed")
    one = f"{WEBHOOKS}/{webhook.id}/deliveries/{failed.id}"
    owner.get(one)
    assert owner.post(one).status_code == 303

    page = owner.get(one).text
    assert "It is being delivered again." in page
    assert "Deliver again" not in page
    again = owner.post(one)
    assert (again.status_code, "This is being delivered already." in again.text) == (409, True)


def test_all_that_failed_is_delivered_again_unless_it_is_switched_off(
    owner: Browser, service: Service, firm: Firm
) -> None:
    webhook = added(owner, service, firm)
    told(service, firm, webhook, "failed", "failed")
    log = f"{WEBHOOKS}/{webhook.id}/deliveries"
    owner.get(f"{WEBHOOKS}/{webhook.id}")
    send(owner, f"{WEBHOOKS}/{webhook.id}", active="")
    owner.get(log)
    refused = owner.post(log)
    assert refused.status_code == 409
    assert "The webhook is switched off." in refused.text
    owner.get(f"{WEBHOOKS}/{webhook.id}")
    send(owner, f"{WEBHOOKS}/{webhook.id}")
    owner.get(log)
    assert owner.post(log).status_code == 303

    assert "Deliver all" not in owner.get(log).text
    assert "Nothing failed." in owner.get(f"{log}?state=failed").text


def test_what_a_person_may_not_see_is_not_in_the_log_either(owner: Browser, service: Service, firm: Firm) -> None:
    webhook = added(owner, service, firm)
    [failed] = told(service, firm, webhook, "failed")
    become(service, firm, scopes=("expenses",))
    log = f"{WEBHOOKS}/{webhook.id}/deliveries"

    assert f"{log}/{failed.id}" not in owner.get(log).text
    assert owner.get(f"{log}/{failed.id}").status_code == 404


def test_only_owners_see_webhooks(owner: Browser, service: Service, firm: Firm) -> None:
    webhook = added(owner, service, firm)
    [failed] = told(service, firm, webhook, "failed")
    one = f"{WEBHOOKS}/{webhook.id}"
    become(service, firm, permission="write")

    for path in (
        WEBHOOKS,
        f"{WEBHOOKS}/new",
        one,
        f"{one}/delete",
        f"{one}/deliveries",
        f"{one}/deliveries/{failed.id}",
    ):
        assert owner.get(path).status_code == 403, path
    for path in (f"{WEBHOOKS}/new", one, f"{one}/delete", f"{one}/deliveries", f"{one}/deliveries/{failed.id}"):
        assert owner.post(path).status_code == 403, path
    assert "Webhooks" not in owner.get("/applecorp/settings").text


def test_a_delivery_of_another_webhook_is_not_found(owner: Browser, service: Service, firm: Firm) -> None:
    webhook, other = added(owner, service, firm), added(owner, service, firm)
    [failed] = told(service, firm, webhook, "failed")

    assert owner.get(f"{WEBHOOKS}/{other.id}/deliveries/{failed.id}").status_code == 404
    for path in (f"{WEBHOOKS}/999", f"{WEBHOOKS}/999/deliveries", f"{WEBHOOKS}/999/delete"):
        assert owner.get(path).status_code == 404


def test_nobody_is_told_where_no_door_tells(owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(TELLERS, "door")

    assert "New webhook" not in owner.get(WEBHOOKS).text
    assert owner.get(f"{WEBHOOKS}/new").status_code == 404


@pytest.mark.usefixtures("firm")
def test_names_of_what_cannot_happen_are_not_offered(owner: Browser) -> None:
    page = owner.get(f"{WEBHOOKS}/new").text

    assert "invoice_restored" not in page


def test_an_owner_chooses_the_door_whose_words_it_hears(
    owner: Browser, service: Service, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TELLERS, "other", DOOR._replace(title="Another door", signs=True))
    page = owner.get(WEBHOOKS).text
    assert f'href="{WEBHOOKS}/new"' in page
    assert f'href="{WEBHOOKS}/new?door=other"' in page
    assert "HMAC" not in owner.get(f"{WEBHOOKS}/new").text

    form = owner.get(f"{WEBHOOKS}/new?door=other")
    assert "HMAC" in form.text
    assert f'action="{WEBHOOKS}/new?door=other"' in form.text
    assert send(owner, f"{WEBHOOKS}/new?door=other").status_code == 303

    [webhook] = in_books(service, firm, lambda books: books.all(Subscription))
    assert webhook.door == "other"
    assert "HMAC" in owner.get(f"{WEBHOOKS}/{webhook.id}").text


STRICT = Terms("Vendor", lambda code: code, frozenset({"200"}), mail_after=6, off_after=10)


def test_where_a_door_has_terms_its_state_is_shown_and_whoever_is_off_is_switched_on_again(
    owner: Browser, service: Service, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TELLERS, "door", DOOR._replace(terms=STRICT))
    webhook = added(owner, service, firm)
    one = f"{WEBHOOKS}/{webhook.id}"

    def shown() -> str:
        badges = [re.findall(r'class="badge[^"]*">([^<]*)<', owner.get(page).text) for page in (WEBHOOKS, one)]
        assert badges[0] == badges[1]
        return str(badges[0][0])

    assert shown() == "To be verified"
    in_books(service, firm, lambda books: confirm(books, webhook))
    assert shown() == "Active"
    send(owner, one, active="")
    assert shown() == "Switched off"
    send(owner, one)
    in_books(service, firm, lambda books: give_up(books, books.find(Subscription, webhook.id)))
    assert shown() == "Switched off by Vendor"
    assert "It did not take a message ten times." in owner.get(one).text
    send(owner, one)
    assert shown() == "Active"


def test_polish_pages_have_the_words_of_the_contract() -> None:
    found = {message.id: message.string for message in catalogue("pl")}

    names = "To be verified", "Active", "Switched off", "Switched off by %(name)s"
    assert [found[name] for name in names] == ["Do weryfikacji", "Aktywny", "Wyłączony", "Wyłączony przez %(name)s"]


def test_an_owner_leaves_confidential_data_out_where_the_door_lets_one(
    owner: Browser, service: Service, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Leave out confidential data" not in owner.get(f"{WEBHOOKS}/new").text
    monkeypatch.setitem(TELLERS, "door", DOOR._replace(may_be_discreet=True))
    assert "Leave out confidential data" in owner.get(f"{WEBHOOKS}/new").text

    webhook = added(owner, service, firm, discreet="yes")
    assert webhook.discreet
    account = in_office(service, lambda office: office.find(Account, id=firm.account.id))
    assert [listener.discreet for listener in account.listeners] == [True]
    owner.get(f"{WEBHOOKS}/{webhook.id}")
    send(owner, f"{WEBHOOKS}/{webhook.id}")
    assert not now_of(service, firm, webhook).discreet


def test_a_door_that_tells_nothing_cannot_be_chosen(owner: Browser) -> None:
    assert owner.get(f"{WEBHOOKS}/new?door=nobody").status_code == 404
