"""What an operator types: every command, what it says, and what it says where it cannot."""

import base64
import contextlib
import datetime as dt
import io
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
import trustme
import typer.main

from faktura.commands import cli
from faktura.commands.firm import SAID
from faktura.core.accounts.change import CHANGEABLE
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.api_keys import add_api_key
from faktura.core.people.applications import grant_access, register_application
from faktura.core.people.invitations import Newcomer, accept_invitation
from faktura.core.people.sign_in import admit
from faktura.core.people.users import add_user
from faktura.core.registries.days import note_failure, take_call
from faktura.outputs.tests.documents import png
from faktura.store.database import Database, open_database
from faktura.store.transaction import Transaction
from tests import needs
from tests.firm import Firm, open_firm
from tests.mail_double import PASSWORD as MAIL_PASSWORD
from tests.mail_double import USER, ca_file_of, mail_server
from tests.running import NOTHING, run, running

RARE = {"ksef_client", "openpyxl", "pikepdf", "segno", "xlsxwriter", "zxcvbn"}
"""Libraries that take much time or memory to load, for what few servers do every day."""

HEAVY = {"zxcvbn", "sqlalchemy", "falcon", "flask", "granian", "alembic", "psycopg", "structlog", "msgspec"}


class Done(NamedTuple):
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


class TypeHere(Protocol):
    def __call__(self, *arguments: str, typed: str = "", settings: Mapping[str, str] = ...) -> Done: ...


@pytest.fixture
def type_here(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> TypeHere:
    """Runs a command in this process, for there is a second in starting another one."""

    def type_it(*arguments: str, typed: str = "", settings: Mapping[str, str] = NOTHING) -> Done:
        monkeypatch.setattr(sys, "argv", ["faktura", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Done(int(ended.value.code or 0), *capfd.readouterr())

    return type_it


def commands(group: Any, *above: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [above]
    for name, command in getattr(group, "commands", {}).items():
        found += commands(command, *above, name)
    return found


@pytest.mark.parametrize("words", commands(typer.main.get_command(cli.app)), ids=" ".join)
def test_every_command_says_what_it_does(words: tuple[str, ...], type_here: TypeHere) -> None:
    shown = type_here(*words, "--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith(" ".join(["Usage: faktura", *words]))
    assert len(shown.stdout.splitlines()[2].strip()) > len("Short.")


def test_help_does_not_wait_for_libraries() -> None:
    code = f"import sys, faktura.commands.cli; sys.exit(', '.join({HEAVY!r} & sys.modules.keys()) or 0)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (shown.returncode, shown.stderr) == (0, "")


def test_a_server_does_not_load_what_only_rare_verbs_need() -> None:
    rooms = "faktura.app, faktura.serving, faktura.commands.people"
    code = f"import sys, faktura.jobs, {rooms}; faktura.jobs.handlers(); print({RARE!r} & sys.modules.keys() or '')"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""


@needs.FAKTUROID
@needs.INFAKT
def test_an_operator_gets_going(database_url: str, tmp_path: Path, type_here: TypeHere) -> None:
    settings = {"FAKTURA_DATABASE_URL": database_url, "FAKTURA_SECRET_KEY": "k" * 32}

    def do(*arguments: str, typed: str = "") -> str:
        done = type_here(*arguments, typed=typed, settings=settings)
        assert done.returncode == 0, done.stderr
        return done.stdout

    do("account", "add", "--slug", "mojefirma", "--name", "Moje firma s.r.o.")
    do("account", "add", "--slug", "moja-firma", "--name", "Moja firma", "--country", "pl")
    assert do("account", "list").splitlines() == ["mojefirma\tMoje firma s.r.o.\tCZ", "moja-firma\tMoja firma\tPL"]
    person = ("--email", "Jan@mojefirma.cz", "--name", "Jan Novák")
    do("user", "add", *person, "--account", "mojefirma", typed="dlouhé heslo\n")
    do("user", "add", *person, "--account", "moja-firma", "--permission", "read")
    assert do("user", "list") == "jan@mojefirma.cz\tJan Novák\tmojefirma (owner), moja-firma (read)\n"
    do("user", "password", "--email", "jan@mojefirma.cz", typed="jiné dlouhé heslo\n")
    told = do("application", "add", "--user", "jan@mojefirma.cz", "--name", "e-shop")
    credentials = dict(line.split("=") for line in told.splitlines())
    key = do("key", "add", "--account", "moja-firma", "--user", "jan@mojefirma.cz", "--name", "sklep").strip()

    with running(tmp_path, "serve", settings=settings) as server:
        body = {"grant_type": "client_credentials", **credentials}
        headers = {"Content-Type": "application/json"}
        token = server.ask("POST", "/fakturoid/api/v3/oauth/token", body, headers).json["access_token"]
        me = server.ask("GET", "/fakturoid/api/v3/user.json", headers={"Authorization": f"Bearer {token}"}).json
        assert [account["slug"] for account in me["accounts"]] == ["mojefirma", "moja-firma"]
        assert server.ask("GET", "/infakt/v3/clients.json", headers={"X-inFakt-ApiKey": key}).status == 200

    [number, *rest] = do("key", "list").strip().split("\t")
    assert rest == ["moja-firma", "sklep", "jan@mojefirma.cz", "-"]
    do("key", "end", number)
    assert do("key", "list") == ""


def test_a_firm_is_set_up_by_commands(database_url: str, tmp_path: Path, type_here: TypeHere) -> None:
    def do(*arguments: str) -> list[list[str]]:
        done = type_here(*arguments, settings={"FAKTURA_DATABASE_URL": database_url})
        assert done.returncode == 0, done.stderr
        return [line.split("\t") for line in done.stdout.splitlines()]

    do("account", "add", "--slug", "firma", "--name", "Firma s.r.o.")
    account = ("--account", "firma")
    missing = [name for what, name in do("account", "set", *account) if what == "missing"]
    assert missing == ["registration_no", "vat_no", "street", "city", "postcode", "bank_account"]
    said = ("registration_no=27082440", "vat_no=CZ27082440", "street=Dlouhá 1", "city=Praha", "postcode=110 00")
    shown = do("account", "set", *account, *said, "due_days=30", "send_thank_you_email=true", "phone=")
    assert ["registration_no", "27082440"] in shown
    assert ["send_thank_you_email", "True"] in shown
    assert ["due_days", "30"] in shown

    [[number, *rest]] = do("bank", "add", *account, "--number", "19-2000145399/0800")
    assert rest == ["CZK", "19-2000145399/0800", "CZ6508000000192000145399", "Česká spořitelna, a.s.", "default"]
    [second] = do("bank", "add", *account, "--number", "DE89370400440532013000", "--currency", "EUR")
    assert second[1:] == ["EUR", *(["DE89370400440532013000"] * 3)]
    assert [line[0] for line in do("bank", "list", *account)] == [number, second[0]]
    do("bank", "remove", second[0], *account)
    assert len(do("bank", "list", *account)) == 1
    assert "missing" not in [what for what, _ in do("account", "set", *account)]

    (tmp_path / "logo.png").write_bytes(png())
    do("account", "logo", *account, str(tmp_path / "logo.png"))
    do("account", "logo", *account)

    year = f"{Clock().now().year}"
    pattern = ("--pattern", "FV#yyyy#-#ddd#", "--next", "12")
    [[number, *rest]] = do("series", "add", *account, *pattern)
    assert rest == ["invoice", "FV#yyyy#-#ddd#", "default", f"FV{year}-012, FV{year}-013, FV{year}-014"]
    [[_, *other]] = do("series", "add", *account, "--pattern", "#yy#/#dddd#", "--default")
    assert other[2] == "default"
    days = [line[1:] for line in do("reminders", "list", *account)]
    assert days == [["-3", "off"], ["3", "off"]]
    [[step, *rest]] = do("reminders", "add", *account, "--days=-7")
    assert rest == ["-7", "on"]
    assert do("reminders", "on", "2", *account) == [["2", "3", "on"]]
    assert do("reminders", "off", "2", *account) == [["2", "3", "off"]]
    do("reminders", "remove", step, *account)
    assert [line[1:] for line in do("reminders", "list", *account)] == days
    assert do("reminders", "due", *account) == []
    do("series", "archive", number, *account)
    assert [line[1:] for line in do("series", "list", *account)] == [other]


def test_somebody_is_invited_and_says_how_they_are_called(database_url: str, type_here: TypeHere) -> None:
    settings = {"FAKTURA_DATABASE_URL": database_url, "FAKTURA_PUBLIC_URL": "https://faktury.example"}
    with contextlib.closing(open_database(database_url)) as database:
        open_firm(database, Clock(), "firma")
        done = type_here("invite", "--account", "firma", "--email", "eva@firma.example", settings=settings)
        assert done.stdout.startswith("https://faktury.example/invite/")
        secret = done.stdout.strip().rpartition("/")[2]
        newcomer = Newcomer("Eva", "hash", "cs")
        database.write(lambda tx: accept_invitation(Office(tx, Clock().now()), secret, newcomer))
    told = type_here(
        "user", "set", "--email", "eva@firma.example", "full_name=Eva Nová", "language=pl", settings=settings
    )
    assert told.stdout == "full_name\tEva Nová\nlanguage\tpl\n"
    assert "eva@firma.example\tEva Nová\tfirma (write)" in type_here("user", "list", settings=settings).stdout


def test_a_letter_to_oneself_shows_what_the_mail_server_says(tmp_path: Path, type_here: TypeHere) -> None:
    authority = trustme.CA()
    trusted = ca_file_of(authority, tmp_path)
    with mail_server(authority.issue_cert("127.0.0.1"), login=True) as room:
        address = f"127.0.0.1:{room.port}?from=posta@house.example&ca_file={trusted}"
        good = {"FAKTURA_SMTP_URL": f"smtp://{quote(USER, safe='')}:{quote(MAIL_PASSWORD, safe='')}@{address}"}
        done = type_here("mail", "test", "--to", "jan@firma.example", settings=good)
        assert done.returncode == 0, done.stderr
        assert "> rcpt TO:<jan@firma.example>" in done.stdout.splitlines()
        assert "< 250 2.0.0 Taken" in done.stdout.splitlines()
        assert done.stdout.splitlines()[-1] == "The letter to jan@firma.example was taken."
        assert room.emails[0]["To"] == "jan@firma.example"
        encoded = base64.b64encode(MAIL_PASSWORD.encode()).decode()
        assert MAIL_PASSWORD not in done.stdout
        assert encoded not in done.stdout
        assert base64.b64encode(f"\0{USER}\0{MAIL_PASSWORD}".encode()).decode() not in done.stdout
        assert "***" in done.stdout

        bad = {"FAKTURA_SMTP_URL": f"smtp://{quote(USER, safe='')}:wrong@{address}"}
        refused = type_here("mail", "test", "--to", "jan@firma.example", settings=bad)
        assert refused.returncode == 1
        assert refused.stderr.startswith("535 ")
        assert "wrong" not in refused.stdout
    off = type_here("mail", "test", "--to", "jan@firma.example", settings={"FAKTURA_SMTP_URL": ""})
    assert (off.returncode, off.stdout) == (1, "")
    assert off.stderr.startswith("FAKTURA_SMTP_URL is not set")


def test_everything_that_may_be_said_of_a_firm_is_said_in_the_help() -> None:
    assert SAID.keys() == CHANGEABLE


def test_a_secret_is_told_once(sqlite_url: str, type_here: TypeHere) -> None:
    settings = {"FAKTURA_DATABASE_URL": sqlite_url}
    type_here("account", "add", "--slug", "firma", "--name", "Firma", settings=settings)
    type_here(
        "user",
        "add",
        "--email",
        "a@b.cz",
        "--name",
        "A",
        "--account",
        "firma",
        typed="dlouhé heslo\n",
        settings=settings,
    )
    told = type_here("application", "add", "--user", "a@b.cz", "--name", "e-shop", settings=settings).stdout
    client_id, secret = (line.split("=")[1] for line in told.splitlines())
    listed = type_here("application", "list", settings=settings).stdout
    assert client_id in listed
    assert secret not in listed
    assert secret.encode() not in Path(sqlite_url.removeprefix("sqlite:///")).read_bytes()


def test_an_operator_puts_out_whoever_and_whatever_is_in(sqlite_url: str, type_here: TypeHere) -> None:
    with contextlib.closing(open_database(sqlite_url)) as database:
        firm = open_firm(database, Clock(), "firma")
        shop, secret = with_everything(database, firm)

    def do(*arguments: str) -> str:
        done = type_here(*arguments, settings={"FAKTURA_DATABASE_URL": sqlite_url})
        assert done.returncode == 0, done.stderr
        return done.stdout

    email = firm.user.email
    only = ("--user", email)
    assert do("session", "list", *only).split("\t")[1] == email
    assert do("session", "end", *only) == f"{email} is signed out of 1 browser.\n"
    assert do("session", "list") == ""
    renewed = do("application", "secret", shop)
    assert renewed.startswith("client_secret=")
    assert secret not in renewed
    assert do("consent", "list").split("\t")[:3] == [email, shop, "Shop"]
    assert do("consent", "end", shop, *only) == f"Shop acts for {email} no longer.\n"
    assert do("consent", "list", *only) == ""
    assert do("application", "list").splitlines()[1] == f"{shop}\tintegration\tShop\t{email}"
    assert do("application", "end", shop) == f"The application {shop} is ended.\n"
    assert shop not in do("application", "list")
    assert "sklep" in do("key", "list", *only)
    do("user", "remove", "--email", email, "--account", "firma")
    assert do("user", "list") == f"{email}\tJan Novák\t\n"
    assert do("key", "list") == ""


def with_everything(database: Database, firm: Firm) -> tuple[str, str]:
    """Let the firm's owner have a session, a key and a consent; client id and secret of what was consented to."""

    def work(tx: Transaction) -> tuple[str, str]:
        office = Office(tx, Clock().now())
        admit(office, firm.user, [])
        add_api_key(office, firm.account, firm.user, "sklep", ())
        addresses = ("https://shop.example/cb",)
        shop, client_id, secret = register_application(office, firm.user, "Shop", "integration", addresses)
        grant_access(office, shop, firm.user.id)
        return client_id, secret

    return database.write(work)


def test_an_operator_sets_what_an_account_may_do(sqlite_url: str, type_here: TypeHere) -> None:
    with contextlib.closing(open_database(sqlite_url)) as database:
        open_firm(database, Clock(), "firma")

    def limits(*arguments: str) -> list[str]:
        asked = ("account", "limits", "--account", "firma", *arguments)
        done = type_here(*asked, settings={"FAKTURA_DATABASE_URL": sqlite_url})
        assert done.returncode == 0, done.stderr
        return [line.partition("\t")[2] for line in done.stdout.splitlines()]

    assert limits() == ["usual", "usual", "usual"]
    assert limits("--requests", "3000", "--mails", "1000") == ["3000", "1000", "usual"]
    assert limits("--print-seconds", "60", "--mails", "usual") == ["3000", "usual", "60"]
    assert limits() == ["3000", "usual", "60"]


def test_an_operator_sees_how_registries_were_asked_and_how_they_failed(sqlite_url: str, type_here: TypeHere) -> None:
    where = {"FAKTURA_DATABASE_URL": sqlite_url, "FAKTURA_CRPDPH_URL": "off", "FAKTURA_VIES_URL": "off"}
    now = Clock().now()
    today = now.astimezone(ZoneInfo("Europe/Warsaw")).date()
    with contextlib.closing(open_database(sqlite_url)) as database:

        def fail(tx: Transaction) -> None:
            office = Office(tx, now)
            take_call(office, "white_list", today, 100)
            note_failure(office, "white_list", today, "https://wl.test: status 500", now + dt.timedelta(minutes=1))

        database.write(fail)
    lines = [line.split("\t") for line in type_here("registry", "list", settings=where).stdout.splitlines()]

    assert [line[0] for line in lines] == ["ares", "ares_search", "white_list", "white_list_check"]
    assert lines[0] == ["ares", "0", "-", "0", "asked", "-"]
    name, calls, allowed, failed, state, last = lines[2]
    assert (name, calls, allowed, failed) == ("white_list", "1", "100", "1")
    assert state == f"left alone until {now + dt.timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    assert last == f"{now:%Y-%m-%dT%H:%M:%SZ} https://wl.test: status 500"


def test_a_password_that_is_easily_guessed_is_refused_wherever_one_is_set(sqlite_url: str, type_here: TypeHere) -> None:
    with contextlib.closing(open_database(sqlite_url)) as database:
        open_firm(database, Clock(), "firma")
    for arguments in ((*PERSON, "a@b.cz"), ("user", "password", "--email", "owner@firma.example")):
        done = type_here(*arguments, typed="password123\n", settings={"FAKTURA_DATABASE_URL": sqlite_url})
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("The password is easily guessed")


FIRM = ("account", "add", "--name", "Firma", "--slug")
PROGRAM = ("application", "add", "--user", "owner@firma.example", "--name", "e-shop", "--redirect-uri")
SET = ("account", "set", "--account", "firma")
BANK = ("bank", "add", "--account", "firma", "--number")
SERIES = ("series", "add", "--account", "firma", "--pattern")
PERSON = ("user", "add", "--name", "Jan", "--account", "firma", "--email")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((*FIRM, "firma"), 1, "slug: is taken already"),
        ((*FIRM, "Moje Firma"), 1, "slug: is not written as it must be"),
        pytest.param((*FIRM, "fakturoid"), 1, "an address of the server itself", marks=needs.FAKTUROID),
        ((*FIRM, "sign-in"), 1, "an address of the server itself"),
        ((*FIRM, "nova", "--country", "XX"), 2, "no code of a country"),
        ((*PERSON, "jan"), 2, "no e-mail address"),
        ((*PERSON, "a@b.cz", "--permission", "all"), 2, "--permission"),
        (("user", "add", "--name", "Jan", "--account", "nikde", "--email", "a@b.cz"), 1, "`faktura account list`"),
        ((*PERSON, "a@b.cz"), 1, "10 characters or more"),
        (("user", "password", "--email", "a@b.cz"), 1, "`faktura user list`"),
        (("key", "add", "--account", "firma", "--user", "a@b.cz", "--name", "x"), 1, "`faktura user list`"),
        (("key", "add", "--account", "firma", "--user", "a@b.cz", "--name", "x", "--scope", "y"), 2, "no scope y"),
        (("key", "end", "7"), 1, "`faktura key list`"),
        (("job", "again", "7"), 1, "`faktura job list`"),
        (("user", "remove", "--email", "owner@firma.example", "--account", "nikde"), 1, "`faktura account list`"),
        (("user", "remove", "--email", "guest@firma.example", "--account", "firma"), 1, "`faktura user list`"),
        (("session", "list", "--user", "a@b.cz"), 1, "`faktura user list`"),
        (("session", "end", "--user", "a@b.cz"), 1, "`faktura user list`"),
        (("application", "secret", "nonsense"), 1, "`faktura application list`"),
        (("application", "end", "nonsense"), 1, "`faktura application list`"),
        (("consent", "end", "nonsense", "--user", "owner@firma.example"), 1, "`faktura application list`"),
        ((*PROGRAM, "http://shop.example/cb"), 2, "cannot be sent to http://shop.example/cb"),
        ((*PROGRAM, "shop:/cb"), 2, "a scheme like com.example.app"),
        (("application", "add", "--user", "a@b.cz", "--name", "x"), 1, "`faktura user list`"),
        (("account", "limits", "--account", "firma", "--mails", "0"), 2, "0 is neither a number from 1"),
        (("account", "limits", "--account", "nikde"), 1, "`faktura account list`"),
        ((*SET, "registration_no=27082441"), 1, "registration_no: has a digit wrong"),
        ((*SET, "street"), 2, "street: write NAME=VALUE"),
        ((*SET, "plan=large"), 2, "with one of the names"),
        ((*SET, "due_days=soon"), 2, "due_days=soon: Expected `int`"),
        (("account", "set", "--account", "nikde"), 1, "`faktura account list`"),
        (("account", "logo", "--account", "firma", __file__), 1, "logo: is no picture"),
        (("account", "logo", "--account", "firma", "/nowhere.png"), 1, "/nowhere.png: No such file"),
        ((*BANK, "19-2000145398/0800"), 1, "number: has a digit wrong"),
        ((*BANK, "19-2000145399/9999"), 1, "number: names no bank that there is"),
        (("bank", "remove", "7", "--account", "firma"), 1, "`faktura bank list`"),
        ((*SERIES, "FV#dddd#"), 1, "pattern: lacks the year"),
        (("invite", "--account", "firma", "--email", "eva"), 1, "email: is no e-mail address"),
        (("invite", "--account", "firma", "--email", "owner@firma.example"), 1, "email: is taken already"),
        (("mail", "test", "--to", "eva"), 2, "no e-mail address"),
        (("user", "set", "--email", "a@b.cz", "language=pl"), 1, "`faktura user list`"),
        (("user", "set", "--email", "owner@firma.example", "language=de"), 2, "language=de: Invalid enum value"),
        (("series", "archive", "7", "--account", "firma"), 1, "`faktura series list`"),
        (("reminders", "remove", "7", "--account", "firma"), 1, "`faktura reminders list`"),
        (("reminders", "add", "--account", "firma", "--days", "3"), 1, "days: is taken already"),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    sqlite_url: str, type_here: TypeHere, arguments: tuple[str, ...], code: int, said: str
) -> None:
    with contextlib.closing(open_database(sqlite_url)) as database:
        open_firm(database, Clock(), "firma")
        database.write(lambda tx: add_user(Office(tx, Clock().now()), "guest@firma.example", "Host", ""))
    done = type_here(*arguments, typed="short\n", settings={"FAKTURA_DATABASE_URL": sqlite_url})
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("serve", "--port", "many"), 2, "--port"),
        (("serve", "--port", "99999"), 1, "FAKTURA_PORT"),
        (("serve", "--processes", "2"), 1, "With SQLite one process serves"),
        (("serve", "--host", "192.0.2.1"), 1, "Choose another with --host and --port"),
        (("sandbox", "--data", "/dev/null/folder"), 1, "/dev/null"),
    ],
)
def test_a_server_that_cannot_start_says_why(sqlite_url: str, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = run(*arguments, settings={"FAKTURA_DATABASE_URL": sqlite_url})
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"FAKTURA_DATABASE_URL": "mysql://here/it"}, "must begin with sqlite:/// and a file name, or with postgresql"),
        ({"FAKTURA_DATABASE_URL": "sqlite:////nowhere/at/all"}, "/nowhere/at/all"),
        ({"FAKTURA_DATABASE_URL": "postgresql://me:password@127.0.0.1:1/x"}, "Connection refused"),
        ({"FAKTURA_PORT": "many"}, "FAKTURA_PORT"),
        ({"FAKTURA_SECRET_KEY": "known to all"}, "FAKTURA_SECRET_KEY"),
        ({"FAKTURA_TLS_CERT": "/nowhere.pem", "FAKTURA_TLS_KEY": "/nowhere.key"}, "/nowhere.pem"),
        ({"FAKTURA_PUBLIC_URL": "faktury.example"}, "FAKTURA_PUBLIC_URL"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(variables: dict[str, str], said: str, tmp_path: Path) -> None:
    database = {"FAKTURA_DATABASE_URL": f"sqlite:///{tmp_path / 'faktura.sqlite'}"}
    done = run("serve", settings=database | variables)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "password" not in done.stderr
    assert "known to all" not in done.stderr


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam, " * 100)
    done = run("serve", settings={"FAKTURA_DATABASE_URL": f"sqlite:///{file}"})
    assert done.returncode == 1
    assert "is no database" in done.stderr
    assert file.read_text() == "Dear Sir or Madam, " * 100


def test_commands_that_need_a_database_make_none(tmp_path: Path) -> None:
    file = tmp_path / "faktura.sqlite"
    done = run("account", "list", settings={"FAKTURA_DATABASE_URL": f"sqlite:///{file}"})
    assert done.returncode == 1
    assert str(file) in done.stderr
    assert not file.exists()
