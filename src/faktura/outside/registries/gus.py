"""GUS BIR: the Polish registry of firms, by their NIP, by SOAP in a session that the operator's key opens."""

import datetime as dt
import re
import threading
from collections.abc import Mapping, Sequence
from typing import NamedTuple

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
    """What is to be done, and the elements, one in the other, of which the last holds the one thing that is said."""

    action: str
    path: tuple[str, ...]


LOG_IN = Question(f"{PUBLIC}/IUslugaBIRzewnPubl/Zaloguj", ("bir:Zaloguj", "bir:pKluczUzytkownika"))
SEARCH = Question(
    f"{PUBLIC}/IUslugaBIRzewnPubl/DaneSzukajPodmioty",
    ("bir:DaneSzukajPodmioty", "bir:pParametryWyszukiwania", "con:Nip"),
)
GET_VALUE = Question(f"{COMMON}/IUslugaBIR/GetValue", ("com:GetValue", "com:pNazwaParametru"))

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
        return read_firm(found, origin, question)

    def _log_in(self, client: Client) -> None:
        self._session = ""
        session = self._call(client, LOG_IN, self._key)
        if not _SESSION.fullmatch(session):
            raise Unanswered(f"{origin_of(self._url)} does not let us in")
        self._session = session

    def _search(self, client: Client, nip: str) -> str:
        return self._call(client, SEARCH, nip)

    def _call(self, client: Client, question: Question, said: str) -> str:
        """The text of the result; it comes alone or as a part of several."""
        content_type = f'application/soap+xml; charset=utf-8; action="{question.action}"'
        headers = {"Content-Type": content_type, "Accept": "*/*"}
        if self._session:
            headers["sid"] = self._session
        answer = client.post(self._url, _envelope(self._url, question, said), headers)
        return result_of(require(answer, self._url, OK), origin_of(self._url))


def _envelope(url: str, question: Question, said: str) -> bytes:
    envelope = Node.root("soap:Envelope", NAMESPACES)
    header = envelope.add("soap:Header")
    header.add("wsa:To", url)
    header.add("wsa:Action", question.action)
    element = envelope.add("soap:Body")
    for name in question.path[:-1]:
        element = element.add(name)
    element.add(question.path[-1], said)
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


def read_firm(result: str, origin: str, nip: str) -> Heard:
    """The firm in the XML that is the text of a result; of several entries the one without an end counts first."""
    entries = read_xml(result.encode(), origin).findall("{*}dane") if result else []
    told = [{local_name(field): field.text or "" for field in entry} for entry in entries]
    if not told:
        raise Unanswered(f"{origin} answers with nothing")
    if "ErrorCode" in told[0]:
        if told[0]["ErrorCode"] != NOT_THERE:
            raise Unanswered(f"{origin} answers with code {one_line(told[0]['ErrorCode'])}")
        return Heard("not_found")
    firm = min(told, key=lambda one: bool(one.get("DataZakonczeniaDzialalnosci")))
    if firm.get("Nip") != nip or not firm.get("Nazwa"):
        raise Unanswered(f"{origin} answers with another firm")
    return Heard("found", plain(_said(firm)))


def _said(firm: Mapping[str, str]) -> Said:
    number = "/".join(filter(None, (firm.get("NrNieruchomosci"), firm.get("NrLokalu"))))
    ended = one_line(firm.get("DataZakonczeniaDzialalnosci"))
    return Said(
        name=one_line(firm.get("Nazwa")),
        registration_no=one_line(firm.get("Regon")),
        vat_no=one_line(firm.get("Nip")),
        street=one_line(f"{firm.get('Ulica') or firm.get('Miejscowosc') or ''} {number}"),
        city=one_line(firm.get("Miejscowosc")),
        postcode=one_line(firm.get("KodPocztowy")),
        ended_on=dt.date.fromisoformat(ended[:10]) if ended else None,
    )


_ENVELOPE = re.compile(rb"<(?:\w+:)?Envelope\b.*</(?:\w+:)?Envelope>", re.DOTALL)
_SESSION = re.compile(r"[0-9A-Za-z]{10,64}")
