"""ARES: the Czech registry of firms, by their IČO or a part of their name, in JSON."""

import datetime as dt
from collections.abc import Mapping

import msgspec

from faktura.core.countries.numbers import read_ico
from faktura.core.registries.days import NO_LIMIT
from faktura.core.registries.facts import Heard, RegistryName, Said, State
from faktura.outside.http import Answer, Client, Unanswered, origin_of
from faktura.outside.registries.adapter import BAD_REQUEST, NOT_FOUND, OK, PRAGUE, OneByOne, one_line, plain, require

ACTIVE = "AKTIVNI"
CAPITAL = "Praha"

MOST_NAMED = 10
"""Firms that are shown of those with a name."""


class Seat(msgspec.Struct, rename="camel"):
    """An address, of which a village has no street and a foreign one no parts."""

    kod_statu: str = ""
    nazev_obce: str = ""
    nazev_mestskeho_obvodu: str = ""
    nazev_casti_obce: str = ""
    nazev_ulice: str = ""
    cislo_domovni: int | None = None
    cislo_orientacni: int | None = None
    cislo_orientacni_pismeno: str = ""
    psc: int | None = None
    psc_txt: str = ""


class Registrations(msgspec.Struct, rename="camel"):
    stav_zdroje_dph: str = ""
    stav_zdroje_sk_dph: str = ""


class Firm(msgspec.Struct, rename="camel"):
    ico: str
    obchodni_jmeno: str
    sidlo: Seat = msgspec.field(default_factory=Seat)
    pravni_forma: str = ""
    dic: str = ""
    dic_sk_dph: str = ""
    seznam_registraci: Registrations = msgspec.field(default_factory=Registrations)
    datum_zaniku: dt.date | None = None


class Firms(msgspec.Struct, rename="camel"):
    ekonomicke_subjekty: list[Firm]


class Refused(msgspec.Struct, rename="camel"):
    """Why there is no firm: it is not found, or its number is none."""

    kod: str


class Ares(OneByOne):
    """No limit is published: it is asked for one firm at a time, and by jobs for one a second."""

    name: RegistryName = "ares"
    title = "ARES"
    zone = PRAGUE
    day_limit = NO_LIMIT
    at_once = 1
    pause: float = 1

    def _ask(self, client: Client, question: str) -> Heard:
        return read_firm(client.get(f"{self._url}/ekonomicke-subjekty/{question}"), self._url, question)


class AresSearch(OneByOne):
    """A question is a name, in small letters; the answer is the first few firms that have it in theirs."""

    name: RegistryName = "ares_search"
    title = "ARES"
    zone = PRAGUE
    day_limit = NO_LIMIT
    at_once = 1

    def _ask(self, client: Client, question: str) -> Heard:
        asked = {"obchodniJmeno": question, "start": 0, "pocet": MOST_NAMED, "razeni": []}
        url = f"{self._url}/ekonomicke-subjekty/vyhledat"
        return read_firms(client.post(url, msgspec.json.encode(asked)), self._url)


def read_firms(answer: Answer, url: str) -> Heard:
    found = msgspec.json.decode(require(answer, url, OK), type=Firms).ekonomicke_subjekty
    said = [plain(_said(firm)) for firm in found[:MOST_NAMED]]
    return Heard("found", {"firms": said}) if said else Heard("not_found")


def read_firm(answer: Answer, url: str, ico: str) -> Heard:
    body = require(answer, url, OK, NOT_FOUND, BAD_REQUEST)
    if answer.status != OK:
        reason = msgspec.json.decode(body, type=Refused).kod
        if (answer.status, reason) not in _REASONS:
            raise Unanswered(f"{origin_of(url)}: status {answer.status}")
        return Heard(_REASONS[answer.status, reason])
    firm = msgspec.json.decode(body, type=Firm)
    if read_ico(firm.ico) != ico:
        raise Unanswered(f"{origin_of(url)} answers with another firm")
    return Heard("found", plain(_said(firm)))


def _said(firm: Firm) -> Said:
    """The VAT number of who pays none may be a number of birth, and is left out."""
    seat, registered = firm.sidlo, firm.seznam_registraci
    in_group = registered.stav_zdroje_sk_dph == ACTIVE
    pays = in_group or registered.stav_zdroje_dph == ACTIVE
    dic = firm.dic_sk_dph if in_group and firm.dic_sk_dph.startswith("CZ") else firm.dic
    return Said(
        name=one_line(firm.obchodni_jmeno),
        registration_no=read_ico(firm.ico),
        vat_no=one_line(dic) if pays else "",
        street=one_line(_street(seat)),
        city=one_line(_city(seat)),
        postcode=_postcode(seat),
        legal_form=one_line(firm.pravni_forma),
        pays_vat=pays,
        ended_on=firm.datum_zaniku,
    )


def _street(seat: Seat) -> str:
    orientation = "" if seat.cislo_orientacni is None else f"{seat.cislo_orientacni}{seat.cislo_orientacni_pismeno}"
    house = "" if seat.cislo_domovni is None else str(seat.cislo_domovni)
    number = "/".join(filter(None, (house, orientation)))
    return f"{seat.nazev_ulice or seat.nazev_casti_obce or seat.nazev_obce} {number}"


def _city(seat: Seat) -> str:
    """In Prague with the district by which it is written on letters: Praha 1."""
    return seat.nazev_mestskeho_obvodu if seat.nazev_mestskeho_obvodu.startswith(CAPITAL) else seat.nazev_obce


def _postcode(seat: Seat) -> str:
    if seat.psc is None:
        return one_line(seat.psc_txt)
    digits = f"{seat.psc:05}"
    return f"{digits[:3]} {digits[3:]}"


_REASONS: Mapping[tuple[int, str], State] = {
    (NOT_FOUND, "NENALEZENO"): "not_found",
    (BAD_REQUEST, "CHYBA_VSTUPU"): "invalid",
}
