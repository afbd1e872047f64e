"""The connection of a firm to KSeF on its page: handed over, tested, in plain words, and never shown."""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from faktura.core.clock import Clock
from faktura.core.ksef.connection import KsefConnection, connection_of, put_out, secret_of
from faktura.jobs import Reach, handlers
from faktura.outside.ksef.line import Ksef
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.serving import listening
from faktura.sandbox.outside.ksef.standing import Standing
from faktura.store.database import Database
from faktura.web.tests.conftest import BOUNDARY, SECRET_KEY, Browser, in_books, without_wholes
from faktura.wire.service import Service
from faktura.worker import Worker
from tests import needs
from tests.firm import Firm, open_firm

pytestmark = needs.ONE_ENGINE

PAGE = "/applecorp/settings/ksef"
TAX_NO = "1234563218"
INSTANT = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)

Work = Callable[[], None]


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(INSTANT)
    return clock


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    return open_firm(database, clock, language="en", country="PL", vat_no=TAX_NO)


@pytest.fixture
def double(service: Service, clock: Clock) -> Iterator[Double]:
    with listening(clock) as found:
        service.ksef_double = found.base
        yield found


@pytest.fixture
def work(service: Service) -> Iterator[Work]:
    """Does the jobs that are due."""
    ksef = Ksef(SECRET_KEY)
    reach = Reach(ksef=ksef, secret_key=SECRET_KEY)

    def do() -> None:
        Worker(service.database, service.clock, handlers(), reach).do_due(20)

    yield do
    ksef.close()


def connection(service: Service, firm: Firm) -> KsefConnection:
    found = in_books(service, firm, connection_of)
    assert found is not None
    return found


def send_files(owner: Browser, path: str, files: dict[str, str], **fields: str) -> TestResponse:
    """A form with several files, each under the name of its field."""
    parts = {name: FileStorage(io.BytesIO(text.encode()), f"{name}.pem") for name, text in files.items()}
    said = {name: text for name, text in (owner.hidden | fields).items() if text}
    _, body = encode_multipart(said | parts, BOUNDARY)
    content_type = f"multipart/form-data; boundary={BOUNDARY}"
    return owner._open("POST", path, data=body, content_type=content_type)  # noqa: SLF001 (as a browser sends it)


def by_token(owner: Browser, double: Double, **fields: str) -> str:
    token = double.token(TAX_NO)
    owner.get(f"{PAGE}/token")
    answer = owner.post(f"{PAGE}/token", **{"environment": "test", "tax_no": TAX_NO, "token": token} | fields)
    assert answer.status_code == 303, answer.text
    return token


def test_a_polish_firm_finds_the_page_and_what_it_needs(owner: Browser, double: Double) -> None:
    assert PAGE in owner.get("/applecorp/settings").text
    page = owner.get(PAGE).text

    assert "Get a certificate" in page
    assert re.search(r"only until [^<]*2026", without_wholes(page))
    assert double.counts.total() == 0


def test_certificate_and_key_are_handed_over_and_tested(
    owner: Browser, double: Double, service: Service, firm: Firm, work: Work
) -> None:
    certificate, key = double.certificate(TAX_NO)
    page = owner.get(f"{PAGE}/certificate").text
    assert TAX_NO in page
    files = {"certificate": certificate, "private_key": key}
    answer = send_files(owner, f"{PAGE}/certificate", files, environment="test", tax_no=TAX_NO)
    assert (answer.status_code, answer.location) == (303, PAGE), answer.text

    waiting = owner.get(PAGE)
    assert "Being checked" in waiting.text
    assert waiting.headers["Refresh"] == "2"
    work()
    done = owner.get(PAGE)
    assert "Refresh" not in done.headers
    assert "Connected" in done.text
    assert done.text.count(">allowed<") == 2
    assert secret_of(connection(service, firm), "private_key", SECRET_KEY) == key


def test_what_is_wrong_with_a_file_is_said_at_its_field(owner: Browser, double: Double) -> None:
    certificate, _ = double.certificate(TAX_NO)
    _, foreign = double.certificate("1111111111")
    owner.get(f"{PAGE}/certificate")
    for files in ({"certificate": certificate, "private_key": foreign}, {"certificate": "no certificate"}, {}):
        answer = send_files(owner, f"{PAGE}/certificate", files, environment="test", tax_no=TAX_NO)
        assert answer.status_code == 422, answer.text
        assert "-wrong" in answer.text


def test_of_a_token_only_its_last_characters_are_shown(
    owner: Browser, double: Double, service: Service, firm: Firm, work: Work
) -> None:
    token = by_token(owner, double)
    work()
    page = owner.get(PAGE).text

    assert f"…{token[-4:]}" in without_wholes(page)
    assert token[-5:] not in page
    assert "Tokens let nobody in after" in page
    assert secret_of(connection(service, firm), "token", SECRET_KEY) == token


def test_a_refused_form_shows_no_token_again(owner: Browser, double: Double) -> None:
    token = double.token(TAX_NO)
    owner.get(f"{PAGE}/token")
    answer = owner.post(f"{PAGE}/token", environment="test", tax_no="1", token=token)

    assert answer.status_code == 422
    assert token not in answer.text


def test_a_right_that_is_missing_is_named_in_words(
    owner: Browser, double: Double, service: Service, firm: Firm, work: Work
) -> None:
    by_token(owner, double, token=double.token(TAX_NO, ("InvoiceRead",)))
    work()
    page = owner.get(PAGE).text

    assert "A right is missing in KSeF: Issue invoices." in page
    assert "Not let in" in page
    assert not connection(service, firm).active


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("key_lost", "The key of this server is another one than before"),
        ("certificate_ended", "The certificate has ended."),
        ("460: Certyfikat odwołany", "KSeF does not accept the certificate"),
        ("999: Coś innego", "KSeF does not let the firm in."),
    ],
)
def test_why_ksef_lets_nobody_in_is_said_in_words(
    owner: Browser, double: Double, service: Service, firm: Firm, work: Work, why: str, words: str
) -> None:
    by_token(owner, double)
    work()
    in_books(service, firm, lambda books: put_out(books, why))
    page = owner.get(PAGE).text

    assert words in page
    assert "KSeF does not let the account in" in owner.get("/applecorp/todos").text
    assert (why in page) is why[0].isdigit()


def test_a_test_is_ordered_by_one_press(
    owner: Browser, double: Double, service: Service, firm: Firm, work: Work
) -> None:
    by_token(owner, double)
    work()
    double.standing = Standing(state="down")
    owner.get(PAGE)
    assert owner.post(f"{PAGE}/check").status_code == 303
    assert connection(service, firm).checked_at is None
    work()

    assert "KSeF does not answer just now" in owner.get(PAGE).text
    assert connection(service, firm).active


def test_what_the_firm_wants_is_saved(owner: Browser, double: Double, service: Service, firm: Firm, work: Work) -> None:
    by_token(owner, double)
    work()
    owner.get(PAGE)
    wanted = {"send_mode": "at_issue", "send_delay": "600", "offline_allowed": "yes", "receive_every": "30"}
    assert owner.post(PAGE, **wanted).status_code == 303

    found = connection(service, firm)
    assert (found.send_mode, found.send_delay, found.offline_allowed) == ("at_issue", 600, True)
    assert (found.receive, found.receive_every) == (False, 30)
    assert "As soon as a document is issued" in owner.get("/applecorp/history").text
    owner.get(PAGE)
    assert owner.post(PAGE, **wanted | {"receive_every": "5"}).status_code == 422


def test_ksef_gives_certificates_by_one_press(
    owner: Browser, double: Double, service: Service, firm: Firm, work: Work
) -> None:
    certificate, key = double.certificate(TAX_NO)
    owner.get(f"{PAGE}/certificate")
    files = {"certificate": certificate, "private_key": key}
    send_files(owner, f"{PAGE}/certificate", files, environment="test", tax_no=TAX_NO)
    work()
    owner.get(PAGE)
    assert owner.post(f"{PAGE}/enrol/offline").status_code == 303
    assert "KSeF is asked for a certificate" in owner.get(PAGE).text
    work()

    assert connection(service, firm).offline_until is not None
    assert "For working offline, until" in owner.get(PAGE).text
    assert owner.post(f"{PAGE}/enrol/nothing").status_code == 404


def test_a_certificate_for_working_offline_is_handed_over(
    owner: Browser, double: Double, service: Service, firm: Firm
) -> None:
    by_token(owner, double)
    certificate, key = double.certificate(TAX_NO, "Offline")
    owner.get(f"{PAGE}/offline")
    answer = send_files(owner, f"{PAGE}/offline", {"certificate": certificate, "private_key": key})

    assert answer.status_code == 303, answer.text
    assert connection(service, firm).offline_certificate == certificate


def test_a_firm_disconnects(owner: Browser, double: Double, service: Service, firm: Firm) -> None:
    by_token(owner, double)
    assert "are forgotten here" in owner.get(f"{PAGE}/disconnect").text
    assert owner.post(f"{PAGE}/disconnect").status_code == 303

    assert in_books(service, firm, connection_of) is None
    assert "Get a certificate" in owner.get(PAGE).text


def test_where_ksef_is_switched_off_nobody_connects(owner: Browser, double: Double, service: Service) -> None:
    token = double.token(TAX_NO)
    owner.get(f"{PAGE}/token")
    service.ksef_double = None

    assert "has switched KSeF off" in owner.get(PAGE).text
    assert owner.post(f"{PAGE}/token", environment="test", tax_no=TAX_NO, token=token).status_code == 422
