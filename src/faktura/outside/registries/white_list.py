"""The Polish white list of payers of VAT: a firm by its NIP, and whether a bank account is its own, in JSON."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence

import msgspec

from faktura.core.registries.facts import Heard, RegistryName, Said, State
from faktura.outside.http import Answer, Client, Unanswered, origin_of
from faktura.outside.registries.adapter import (
    BAD_REQUEST,
    OK,
    WARSAW,
    OneByOne,
    Spent,
    end_of_day,
    one_line,
    plain,
    require,
)

ACTIVE, EXEMPT = "Czynny", "Zwolniony"

ON_LIST: Mapping[str, State] = {"TAK": "found", "NIE": "not_found"}

NO_NUMBER = frozenset({"WL-113", "WL-114", "WL-115"})
"""Said of a NIP that is none."""

NO_ACCOUNT = frozenset({"WL-109", "WL-110", "WL-111"})

TOO_MANY = "WL-191"


class Subject(msgspec.Struct, rename="camel"):
    """Of persons nothing is read but the firm's own name: no PESEL is ever kept."""

    name: str = ""
    nip: str | None = None
    status_vat: str | None = None
    regon: str | None = None
    residence_address: str | None = None
    working_address: str | None = None
    account_numbers: list[str] = []


class Answered(msgspec.Struct, rename="camel", kw_only=True):
    """By number and instant of an answer it is proved that somebody asked."""

    request_id: str
    request_date_time: str = ""

    @property
    def proof(self) -> str:
        return one_line(f"{self.request_id} {self.request_date_time}")


class Found(Answered):
    subject: Subject | None


class Refused(msgspec.Struct):
    code: str


class Entry(msgspec.Struct):
    """One of several that were asked for together."""

    identifier: str
    subjects: list[Subject] = []
    error: Refused | None = None


class FoundSeveral(Answered):
    entries: list[Entry]


class Checked(Answered):
    account_assigned: str


class FoundResult(msgspec.Struct):
    result: Found


class SeveralResult(msgspec.Struct):
    result: FoundSeveral


class CheckedResult(msgspec.Struct):
    result: Checked


class _OnTheList(OneByOne):
    """What is said holds for the day of which it is said."""

    title = "Biała lista VAT"
    zone = WARSAW

    def fresh_until(self, state: State, now: dt.datetime) -> dt.datetime:  # noqa: ARG002 (as the list has it)
        return end_of_day(WARSAW, now)


class WhiteList(_OnTheList):
    """Firms; a question is a NIP and the day of which is asked. Those of one day are asked for in one call."""

    name: RegistryName = "white_list"
    day_limit = 100
    most = 30
    at_once = 1

    def ask(self, client: Client, questions: Sequence[str], now: dt.datetime) -> Mapping[str, Heard]:
        numbers, days = zip(*(question.split("|") for question in questions), strict=True)
        if len(questions) == 1 or len(set(days)) > 1:
            return super().ask(client, questions, now)
        url = f"{self._url}/search/nips/{','.join(numbers)}?date={days[0]}"
        told = read_subjects(client.get(url), origin_of(self._url))
        return {question: told[nip] for question, nip in zip(questions, numbers, strict=True) if nip in told}

    def _ask(self, client: Client, question: str) -> Heard:
        nip, day = question.split("|")
        return read_subject(client.get(f"{self._url}/search/nip/{nip}?date={day}"), origin_of(self._url), nip)


class WhiteListCheck(_OnTheList):
    """Accounts; a question is a NIP, the account's 26 digits and the day of the payment."""

    name: RegistryName = "white_list_check"
    day_limit = 5000
    at_once = 2

    def _ask(self, client: Client, question: str) -> Heard:
        nip, account, day = question.split("|")
        answer = client.get(f"{self._url}/check/nip/{nip}/bank-account/{account}?date={day}")
        return read_check(answer, origin_of(self._url))


def read_subject(answer: Answer, origin: str, nip: str) -> Heard:
    if (refused := _refused(answer, origin, NO_NUMBER)) is not None:
        return refused
    found = msgspec.json.decode(answer.body, type=FoundResult).result
    if found.subject is None:
        return Heard("not_found", proof=found.proof)
    if found.subject.nip != nip:
        raise Unanswered(f"{origin} answers with another firm")
    return Heard("found", plain(_said(found.subject)), found.proof)


def read_subjects(answer: Answer, origin: str) -> dict[str, Heard]:
    """By each NIP, of those for which something is said."""
    if _refused(answer, origin, frozenset()) is not None:
        return {}
    found = msgspec.json.decode(answer.body, type=SeveralResult).result
    told = {entry.identifier: _heard(entry, found.proof, origin) for entry in found.entries}
    return {nip: one for nip, one in told.items() if one is not None}


def _heard(entry: Entry, proof: str, origin: str) -> Heard | None:
    """Nothing where an error is said that is not one of the number."""
    if entry.error is not None:
        return Heard("invalid") if entry.error.code in NO_NUMBER else None
    if not entry.subjects:
        return Heard("not_found", proof=proof)
    if entry.subjects[0].nip != entry.identifier:
        raise Unanswered(f"{origin} answers with another firm")
    return Heard("found", plain(_said(entry.subjects[0])), proof)


def read_check(answer: Answer, origin: str) -> Heard:
    if (refused := _refused(answer, origin, NO_NUMBER | NO_ACCOUNT)) is not None:
        return refused
    checked = msgspec.json.decode(answer.body, type=CheckedResult).result
    if checked.account_assigned not in ON_LIST:
        raise Unanswered(f"{origin} does not say whether the account is on the list")
    return Heard(ON_LIST[checked.account_assigned], proof=checked.proof)


def _refused(answer: Answer, origin: str, no_such: frozenset[str]) -> Heard | None:
    body = require(answer, origin, OK, BAD_REQUEST)
    if answer.status == OK:
        return None
    code = msgspec.json.decode(body, type=Refused).code
    if code == TOO_MANY:
        raise Spent(f"{origin} answers no more today")
    if code not in no_such:
        raise Unanswered(f"{origin}: {one_line(code)}")
    return Heard("invalid")


def _said(subject: Subject) -> Said:
    """The address is one line: street and number, code and city."""
    address = one_line(subject.working_address or subject.residence_address)
    parts = _ADDRESS.fullmatch(address)
    return Said(
        name=one_line(subject.name),
        registration_no=one_line(subject.regon),
        vat_no=one_line(subject.nip),
        street=parts["street"] if parts else address,
        postcode=parts["code"] if parts else "",
        city=parts["city"] if parts else "",
        pays_vat=subject.status_vat == ACTIVE if subject.status_vat in {ACTIVE, EXEMPT} else None,
    )


_ADDRESS = re.compile(r"(?P<street>.+), (?P<code>[0-9]{2}-[0-9]{3}) (?P<city>.+)")
