"""The Czech register of payers of VAT: who is not to be relied on, which bank accounts are published, by SOAP."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from faktura.core.registries.days import NO_LIMIT
from faktura.core.registries.facts import Heard, Payer, RegistryName, State
from faktura.outside.http import Client, Unanswered, origin_of
from faktura.outside.registries.adapter import OK, PRAGUE, AtRest, end_of_day, one_line, plain, require
from faktura.outside.xml import read_xml
from faktura.xml import Node

if TYPE_CHECKING:
    from lxml import etree

SPACE = "http://adis.mfcr.cz/rozhraniCRPDPH/"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"

BREAK = dt.timedelta(minutes=10)
"""From midnight on, so long nobody is answered."""

NO_BREAK = dt.timedelta()

HEADERS = {"Content-Type": "text/xml; charset=utf-8", "Accept": "text/xml", "SOAPAction": '""'}

READ, FIRST_HUNDRED, BREAK_NOW = "0", "1", "2"


class Crpdph:
    """Its data change once a night."""

    name: RegistryName = "crpdph"
    title = "Registr plátců DPH"
    zone = PRAGUE
    day_limit = NO_LIMIT
    most = 100
    at_once = 4
    pause: float = 0

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, client: Client, questions: Sequence[str], now: dt.datetime) -> Mapping[str, Heard]:
        if (left := break_left(now)) > NO_BREAK:
            raise AtRest(f"{origin_of(self._url)} has its nightly break", left)
        answer = client.post(self._url, _question(questions), HEADERS)
        told = dict(read_payers(require(answer, self._url, OK), origin_of(self._url)))
        return {dic: told[dic] for dic in questions if dic in told}

    def fresh_until(self, state: State, now: dt.datetime) -> dt.datetime:  # noqa: ARG002 (as the register has it)
        return end_of_day(PRAGUE, now)


def break_left(now: dt.datetime) -> dt.timedelta:
    """How long the nightly break lasts yet."""
    here = now.astimezone(PRAGUE)
    return max(NO_BREAK, BREAK - (here - here.replace(hour=0, minute=0, second=0, microsecond=0)))


def _question(questions: Sequence[str]) -> bytes:
    envelope = Node.root("soapenv:Envelope", {"soapenv": SOAP, "roz": SPACE})
    request = envelope.add("soapenv:Body").add("roz:StatusNespolehlivyPlatceRozsirenyRequest")
    for dic in questions:
        request.add("roz:dic", dic)
    return envelope.written()


def read_payers(body: bytes, origin: str) -> Iterator[tuple[str, Heard]]:
    """What is said of each number, which stands without the letters of the country."""
    root = read_xml(body, origin)
    status = root.find(".//{*}status")
    code = None if status is None else status.get("statusCode")
    if code == BREAK_NOW:
        raise AtRest(f"{origin} has a break that was planned", BREAK)
    if status is None or code not in {READ, FIRST_HUNDRED}:
        raise Unanswered(f"{origin} answers with status {code}")
    generated = status.get("odpovedGenerovana", "")
    for payer in root.iterfind(".//{*}statusPlatceDPH"):
        yield payer.get("dic", ""), _heard(payer, generated, origin)


def _heard(payer: "etree._Element", generated: str, origin: str) -> Heard:
    match payer.get("nespolehlivyPlatce"):
        case "NENALEZEN":
            return Heard("not_found", proof=one_line(generated))
        case "ANO" | "NE" as unreliable:
            published = payer.get("datumZverejneniNespolehlivosti")
            said = Payer(
                unreliable=unreliable == "ANO",
                since=dt.date.fromisoformat(published) if published else None,
                accounts=tuple(_accounts(payer)),
            )
            return Heard("found", plain(said), one_line(generated))
    raise Unanswered(f"{origin} does not say whether a payer is to be relied on")


def _accounts(payer: "etree._Element") -> Iterator[str]:
    for account in payer.iterfind(".//{*}ucet/*"):
        number = one_line(account.get("cislo"))
        prefix, bank = one_line(account.get("predcisli")), one_line(account.get("kodBanky"))
        if bank:
            number = f"{number}/{bank}"
        yield f"{prefix}-{number}" if prefix.strip("0") else number
