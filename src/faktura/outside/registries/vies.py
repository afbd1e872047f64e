"""VIES: whether a VAT number of the EU is valid, asked for a firm that gets a number to prove it by, in JSON."""

import re

import msgspec

from faktura.core.registries.days import NO_LIMIT
from faktura.core.registries.facts import Heard, RegistryName, Said
from faktura.outside.http import Client, Unanswered, origin_of
from faktura.outside.registries.adapter import BRUSSELS, OK, OneByOne, one_line, plain, require

GREECE = {"GR": "EL"}
"""Its letters in VAT numbers."""


class Told(msgspec.Struct, rename="camel"):
    """To a question with somebody who asks `valid`, to one without `is_valid`; an error has neither meaning."""

    valid: bool | None = None
    is_valid: bool | None = None
    user_error: str = ""
    action_succeed: bool = True
    error_wrappers: list[object] = []
    country_code: str | None = None
    vat_number: str | None = None
    name: str = ""
    address: str = ""
    request_identifier: str = ""


class Vies(OneByOne):
    """Each member state answers for itself, or does not."""

    name: RegistryName = "vies"
    title = "VIES"
    zone = BRUSSELS
    day_limit = NO_LIMIT
    at_once = 2

    def _ask(self, client: Client, question: str) -> Heard:
        country, number, *requester = question.split("|")
        if requester:
            asked = {"countryCode": country, "vatNumber": number}
            asked |= {"requesterMemberStateCode": requester[0], "requesterNumber": requester[1]}
            answer = client.post(f"{self._url}/check-vat-number", msgspec.json.encode(asked))
        else:
            answer = client.get(f"{self._url}/ms/{country}/vat/{number}")
        return read_number(require(answer, self._url, OK), origin_of(self._url), country, number)


def question_of(vat_no: str, country: str, requester: tuple[str, str] | None = None) -> str:
    """The question after a number of a country, for the firm with the number of the requester.

    Raises:
        ValueError: the number cannot be one.

    """
    asked = (_parted(vat_no, country), *([] if requester is None else [_parted(*requester)]))
    return "|".join(part for pair in asked for part in pair)


def _parted(vat_no: str, country: str) -> tuple[str, str]:
    letters = GREECE.get(country, country)
    number = re.sub(r"[\s.-]", "", vat_no.upper()).removeprefix(letters)
    if not (_LETTERS.fullmatch(letters) and _NUMBER.fullmatch(number)):
        message = "no VAT number has such letters"
        raise ValueError(message)
    return letters, number


def read_number(body: bytes, origin: str, country: str, number: str) -> Heard:
    """Only that a number is valid or that it is not are answers: everything else means that nobody was asked."""
    told = msgspec.json.decode(body, type=Told)
    valid = told.is_valid if told.valid is None else told.valid
    fails = told.user_error not in {"", "VALID", "INVALID"} or told.error_wrappers or not told.action_succeed
    if valid is None or fails or (told.user_error and valid != (told.user_error == "VALID")):
        raise Unanswered(f"{origin} says nothing of the number: {one_line(told.user_error) or 'an error'}")
    if told.vat_number not in {None, number} or told.country_code not in {None, country}:
        raise Unanswered(f"{origin} answers with another number")
    proof = one_line(told.request_identifier) or None
    if not valid:
        return Heard("invalid", proof=proof)
    return Heard("found", plain(_said(told, f"{country}{number}")), proof)


def _said(told: Told, vat_no: str) -> Said:
    """An address is free text, of which the last line is code and city: where it looks so, it is taken apart."""
    lines = [line for line in map(one_line, told.address.splitlines()) if line]
    last = _CODE_AND_CITY.fullmatch(lines[-1]) if len(lines) > 1 else None
    return Said(
        name=one_line(told.name),
        vat_no=vat_no,
        street=", ".join(lines[:-1] if last else lines),
        postcode=last["code"] if last else "",
        city=last["city"] if last else "",
        pays_vat=True,
    )


_LETTERS = re.compile(r"[A-Z]{2}")
_NUMBER = re.compile(r"[0-9A-Z+*]{2,12}")
_CODE_AND_CITY = re.compile(r"(?P<code>(?:[A-Z]{1,2}-)?[0-9]{2,5}(?:[ -][0-9A-Z]{2,4})?) (?P<city>\D+)")
