"""What doubles of registries answer, in the words of the real ones."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

import msgspec

from faktura.outside.http import Answer

OK, BAD_REQUEST, REFUSED, NOT_FOUND = 200, 400, 403, 404

FORBIDDEN = b"<html><body>403 Forbidden</body></html>"

LOG_IN = b"Zaloguj"

CONTENT_TYPES = {
    "ares": "application/json",
    "crpdph": "text/xml;charset=utf-8",
    "vies": "application/json",
    "white_list": "application/json",
    "gus": 'multipart/related; type="application/xop+xml"; boundary="uuid:double"',
}


class KnownFirm(NamedTuple):
    """A made-up firm that registries know, by its numbers without the letters of its country."""

    name: str
    street: str
    city: str
    postcode: str
    country: str
    registration_no: str
    vat_no: str


def json_answer(value: Any, status: int = OK) -> Answer:
    return Answer(status, msgspec.json.encode(value))


def ares(firm: KnownFirm | None, ico: str) -> Answer:
    if firm is None:
        told = {"kod": "NENALEZENO", "popis": "Ekonomický subjekt nebyl nalezen.", "subKod": "VYSTUP_SUBJEKT_NENALEZEN"}
        return json_answer(told, NOT_FOUND)
    return json_answer(_in_ares(firm, ico))


def ares_by_name(firms: Mapping[str, KnownFirm]) -> Answer:
    found = [_in_ares(firm, ico) for ico, firm in firms.items()]
    return json_answer({"pocetCelkem": len(found), "ekonomickeSubjekty": found[:10]})


def ares_no_number() -> Answer:
    told = {"kod": "CHYBA_VSTUPU", "popis": "Nevalidní formát IČO.", "subKod": "VSTUP_NEVALIDNI_FORMAT_ICO"}
    return json_answer(told, BAD_REQUEST)


def _in_ares(firm: KnownFirm, ico: str) -> dict[str, Any]:
    street, _, number = firm.street.rpartition(" ")
    digits = "".join(filter(str.isdecimal, firm.postcode))
    seat = {
        "kodStatu": "CZ",
        "nazevObce": firm.city,
        "nazevUlice": street or firm.street,
        "psc": int(digits) if digits else None,
        **({"cisloDomovni": int(number)} if number.isdecimal() else {}),
    }
    state = "AKTIVNI" if firm.vat_no else "NEEXISTUJICI"
    return {
        "ico": ico,
        "obchodniJmeno": firm.name,
        "sidlo": seat,
        "pravniForma": "112",
        "seznamRegistraci": {"stavZdrojeDph": state, "stavZdrojeSkDph": "NEEXISTUJICI"},
        "dicSkDph": "N/A",
        **({"dic": f"CZ{firm.vat_no}"} if firm.vat_no else {}),
    }


def crpdph(payers: list[tuple[str, str]], accounts: tuple[str, ...], today: dt.date) -> Answer:
    """Each payer is a number and ANO, NE or NENALEZEN."""
    said = "".join(_payer(number, word, accounts, today) for number, word in payers)
    return _register(f'<status odpovedGenerovana="{today}" statusCode="0" statusText="OK"/>{said}')


def vies(firm: KnownFirm | None, country: str, number: str, requester: str, now: dt.datetime) -> Answer:
    told: dict[str, Any] = {
        "requestDate": now.isoformat(),
        "vatNumber": number,
        "name": firm.name if firm else "---",
        "address": f"{firm.street}\n{firm.postcode} {firm.city}" if firm else "---",
    }
    if requester:
        proof = f"WAPIAAAA{now:%Y%m%d%H%M%S}"
        return json_answer(told | {"valid": firm is not None, "countryCode": country, "requestIdentifier": proof})
    return json_answer(told | {"isValid": firm is not None, "userError": "VALID" if firm else "INVALID"})


def white_list(firm: KnownFirm | None, nip: str, call: int) -> Answer:
    subject = None if firm is None else _subject(firm, nip)
    return json_answer({"result": {"subject": subject, "requestId": f"double-{call:07x}"}})


def white_list_of_several(firms: Mapping[str, KnownFirm | None], call: int) -> Answer:
    entries = [
        {"identifier": nip, "subjects": [] if firm is None else [_subject(firm, nip)]} for nip, firm in firms.items()
    ]
    return json_answer({"result": {"entries": entries, "requestId": f"double-{call:07x}"}})


def _subject(firm: KnownFirm, nip: str) -> dict[str, Any]:
    subject = {"name": firm.name, "nip": nip, "statusVat": "Czynny", "regon": firm.registration_no or None}
    return subject | {"workingAddress": f"{firm.street}, {firm.postcode} {firm.city}", "accountNumbers": []}


def white_list_check(*, is_on_list: bool, call: int) -> Answer:
    word = "TAK" if is_on_list else "NIE"
    return json_answer({"result": {"accountAssigned": word, "requestId": f"double-{call:07x}"}})


def white_list_no_number() -> Answer:
    return json_answer({"code": "WL-115", "message": "Nieprawidłowy NIP."}, BAD_REQUEST)


def white_list_spent() -> Answer:
    told = {"code": "WL-191", "message": "Przekroczono dopuszczalną liczbę zapytań"}
    return json_answer(told, BAD_REQUEST)


def gus(result: str, action: str) -> Answer:
    """The text of a result, in the one part of several."""
    body = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
        f'<{action}Response xmlns="http://CIS/BIR/PUBL/2014/07"><{action}Result>{escape(result)}</{action}Result>'
        f"</{action}Response></s:Body></s:Envelope>"
    )
    part = f"--uuid:double\r\nContent-Type: application/xop+xml\r\n\r\n{body}\r\n--uuid:double--\r\n"
    return Answer(OK, part.encode())


REGON = "123456785"
"""Of Polish firms of the example that have none written down."""

GUS_REPORT = (
    "<root><dane><praw_numerTelefonu>221234567</praw_numerTelefonu><praw_adresEmail>BIURO@FIRMA.TEST</praw_adresEmail>"
    "<praw_adresStronyinternetowej>www.firma.test</praw_adresStronyinternetowej></dane></root>"
)
"""The same of every firm."""


def gus_firm(firm: KnownFirm | None, nip: str) -> str:
    if firm is None:
        return "<root><dane><ErrorCode>4</ErrorCode></dane></root>"
    street, _, number = firm.street.rpartition(" ")
    told = {
        "Regon": firm.registration_no or REGON,
        "Nip": nip,
        "Nazwa": firm.name,
        "Miejscowosc": firm.city,
        "KodPocztowy": firm.postcode,
        "Ulica": street or firm.street,
        "NrNieruchomosci": number if street else "",
        "Typ": "P",
        "SilosID": "6",
        "DataZakonczeniaDzialalnosci": "",
    }
    return f"<root><dane>{''.join(f'<{name}>{escape(text)}</{name}>' for name, text in told.items())}</dane></root>"


def _register(said: str) -> Answer:
    body = (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
        '<StatusNespolehlivyPlatceRozsirenyResponse xmlns="http://adis.mfcr.cz/rozhraniCRPDPH/">'
        f"{said}</StatusNespolehlivyPlatceRozsirenyResponse></soapenv:Body></soapenv:Envelope>"
    )
    return Answer(OK, body.encode())


def _payer(number: str, word: str, accounts: tuple[str, ...], today: dt.date) -> str:
    if word == "NENALEZEN":
        return f'<statusPlatceDPH dic={quoteattr(number)} nespolehlivyPlatce="NENALEZEN"/>'
    since = f' datumZverejneniNespolehlivosti="{today}"' if word == "ANO" else ""
    published = "".join(map(_account, accounts))
    return (
        f'<statusPlatceDPH dic={quoteattr(number)} nespolehlivyPlatce="{word}"{since}>'
        f"<zverejneneUcty>{published}</zverejneneUcty></statusPlatceDPH>"
    )


def _account(number: str) -> str:
    root, _, bank = number.partition("/")
    prefix, _, digits = root.rpartition("-")
    if not bank:
        return f"<ucet><nestandardniUcet cislo={quoteattr(number)}/></ucet>"
    parted = f"predcisli={quoteattr(prefix)} cislo={quoteattr(digits)} kodBanky={quoteattr(bank)}"
    return f"<ucet><standardniUcet {parted}/></ucet>"
