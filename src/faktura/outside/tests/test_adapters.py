"""Registries read: each answer that they give, and everything that is none, which never says that a number is wrong."""

import contextlib
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec
import pytest

from faktura.core.registries.facts import Heard, Payer, Said
from faktura.outside.http import Client, Unanswered
from faktura.outside.registries import vies
from faktura.outside.registries.adapter import Adapter, AtRest, Spent
from faktura.outside.registries.known import adapters
from tests.beside import shared_or_skip
from tests.http_double import Host, Reply, host

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MIDNIGHT = dt.datetime(2026, 11, 20, 23, 5, tzinfo=dt.UTC)
"""In Prague."""

ANSWERS = shared_or_skip() / "schemas" / "registries"

KEY = "abcde12345abcde12345"


def sample(name: str) -> bytes:
    return (ANSWERS / name).read_bytes()


class Asked(NamedTuple):
    """An adapter, a question, and its usual answer."""

    registry: str
    question: str
    usual: str


CASES = {
    "ares": Asked("ares", "12345679", "ares-subjekt-200.json"),
    "ares by name": Asked("ares_search", "příkladná", "ares-vyhledat-200.json"),
    "crpdph": Asked("crpdph", "12345679", "crpdph-rozsireny-200.xml"),
    "vies": Asked("vies", "PL|1111111111", "vies-ms-valid-200.json"),
    "vies with somebody": Asked("vies", "PL|1111111111|CZ|12345679", "vies-check-vat-number-200.json"),
    "white_list": Asked("white_list", "1111111111|2026-11-21", "wl-search-nip-200.json"),
    "white_list_check": Asked(
        "white_list_check", "1111111111|90249000050247256316596736|2026-11-21", "wl-check-200-TAK.json"
    ),
    "gus": Asked("gus", "1111111111", "gus-szukaj-200.xml"),
}


@contextlib.contextmanager
def registry(name: str, answer: Callable[[str], Reply]) -> Iterator[tuple[Adapter, Host]]:
    with host(answer) as there:
        sources = dict.fromkeys(("ares", "crpdph", "vies", "white_list", "gus"), there.url)
        found = {one.name: one for one in adapters(sources, KEY)}
        yield next(one for key, one in found.items() if key == name), there


def heard(case: str, reply: Reply | str, status: int = 200, now: dt.datetime = NOON) -> Heard | None:
    asked = CASES[case]
    given = Reply(status, sample(reply)) if isinstance(reply, str) else reply
    with registry(asked.registry, lambda _path: given) as (adapter, there):
        there.answer = lambda _path: in_session(there, given) if asked.registry == "gus" else given
        return adapter.ask(Client(loopback=True), [asked.question], now).get(asked.question)


def in_session(there: Host, found: Reply) -> Reply:
    if b"Zaloguj" in there.here.body:
        return Reply(200, sample("gus-zaloguj-200.xml"))
    return Reply(200, REPORT.encode()) if b"DanePobierzPelnyRaport" in there.here.body else found


REPORT = """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>
<DanePobierzPelnyRaportResponse xmlns="http://CIS/BIR/PUBL/2014/07"><DanePobierzPelnyRaportResult>&lt;root&gt;&lt;dane&gt;
&lt;praw_regon9&gt;123456785&lt;/praw_regon9&gt;
&lt;praw_numerTelefonu&gt;221234567&lt;/praw_numerTelefonu&gt;
&lt;praw_adresEmail&gt;BIURO@PRZYKLAD.TEST&lt;/praw_adresEmail&gt;
&lt;praw_adresStronyinternetowej&gt;www.przyklad.test&lt;/praw_adresStronyinternetowej&gt;
&lt;/dane&gt;&lt;/root&gt;</DanePobierzPelnyRaportResult></DanePobierzPelnyRaportResponse></s:Body></s:Envelope>"""
"""As of a firm that is no person; how it is reached is not known of every one."""


def said(case: str, reply: str, status: int = 200) -> Said:
    found = heard(case, reply, status)
    assert found is not None
    assert found.state == "found"
    return msgspec.convert(found.said, Said)


def test_ares_says_who_a_firm_is_and_where() -> None:
    assert said("ares", "ares-subjekt-200.json") == Said(
        name="Příkladná účtárna s.r.o.",
        registration_no="12345679",
        vat_no="CZ12345679",
        street="Příkladná 1875/12",
        city="Brno",
        postcode="602 00",
        legal_form="112",
        pays_vat=True,
    )
    assert said("ares", "ares-subjekt-zanikly-200.json").ended_on == dt.date(2024, 6, 30)


def test_a_village_has_no_streets_and_who_pays_no_vat_no_number_for_it() -> None:
    body = json.loads(sample("ares-subjekt-osvc-200.json")) | {"ico": "12345679", "dic": "CZ8001011234"}
    found = heard("ares", Reply(200, json.dumps(body).encode()))

    assert found is not None
    firm = msgspec.convert(found.said, Said)
    assert (firm.street, firm.city, firm.postcode) == ("Dolní Příklad 7", "Dolní Příklad", "580 01")
    assert (firm.vat_no, firm.pays_vat, firm.legal_form) == ("", False, "101")


def test_a_firm_of_a_group_goes_by_the_number_of_the_group_and_one_of_prague_by_its_district() -> None:
    body = json.loads(sample("ares-subjekt-200.json")) | {"dicSkDph": "CZ699001234"}
    body["seznamRegistraci"]["stavZdrojeSkDph"] = "AKTIVNI"
    body["sidlo"] |= {"nazevObce": "Praha", "nazevMestskehoObvodu": "Praha 1", "psc": 1000}
    found = heard("ares", Reply(200, json.dumps(body).encode()))

    assert found is not None
    firm = msgspec.convert(found.said, Said)
    assert (firm.vat_no, firm.city, firm.postcode) == ("CZ699001234", "Praha 1", "010 00")


def test_ares_knows_no_such_firm_or_the_number_is_none() -> None:
    assert heard("ares", "ares-404.json", 404) == Heard("not_found")
    assert heard("ares", "ares-400.json", 400) == Heard("invalid")


def test_the_register_says_whether_a_payer_is_to_be_relied_on_and_what_it_published() -> None:
    found = heard("crpdph", "crpdph-rozsireny-200.xml")
    accounts = ("19-2000145399/0800", "SK3112000000198742637541")
    assert found == Heard("found", {"accounts": list(accounts)}, "2026-11-21")
    found = heard("crpdph", "crpdph-nespolehlivy-200.xml")
    assert found is not None
    assert msgspec.convert(found.said, Payer) == Payer(unreliable=True, since=dt.date(2024, 3, 1))


def test_a_hundred_payers_are_asked_for_together_and_who_is_left_out_is_unknown() -> None:
    with registry("crpdph", lambda _path: Reply(200, sample("crpdph-rozsireny-200.xml"))) as (adapter, there):
        answers = adapter.ask(Client(loopback=True), ["12345679", "12345678", "99999999"], NOON)

    assert {dic: one.state for dic, one in answers.items()} == {"12345679": "found", "12345678": "not_found"}
    assert len(there.asked) == 1
    assert re.findall(rb"<roz:dic>(\d+)</roz:dic>", there.bodies[0]) == [b"12345679", b"12345678", b"99999999"]
    assert adapter.most == 100


def test_the_nightly_break_of_the_register_is_no_failure() -> None:
    with registry("crpdph", lambda _path: Reply(200)) as (adapter, there):
        with pytest.raises(AtRest):
            adapter.ask(Client(loopback=True), ["12345679"], MIDNIGHT)
        assert there.asked == []
    with pytest.raises(AtRest):
        heard("crpdph", "crpdph-odstavka-200.xml")


def test_a_number_of_the_eu_is_valid_or_not_and_is_proved_by_a_consultation() -> None:
    firm = said("vies", "vies-ms-valid-200.json")
    assert (firm.name, firm.vat_no) == ("PRZYKŁADOWA SPÓŁKA Z O.O.", "PL1111111111")
    assert (firm.street, firm.postcode, firm.city) == ("UL. PRZYKŁADOWA 1", "00-001", "WARSZAWA")
    found = heard("vies with somebody", "vies-check-vat-number-200.json")
    assert found is not None
    assert (found.state, found.proof) == ("found", "WAPIAAAAYexample")
    body = json.loads(sample("vies-ms-invalid-200.json")) | {"vatNumber": "1111111111"}
    assert heard("vies", Reply(200, json.dumps(body).encode())) == Heard("invalid")


@pytest.mark.parametrize(
    ("vat_no", "country", "question"),
    [
        ("PL 111-111-11-11", "PL", "PL|1111111111"),
        ("EL123456789", "GR", "EL|123456789"),
        ("U12345678", "AT", "AT|U12345678"),
    ],
)
def test_a_number_is_asked_for_in_one_way_alone(vat_no: str, country: str, question: str) -> None:
    assert vies.question_of(vat_no, country) == question
    assert vies.question_of(vat_no, country, ("CZ12345679", "CZ")) == f"{question}|CZ|12345679"
    with pytest.raises(ValueError, match="letters"):
        vies.question_of("../../x?y", country)


def test_the_white_list_says_who_a_firm_is_and_nothing_of_persons() -> None:
    firm = said("white_list", "wl-search-nip-200.json")
    assert (firm.vat_no, firm.registration_no, firm.pays_vat) == ("1111111111", "123456785", True)
    assert (firm.street, firm.postcode, firm.city) == ("UL. PRZYKŁADOWA 1", "00-001", "WARSZAWA")
    assert heard("white_list", "wl-search-nip-notfound-200.json") == Heard(
        "not_found", proof="a1b2c-8f3d2e2 21-11-2026 10:15:01"
    )
    assert heard("white_list", "wl-400.json", 400) == Heard("invalid")


def test_several_numbers_are_asked_for_in_one_call_and_an_error_is_of_one_alone() -> None:
    day = "2026-11-21"
    questions = [f"{nip}|{day}" for nip in ("1111111111", "1234567890", "5213017228")]
    with registry("white_list", lambda _path: Reply(200, sample("wl-search-nips-200.json"))) as (adapter, there):
        answers = adapter.ask(Client(loopback=True), questions, NOON)
    assert there.asked == [f"/search/nips/1111111111,1234567890,5213017228?date={day}"]
    assert {question: one.state for question, one in answers.items()} == {
        questions[0]: "found",
        questions[1]: "invalid",
    }
    assert answers[questions[0]].proof == "a1b2c-8f3d2e3 21-11-2026 10:15:02"
    assert adapter.most == 30


@pytest.mark.parametrize(
    "entry",
    [
        {"identifier": "1111111111", "error": {"code": "WL-196"}},
        {"identifier": "1111111111", "subjects": [{"nip": "2222222222"}]},
        {"identifier": "1111111111", "subjects": [], "error": {"code": "WL-191"}},
    ],
    ids=str,
)
def test_an_entry_that_says_nothing_of_a_number_is_no_answer(entry: dict[str, object]) -> None:
    body = json.dumps({"result": {"entries": [entry], "requestId": "a"}}).encode()
    with registry("white_list", lambda _path: Reply(200, body)) as (adapter, _there), contextlib.suppress(*ODD):
        assert adapter.ask(Client(loopback=True), ["1111111111|2026-11-21", "5213017228|2026-11-21"], NOON) == {}


def test_an_account_is_on_the_white_list_or_not() -> None:
    assert heard("white_list_check", "wl-check-200-TAK.json") == Heard(
        "found", proof="a1b2c-8f3d2e4 21-11-2026 10:15:03"
    )
    assert heard("white_list_check", "wl-check-200-NIE.json") == Heard(
        "not_found", proof="a1b2c-8f3d2e5 21-11-2026 10:15:04"
    )


@pytest.mark.parametrize("case", ["white_list", "white_list_check"])
def test_the_white_list_says_when_it_answers_no_more(case: str) -> None:
    with pytest.raises(Spent):
        heard(case, Reply(400, b'{"code": "WL-191", "message": "Przekroczono limit"}'))


def test_gus_says_who_a_firm_is_after_a_log_in() -> None:
    assert said("gus", "gus-szukaj-200.xml") == Said(
        name="PRZYKŁADOWA SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ",
        registration_no="123456785",
        vat_no="1111111111",
        street="ul. Przykładowa 1",
        city="Warszawa",
        postcode="00-001",
        email="biuro@przyklad.test",
        phone="221234567",
        web="www.przyklad.test",
        activity_kind="other_business",
    )
    assert heard("gus", "gus-szukaj-notfound-200.xml") == Heard("not_found")


def test_answers_of_gus_may_come_as_a_part_of_several() -> None:
    parts = (
        b"--uuid:1\r\nContent-Type: application/xop+xml\r\n\r\n" + sample("gus-szukaj-200.xml") + b"\r\n--uuid:1--\r\n"
    )
    found = heard("gus", Reply(200, parts))
    assert found is not None
    assert found.state == "found"


def test_a_session_of_gus_is_used_again_and_one_that_ended_is_opened_once_more() -> None:
    empty = re.sub(rb"&lt;.*&gt;", b"", sample("gus-szukaj-200.xml"), flags=re.DOTALL)
    closed = b"<s:Envelope xmlns:s='x'><s:Body><r><GetValueResult>0</GetValueResult></r></s:Body></s:Envelope>"
    said_so_far: list[str] = []

    def answer(_path: str) -> Reply:
        action = re.search(r'/(\w+)"', there.here.headers["content-type"])
        said_so_far.append(f"{action and action[1]} {there.here.headers.get('sid', '')}")
        match said_so_far[-1].partition(" ")[0]:
            case "Zaloguj":
                return Reply(200, sample("gus-zaloguj-200.xml"))
            case "GetValue":
                return Reply(200, closed)
            case "DanePobierzPelnyRaport":
                return Reply(200, REPORT.encode())
        return Reply(200, empty if len(said_so_far) == 4 else sample("gus-szukaj-200.xml"))

    with registry("gus", answer) as (adapter, there):
        for _ in range(2):
            assert adapter.ask(Client(loopback=True), ["1111111111"], NOON)["1111111111"].state == "found"

    session = "abcdefgh12345678abcd"
    assert said_so_far == [
        "Zaloguj ",
        f"DaneSzukajPodmioty {session}",
        f"DanePobierzPelnyRaport {session}",
        f"DaneSzukajPodmioty {session}",
        f"GetValue {session}",
        "Zaloguj ",
        f"DaneSzukajPodmioty {session}",
        f"DanePobierzPelnyRaport {session}",
    ]


def test_a_report_of_gus_that_is_refused_leaves_what_the_search_said() -> None:
    refused = re.sub(
        r"&lt;dane.*/dane&gt;", "&lt;dane&gt;&lt;ErrorCode&gt;5&lt;/ErrorCode&gt;&lt;/dane&gt;", REPORT, flags=re.DOTALL
    )
    with registry("gus", lambda _path: Reply(200)) as (adapter, there):
        found = Reply(
            200, sample("gus-szukaj-200.xml").replace(b"&lt;Typ&gt;P", b"&lt;Typ&gt;F").replace(b"ID&gt;6", b"ID&gt;1")
        )
        there.answer = lambda _path: (
            Reply(200, refused.encode()) if b"Raport" in there.here.body else in_session(there, found)
        )
        said = adapter.ask(Client(loopback=True), ["1111111111"], NOON)["1111111111"].said
    assert b"BIR11OsFizycznaDzialalnoscCeidg" in there.bodies[-1]
    assert (said["activity_kind"], "email" in said, said["city"]) == ("self_employed", False, "Warszawa")


def test_czech_firms_are_found_by_a_part_of_their_name() -> None:
    with registry("ares_search", lambda _path: Reply(200, sample("ares-vyhledat-200.json"))) as (adapter, there):
        answers = adapter.ask(Client(loopback=True), ["příkladná"], NOON)
    [firm] = answers["příkladná"].said["firms"]
    assert (firm["name"], firm["registration_no"], firm["city"]) == ("Příkladná účtárna s.r.o.", "12345679", "Brno")
    asked = json.loads(sample("ares-vyhledat-request.json")) | {"obchodniJmeno": "příkladná"}
    assert (there.asked, json.loads(there.bodies[0])) == (["/ekonomicke-subjekty/vyhledat"], asked)
    nobody = Reply(200, b'{"pocetCelkem": 0, "ekonomickeSubjekty": []}')
    with registry("ares_search", lambda _path: nobody) as (adapter, _there):
        assert adapter.ask(Client(loopback=True), ["nikdo"], NOON)["nikdo"] == Heard("not_found")


FAULT = (
    b"<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><s:Fault><faultcode>s:Server</faultcode>"
    b"</s:Fault></s:Body></s:Envelope>"
)

BOMB = (
    b'<!DOCTYPE b [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]>'
    b"<Envelope><Body><r><xResult>&b;</xResult></r></Body></Envelope>"
)

NO_ANSWERS = {
    "nothing": Reply(200),
    "an error": Reply(500),
    "too many": Reply(429),
    "maintenance": Reply(503, b"<html>Maintenance</html>"),
    "HTML": Reply(200, b"<!DOCTYPE html><html><body>Prihlaste se</body></html>"),
    "HTML that is not there": Reply(404, b"<html>Not Found</html>"),
    "HTML of a bad request": Reply(400, b"<html>Bad Request</html>"),
    "a list": Reply(200, b"[]"),
    "an empty object": Reply(200, b"{}"),
    "null": Reply(200, b"null"),
    "an error in JSON": Reply(400, b'{"kod": "OBECNA_CHYBA", "code": "WL-196"}'),
    "another error not found": Reply(404, b'{"kod": "CHYBA_SLUZBY"}'),
    "another charset": Reply(
        200, "<?xml version='1.0' encoding='utf-8'?><a>P\u0159\u00edklad</a>".encode("iso-8859-2")
    ),
    "half": Reply(200, b'{"ico": "12345679"', promised=900),
    "a SOAP fault": Reply(200, FAULT),
    "a SOAP fault with its status": Reply(500, FAULT),
    "an empty envelope": Reply(200, b"<s:Envelope xmlns:s='x'><s:Body/></s:Envelope>"),
    "a bomb": Reply(200, BOMB),
    "too much": Reply(200, b'{"x": "' + b"x" * 2_000_000 + b'"}'),
    "another place": Reply(302, location="http://127.0.0.1:1/elsewhere"),
}

ODD = (ValueError, msgspec.MsgspecError, Unanswered)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("reply", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_what_is_no_answer_says_nothing_of_a_firm_or_a_number(case: str, reply: Reply) -> None:
    with pytest.raises(ODD):
        heard(case, reply)


LIES: dict[str, tuple[dict[str, object], ...]] = {
    "ares": ({"ico": "00000019"}, {"ico": "x"}, {"obchodniJmeno": "x" * 301}, {"obchodniJmeno": None}),
    "vies": (
        {"userError": "MS_UNAVAILABLE", "isValid": False},
        {"userError": "TIMEOUT", "isValid": False},
        {"userError": "MS_MAX_CONCURRENT_REQ", "isValid": False},
        {"userError": "INVALID", "isValid": True},
        {"vatNumber": "2222222222"},
        {"isValid": None},
        {"name": "x" * 301},
    ),
    "vies with somebody": (
        {"actionSucceed": False},
        {"errorWrappers": [{"error": "MS_UNAVAILABLE"}]},
        {"countryCode": "DE"},
        {"valid": "maybe"},
    ),
    "white_list": ({"result": {"subject": {"nip": "2222222222"}, "requestId": "a"}}, {"result": {}}, {"result": None}),
    "white_list_check": (
        {"result": {"accountAssigned": "MOŻE", "requestId": "a"}},
        {"result": {"accountAssigned": "NIE"}},
    ),
}


@pytest.mark.parametrize(("case", "lie"), [(case, lie) for case, lies in LIES.items() for lie in lies], ids=str)
def test_an_answer_that_is_about_something_else_or_half_said_is_none(case: str, lie: dict[str, object]) -> None:
    body = json.loads(sample(CASES[case].usual)) | lie
    with pytest.raises(ODD):
        heard(case, Reply(200, json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("name", "told", "instead"),
    [
        ("crpdph-rozsireny-200.xml", b'statusCode="0"', b'statusCode="3"'),
        ("crpdph-rozsireny-200.xml", b'nespolehlivyPlatce="NE"', b'nespolehlivyPlatce=""'),
        ("crpdph-nespolehlivy-200.xml", b"2024-03-01", b"yesterday"),
        ("gus-szukaj-200.xml", b"1111111111", b"2222222222"),
        ("gus-szukaj-notfound-200.xml", b"ErrorCode&gt;4", b"ErrorCode&gt;7"),
        ("gus-szukaj-200.xml", b"&lt;/root&gt;", b""),
    ],
)
def test_xml_that_is_about_something_else_is_no_answer(name: str, told: bytes, instead: bytes) -> None:
    assert told in sample(name)
    with pytest.raises(ODD):
        heard(name.partition("-")[0], Reply(200, sample(name).replace(told, instead)))


@pytest.mark.parametrize(
    "reply", [Reply(500, KEY.encode()), Reply(200, sample("gus-zaloguj-200.xml").replace(b"abcdefgh12345678abcd", b""))]
)
def test_a_key_that_is_refused_or_an_error_never_shows_the_key(reply: Reply) -> None:
    with registry("gus", lambda _path: reply) as (adapter, there):
        with pytest.raises(Unanswered) as found:
            adapter.ask(Client(loopback=True), ["1111111111"], NOON)
        assert KEY.encode() in there.bodies[0]
    assert KEY not in str(found.value)


def test_a_registry_is_left_out_where_it_has_no_address() -> None:
    assert list(adapters({})) == []
    assert {one.name for one in adapters({"white_list": "http://x"})} == {"white_list", "white_list_check"}
