"""GUS BIR: the Polish registry of firms, by their NIP, by SOAP in a session that the operator's key opens."""

import datetime as dt
import re
import threading
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from faktura.core.codes import ActivityKind
from faktura.core.registries.days import NO_LIMIT
from faktura.core.registries.facts import Heard, RegistryName, Said
from faktura.outside.http import Client, Unanswered, origin_of
from faktura.outside.registries.adapter import OK, WARSAW, OneByOne, one_line, plain, require
from faktura.outside.xml import read_xml
from faktura.xml import Node, local_name

SOAP = "http://www.w3.org/2003/05/soap-envelope"
ADDRESSING = "http://www.w3.org/2005/08/addressing"
PUBLIC = "http://CIS/BIR/PUBL/2014/07"
COMMON = "http://CIS/BIR/2014/07"
CONTRACT = "http://CIS/BIR/PUBL/2014/07/DataContract"

NAMESPACES = {"soap": SOAP, "wsa": ADDRESSING, "bir": PUBLIC, "com": COMMON, "con": CONTRACT}


class Question(NamedTuple):
    """What is to be done, the elements, one in the other, and in the last of them those that hold what is said."""

    action: str
    path: tuple[str, ...]
    holding: tuple[str, ...]


LOG_IN = Question(f"{PUBLIC}/IUslugaBIRzewnPubl/Zaloguj", ("bir:Zaloguj",), ("bir:pKluczUzytkownika",))
SEARCH = Question(
    f"{PUBLIC}/IUslugaBIRzewnPubl/DaneSzukajPodmioty",
    ("bir:DaneSzukajPodmioty", "bir:pParametryWyszukiwania"),
    ("con:Nip",),
)
REPORT = Question(
    f"{PUBLIC}/IUslugaBIRzewnPubl/DanePobierzPelnyRaport",
    ("bir:DanePobierzPelnyRaport",),
    ("bir:pRegon", "bir:pNazwaRaportu"),
)
GET_VALUE = Question(f"{COMMON}/IUslugaBIR/GetValue", ("com:GetValue",), ("com:pNazwaParametru",))

KINDS: Mapping[str, ActivityKind] = {"F": "self_employed", "P": "other_business"}
"""Persons who trade, and all others."""

OF_PERSONS = {
    "1": "BIR11OsFizycznaDzialalnoscCeidg",
    "2": "BIR11OsFizycznaDzialalnoscRolnicza",
    "3": "BIR11OsFizycznaDzialalnoscPozostala",
}
"""Reports of persons who trade, by the part of the registry that they are in."""

NOT_THERE = "4"
OPEN = "1"


class Gus(OneByOne):
    """A session is open for an hour, and ends without a word: an empty answer means that it may have."""

    name: RegistryName = "gus"
    title = "GUS"
    zone = WARSAW
    day_limit = NO_LIMIT
    at_once = 1

    def __init__(self, url: str, key: str) -> None:
        super().__init__(url)
        self._key = key
        self._session = ""
        self._asking = threading.Lock()

    def ask(self, client: Client, questions: Sequence[str], now: dt.datetime) -> Mapping[str, Heard]:
        with self._asking:
            return super().ask(client, questions, now)

    def _ask(self, client: Client, question: str) -> Heard:
        origin = origin_of(self._url)
        if not self._session:
            self._log_in(client)
        found = self._search(client, question)
        if not found:
            if self._call(client, GET_VALUE, "StatusSesji") == OPEN:
                raise Unanswered(f"{origin} answers with nothing")
            self._log_in(client)
            found = self._search(client, question)
        firm = read_firm(found, origin, question)
        if firm is None:
            return Heard("not_found")
        return Heard("found", plain(_said(firm, self._report(client, firm))))

    def _report(self, client: Client, firm: Mapping[str, str]) -> Mapping[str, str]:
        """How a firm is reached, which a search does not say; nothing where there is no report."""
        name = "BIR11OsPrawna" if firm.get("Typ") == "P" else OF_PERSONS.get(firm.get("SilosID", ""), "")
        regon = firm.get("Regon", "")
        if not (name and regon):
            return {}
        return read_report(self._call(client, REPORT, regon, name), origin_of(self._url))

    def _log_in(self, client: Client) -> None:
        self._session = ""
        session = self._call(client, LOG_IN, self._key)
        if not _SESSION.fullmatch(session):
            raise Unanswered(f"{origin_of(self._url)} does not let us in")
        self._session = session

    def _search(self, client: Client, nip: str) -> str:
        return self._call(client, SEARCH, nip)

    def _call(self, client: Client, question: Question, *said: str) -> str:
        """The text of the result; it comes alone or as a part of several."""
        content_type = f'application/soap+xml; charset=utf-8; action="{question.action}"'
        headers = {"Content-Type": content_type, "Accept": "*/*"}
        if self._session:
            headers["sid"] = self._session
        answer = client.post(self._url, _envelope(self._url, question, said), headers)
        return result_of(require(answer, self._url, OK), origin_of(self._url))


def _envelope(url: str, question: Question, said: Sequence[str]) -> bytes:
    envelope = Node.root("soap:Envelope", NAMESPACES)
    header = envelope.add("soap:Header")
    header.add("wsa:To", url)
    header.add("wsa:Action", question.action)
    element = envelope.add("soap:Body")
    for name in question.path:
        element = element.add(name)
    for name, text in zip(question.holding, said, strict=True):
        element.add(name, text)
    return envelope.written()


def result_of(body: bytes, origin: str) -> str:
    """What stands in the one element whose name ends with Result."""
    part = _ENVELOPE.search(body)
    if part is None:
        raise Unanswered(f"{origin} answers with no envelope")
    for element in read_xml(part[0], origin).iterfind(".//{*}Body/*/*"):
        if local_name(element).endswith("Result"):
            return element.text or ""
    raise Unanswered(f"{origin} answers with no result")


def read_report(result: str, origin: str) -> Mapping[str, str]:
    """What a report says, by names without what they begin with, as in praw_adresEmail; it may be refused."""
    told = _told(result, origin)
    return {name.partition("_")[2]: text for name, text in told[0].items() if "_" in name}


def _told(result: str, origin: str) -> list[dict[str, str]]:
    """The entries in the XML that is the text of a result.

    Raises:
        Unanswered: there are none.

    """
    entries = read_xml(result.encode(), origin).findall("{*}dane") if result else []
    told = [{local_name(field): field.text or "" for field in entry} for entry in entries]
    if not told:
        raise Unanswered(f"{origin} answers with nothing")
    return told


def read_firm(result: str, origin: str, nip: str) -> Mapping[str, str] | None:
    """The firm, or None where there is none; of several entries the one without an end counts first."""
    told = _told(result, origin)
    if "ErrorCode" in told[0]:
        if told[0]["ErrorCode"] != NOT_THERE:
            raise Unanswered(f"{origin} answers with code {one_line(told[0]['ErrorCode'])}")
        return None
    firm = min(told, key=lambda one: bool(one.get("DataZakonczeniaDzialalnosci")))
    if firm.get("Nip") != nip or not firm.get("Nazwa"):
        raise Unanswered(f"{origin} answers with another firm")
    return firm


def _said(firm: Mapping[str, str], report: Mapping[str, str]) -> Said:
    number = "/".join(filter(None, (firm.get("NrNieruchomosci"), firm.get("NrLokalu"))))
    ended = one_line(firm.get("DataZakonczeniaDzialalnosci"))
    return Said(
        name=one_line(firm.get("Nazwa")),
        registration_no=one_line(firm.get("Regon")),
        vat_no=one_line(firm.get("Nip")),
        street=one_line(f"{firm.get('Ulica') or firm.get('Miejscowosc') or ''} {number}"),
        city=one_line(firm.get("Miejscowosc")),
        postcode=one_line(firm.get("KodPocztowy")),
        email=one_line(report.get("adresEmail")).lower(),
        phone=one_line(report.get("numerTelefonu")),
        activity_kind=KINDS.get(firm.get("Typ", "")),
        web=one_line(report.get("adresStronyinternetowej")).lower(),
        ended_on=dt.date.fromisoformat(ended[:10]) if ended else None,
    )


_ENVELOPE = re.compile(rb"<(?:\w+:)?Envelope\b.*</(?:\w+:)?Envelope>", re.DOTALL)
_SESSION = re.compile(r"[0-9A-Za-z]{10,64}")
