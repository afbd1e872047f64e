"""Programs that hear of what happens, without HTTP: whose they are, what was delivered, and delivering it again."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from faktura.core import deliveries
from faktura.core.books.books import Books
from faktura.core.books.listeners import Seen
from faktura.core.books.trial import Trial
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.deliveries import (
    Attempt,
    Delivery,
    Notice,
    deliver_again,
    deliver_failed_again,
    deliveries_of,
    failed_deliveries,
    is_in_trouble,
    message_of,
    note_delivery,
)
from faktura.core.errors import Given, Invalid, WrongState
from faktura.core.people.accounts import Account
from faktura.core.people.users import Membership
from faktura.core.subscriptions import (
    Subscription,
    all_subscriptions,
    change_subscription,
    may_hear,
    subscribe_itself,
    unsubscribe,
)
from faktura.jobs import Reach, handlers
from faktura.outside.http import Client
from faktura.store.database import Database
from faktura.store.records import changed
from faktura.worker import Worker
from tests.firm import Firm, open_firm
from tests.http_double import Host, Reply, host

Work = Callable[[Callable[[Books], Any]], Any]

pytestmark = pytest.mark.usefixtures("door")


@pytest.fixture
def clock() -> Clock:
    standing = Clock()
    standing.stand_at(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC))
    return standing


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    return open_firm(database, clock)


@pytest.fixture
def work(database: Database, clock: Clock, firm: Firm) -> Work:
    """In the firm's books as they are now, in the hands of its owner."""

    def in_books(verb: Callable[[Books], Any]) -> Any:
        def within(tx: Any) -> Any:
            account = tx.get(Account, id=firm.account.id)
            return verb(Books(tx, account, firm.user.id, clock.now()))

        return database.write(within, firm.account.id)

    return in_books


@pytest.fixture
def answers() -> list[Reply]:
    return []


@pytest.fixture
def shop(answers: list[Reply]) -> Iterator[Host]:
    """Takes everything, once nothing is left to answer."""
    with host(lambda _path: answers.pop(0) if answers else Reply(204)) as listening:
        yield listening


@pytest.fixture
def do_jobs(database: Database, clock: Clock) -> Callable[[], None]:
    worker = Worker(database, clock, handlers(), Reach(client=Client(loopback=True)))

    def all_due() -> None:
        while worker.do_next():
            pass

    return all_due


def own(books: Books, url: str = "https://shop.example/hooks", **values: Any) -> Subscription:
    given = Given({"url": url, "events": ("subject_created",)} | values)
    return subscribe_itself(books, given, "key", "door", "https://faktura.example")


def failed(books: Books, heard: Subscription, name: str = "Karel") -> Delivery:
    """What was given up, as the job notes it."""
    contact = add_contact(Trial.of(books), Given({"name": name}))
    seen = Seen("contact_added", books.now, "contacts", msgspec.to_builtins(contact, str_keys=True))
    notice = Notice(heard.id, "subject_created", "", f"key of {name}", seen)
    note_delivery(books, notice, "failed", Attempt(0, "request", "500", books.now, books.now))
    found = books.look_up(Delivery, idempotency_key=notice.idempotency_key)
    assert found is not None
    return found


def test_an_account_hears_by_itself_in_the_words_of_a_door(work: Work) -> None:
    heard = work(own)

    assert (heard.application_id, heard.door, heard.api_root) == (None, "door", "https://faktura.example/door")
    [listening] = work(all_subscriptions)
    assert (listening.subscription.id, listening.application, listening.hears) == (heard.id, None, True)


@pytest.mark.parametrize(("events", "code"), [((), "empty_list"), (("subject_found",), "not_in_list")])
def test_only_events_that_the_door_knows_are_heard_of(work: Work, events: tuple[str, ...], code: str) -> None:
    with pytest.raises(Invalid) as invalid:
        work(lambda books: own(books, events=events))

    assert [problem.code for problem in invalid.value.problems["events"]] == [code]
    assert work(all_subscriptions) == []


def test_it_hears_what_the_owner_may_see_who_saved_it_last(work: Work, firm: Firm) -> None:
    heard = work(own)
    assert work(lambda books: may_hear(books, heard, "invoices"))

    def lose_a_scope(books: Books) -> None:
        [seat] = books.all(Membership)
        books.change(seat, changed(seat, scopes=("expenses",)))

    work(lose_a_scope)
    assert work(lambda books: (may_hear(books, heard, "invoices"), may_hear(books, heard, ""))) == (False, True)

    def become_a_reader(books: Books) -> None:
        [seat] = books.all(Membership)
        books.change(seat, changed(seat, permission="read"))

    work(become_a_reader)
    assert not work(lambda books: may_hear(books, heard, ""))

    def another_saves(books: Books) -> Subscription:
        books.user_id = firm.user.id + 1
        return change_subscription(books, books.find(Subscription, heard.id), Given({"active": True}), "key")

    assert work(another_saves).user_id == firm.user.id + 1


def test_a_message_is_written_from_what_was_seen_and_is_the_same_from_then_on(work: Work, clock: Clock) -> None:
    heard = work(own)
    work(lambda books: failed(books, heard))
    clock.stand_at(clock.now() + dt.timedelta(hours=1))

    message = work(lambda books: message_of(books, Notice(heard.id, "subject_created", "", "key of Karel")))

    told = json.loads(message.body)
    assert (told["to"], told["event_name"], told["at"]) == (heard.id, "contact_added", "12:00")


def test_what_nobody_remembers_is_not_sent(work: Work) -> None:
    heard = work(own)

    assert work(lambda books: message_of(books, Notice(heard.id, "subject_created", "", "forgotten"))) is None


def test_an_event_arrives_with_the_record_as_it_was(work: Work, shop: Host, do_jobs: Callable[[], None]) -> None:
    heard = work(lambda books: own(books, f"{shop.url}/hooks"))
    added = work(lambda books: add_contact(books, Given({"name": "Karel"})))
    do_jobs()

    [told] = map(json.loads, shop.bodies)
    assert (told["to"], told["about"]["id"], told["about"]["version"]) == (heard.id, added.id, 1)
    [delivery] = work(lambda books: books.all(Delivery, deliveries_of(heard)))
    assert (delivery.state, delivery.about, delivery.next_try_at) == ("delivered", f"contacts {added.id}", None)


def test_it_says_when_it_is_tried_again(
    work: Work, shop: Host, clock: Clock, answers: list[Reply], do_jobs: Callable[[], None]
) -> None:
    heard = work(lambda books: own(books, f"{shop.url}/hooks"))
    answers += [Reply(500)] * 6
    work(lambda books: add_contact(books, Given({"name": "Karel"})))
    waits = []
    for _ in range(6):
        do_jobs()
        [delivery] = work(lambda books: books.all(Delivery, deliveries_of(heard)))
        if delivery.next_try_at is not None:
            waits.append((delivery.next_try_at - clock.now()).total_seconds())
            clock.stand_at(delivery.next_try_at)

    assert waits == [30, 60, 120, 240, 480]
    assert (delivery.state, len(delivery.attempts), delivery.next_try_at) == ("failed", 6, None)


def test_what_failed_is_delivered_again_under_its_key_and_leaves_the_list(
    work: Work, shop: Host, do_jobs: Callable[[], None]
) -> None:
    heard = work(lambda books: own(books, f"{shop.url}/hooks"))
    delivery = work(lambda books: failed(books, heard))
    work(lambda books: deliver_again(books, books.find(Delivery, delivery.id)))
    assert work(lambda books: books.count(Delivery, failed_deliveries(heard))) == 0
    do_jobs()

    assert [headers["idempotency-key"] for headers in shop.headers] == [delivery.idempotency_key]
    assert shop.bodies == [delivery.body.encode()]
    again = work(lambda books: books.find(Delivery, delivery.id))
    assert (again.state, [one.status for one in again.attempts]) == ("delivered", ["500", "204"])


def test_what_arrived_may_be_delivered_again_and_what_waits_may_not(work: Work) -> None:
    heard = work(own)
    delivery = work(lambda books: failed(books, heard))
    work(
        lambda books: note_delivery(
            books, Notice(heard.id, "subject_created", "", delivery.idempotency_key), "delivered"
        )
    )
    work(lambda books: deliver_again(books, books.find(Delivery, delivery.id)))

    with pytest.raises(WrongState, match="under_way"):
        work(lambda books: deliver_again(books, books.find(Delivery, delivery.id)))


def test_nothing_is_delivered_again_to_what_is_switched_off(work: Work) -> None:
    heard = work(lambda books: own(books, active=False))
    delivery = work(lambda books: failed(books, heard))

    for verb in (
        lambda books: deliver_again(books, books.find(Delivery, delivery.id)),
        lambda books: deliver_failed_again(books, heard),
    ):
        with pytest.raises(WrongState, match="switched_off"):
            work(verb)
    assert work(lambda books: books.find(Delivery, delivery.id)).state == "failed"


def test_everything_that_failed_is_delivered_again_the_oldest_first(
    work: Work, shop: Host, do_jobs: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "MOST_AT_ONCE", 3)
    heard = work(lambda books: own(books, f"{shop.url}/hooks"))
    names = [f"Name {number}" for number in range(8)]
    work(lambda books: [failed(books, heard, name) for name in names])

    work(lambda books: deliver_failed_again(books, heard))

    assert work(lambda books: books.count(Delivery, failed_deliveries(heard))) == 5
    do_jobs()
    assert work(lambda books: books.count(Delivery, failed_deliveries(heard))) == 0
    assert [headers["idempotency-key"] for headers in shop.headers] == [f"key of {name}" for name in names]


def test_where_it_is_gone_meanwhile_nothing_is_delivered_again(
    work: Work, shop: Host, do_jobs: Callable[[], None]
) -> None:
    heard = work(lambda books: own(books, f"{shop.url}/hooks"))
    delivery = work(lambda books: failed(books, heard))
    work(lambda books: deliver_again(books, books.find(Delivery, delivery.id)))
    work(lambda books: books.later("deliver_failed", heard.id, delivery.id))
    work(lambda books: unsubscribe(books, books.find(Subscription, heard.id)))
    do_jobs()

    assert shop.asked == []


def test_a_receiver_that_let_us_wait_rests_as_long_and_others_are_told_meanwhile(
    work: Work, shop: Host, clock: Clock, do_jobs: Callable[[], None]
) -> None:
    hanging = work(lambda books: own(books, f"{shop.url}/hanging"))
    other = work(lambda books: own(books, f"{shop.url}/other"))

    def let_wait(books: Books) -> None:
        kept = failed(books, hanging)
        began = books.now - dt.timedelta(seconds=30)
        slow = Attempt(1, "request", "timeout", began, books.now)
        books.change(kept, changed(kept, attempts=(slow,)))
        failed(books, other, "Karla")

    work(let_wait)
    work(lambda books: add_contact(books, Given({"name": "Karel"})))
    do_jobs()
    assert shop.asked == ["/other"]
    clock.stand_at(clock.now() + dt.timedelta(seconds=30))
    do_jobs()

    assert shop.asked == ["/other", "/hanging"]
    assert len(work(lambda books: books.all(Delivery, failed_deliveries(hanging)))) == 1


def test_one_that_takes_its_time_is_told_where_it_holds_up_nobody(work: Work) -> None:
    heard = work(own)

    def take_long(books: Books) -> bool:
        kept = failed(books, heard)
        attempt = Attempt(1, "request", "200", books.now - dt.timedelta(seconds=6), books.now)
        books.change(kept, changed(kept, state="delivered", attempts=(attempt,)))
        return is_in_trouble(books, heard.id)

    assert not work(lambda books: is_in_trouble(books, heard.id))
    assert work(take_long)
