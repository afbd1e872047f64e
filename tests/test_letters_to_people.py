"""Invitations and links for a forgotten password go out by e-mail, each with a secret that is kept nowhere."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import Job
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.invitations import Newcomer, accept_invitation, invitations_of, invite, withdraw_invitation
from faktura.core.people.own_password import ask_for_reset, reset_password
from faktura.core.people.users import User
from faktura.jobs import Reach, handlers
from faktura.outputs.mail.server import read_mail_server
from faktura.store.database import Database
from faktura.store.every import every
from faktura.worker import Worker
from tests.firm import Firm, open_firm
from tests.mail_double import Mailroom, mail_server

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
PAGE = "https://house.example/invite/"


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(NOON)
    return clock


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    return open_firm(database, clock)


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mail_server() as room:
        yield room


def do_jobs(database: Database, clock: Clock, room: Mailroom | None) -> None:
    url = "" if room is None else f"smtp://127.0.0.1:{room.port}?from=posta@house.example"
    worker = Worker(database, clock, handlers(), Reach(mail_server=read_mail_server(url)))
    while worker.do_next():
        pass


def secret_in(room: Mailroom, page: str) -> str:
    found = re.search(re.escape(page) + r"(\S+)", room.emails[-1].get_content())
    assert found is not None
    return found[1]


def invite_eva(database: Database, firm: Firm, clock: Clock) -> str:
    def work(books: Books) -> str:
        return invite(books, "eva@jinde.example", "accountant", language="pl", by_mail=PAGE)

    return database.write(lambda tx: work(Books(tx, firm.account, firm.user.id, clock.now())))


def accept(database: Database, clock: Clock, secret: str) -> User:
    newcomer = Newcomer("Ewa", "hash", "pl")
    return database.write(lambda tx: accept_invitation(Office(tx, clock.now()), secret, newcomer))[0]


def jobs(database: Database) -> int:
    return sum(len(rows) for rows in database.read(lambda tx: list(every(tx, Job))))


def test_an_invitation_is_sent_in_the_language_of_whoever_is_invited(
    database: Database, firm: Firm, clock: Clock, room: Mailroom
) -> None:
    shown = invite_eva(database, firm, clock)
    do_jobs(database, clock, room)

    [email] = room.emails
    assert email["To"] == "eva@jinde.example"
    assert email["Subject"] == "Zaproszenie do konta Applecorp s.r.o."
    assert "Jan Novák zaprasza do konta Applecorp s.r.o." in email.get_content()
    secret = secret_in(room, PAGE)
    assert secret != shown
    assert accept(database, clock, secret).email == "eva@jinde.example"
    assert jobs(database) == 0


def test_the_link_that_was_shown_opens_it_too_and_what_is_sent_again_has_another(
    database: Database, firm: Firm, clock: Clock, room: Mailroom
) -> None:
    shown = invite_eva(database, firm, clock)
    room.refusals["DATA"] = "451 Later"
    do_jobs(database, clock, room)
    first = secret_in(room, PAGE)
    room.refusals.clear()
    clock.stand_at(NOON + dt.timedelta(minutes=5))
    do_jobs(database, clock, room)
    assert secret_in(room, PAGE) != first
    assert room.emails[0]["Message-ID"] != room.emails[1]["Message-ID"]
    assert accept(database, clock, shown).full_name == "Ewa"


def test_where_nobody_can_send_or_nobody_is_invited_any_more_the_job_is_over(
    database: Database, firm: Firm, clock: Clock, room: Mailroom
) -> None:
    invite_eva(database, firm, clock)
    do_jobs(database, clock, None)
    assert jobs(database) == 0
    invite_eva(database, firm, clock)
    [invitation] = database.read(lambda tx: invitations_of(Books(tx, firm.account, None, clock.now())))
    database.write(lambda tx: withdraw_invitation(Books(tx, firm.account, None, clock.now()), invitation.id))
    do_jobs(database, clock, room)
    assert (jobs(database), room.emails) == (0, [])


def test_a_forgotten_password_is_set_by_the_link_that_was_sent(
    database: Database, firm: Firm, clock: Clock, room: Mailroom
) -> None:
    page = "https://house.example/reset/"
    database.write(lambda tx: ask_for_reset(Office(tx, clock.now()), firm.user.email, page))
    do_jobs(database, clock, room)
    [email] = room.emails
    assert (email["To"], email["Subject"]) == (firm.user.email, "Nové heslo")
    secret = secret_in(room, page)
    database.write(lambda tx: reset_password(Office(tx, clock.now()), secret, "new hash"))
    found = database.read(lambda tx: Office(tx, clock.now()).find(User, id=firm.user.id))
    assert found.password_hash == "new hash"
