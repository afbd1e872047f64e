"""Doubles of the registries of firms: a sandbox asks these and nobody else, and they fail as they are told to."""

import csv
import functools
import re
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from lxml import etree
from msgspec import Meta

from faktura.core.clock import Clock
from faktura.outside.http import Answer, Client, Unanswered
from faktura.outside.registries.vies import GREECE
from faktura.outside.xml import read_xml
from faktura.sandbox.outside import registry_answers as answers
from faktura.sandbox.outside.registry_answers import KnownFirm

NAMES = ("ares", "crpdph", "vies", "white_list", "gus")

ADDRESS = "http://registries.invalid"
"""No request goes there."""

SOURCES = {name: f"{ADDRESS}/{name}" for name in NAMES}

SLOW = 5.0
"""Seconds: longer than a page waits."""

SESSION = "sandboxsandboxsandbox"

Number = Annotated[str, Meta(max_length=40)]


class Standing(msgspec.Struct, forbid_unknown_fields=True):
    """How a registry is, what it does not know, and who is not to be relied on.

    `accounts` are the published ones of every Czech payer; every Polish account is on the list that is not among the
    `not_found`. Of a day it answers `day_limit` questions.
    """

    state: Literal["ok", "down", "slow", "refuse"] = "ok"
    not_found: Annotated[tuple[Number, ...], Meta(max_length=1000)] = ()
    unreliable: Annotated[tuple[Number, ...], Meta(max_length=1000)] = ()
    accounts: Annotated[tuple[Number, ...], Meta(max_length=100)] = ("19-2000145399/0800",)
    day_limit: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None


World = dict[str, Standing]


def usual_world() -> World:
    return {name: Standing() for name in NAMES}


class Doubles:
    """All registries of a world, which know the firms of its example."""

    def __init__(self, clock: Clock) -> None:
        self.world = usual_world()
        self._clock = clock
        self._calls: Counter[tuple[str, str]] = Counter()
        self._asking = threading.Lock()

    def keep(self) -> Any:
        return dict(self.world), self._calls.copy()

    def bring_back(self, kept: Any) -> None:
        world, calls = kept
        self.world, self._calls = dict(world), calls.copy()

    def answer(self, url: str, body: bytes = b"") -> Answer:
        """What the registry answers that the address names.

        Raises:
            Unanswered: it is down.

        """
        split = urlsplit(url)
        _, name, *path = split.path.split("/")
        standing, number = self.world[name], self._count(name)
        if standing.state == "down":
            raise Unanswered(f"{ADDRESS}: the double is down")
        if standing.state == "slow":
            threading.Event().wait(SLOW)
        if standing.state == "refuse":
            return Answer(answers.REFUSED, b"<html><body>403 Forbidden</body></html>")
        if standing.day_limit is not None and number > standing.day_limit:
            return answers.white_list_spent()
        answer: Answer = _ANSWERS[name](self, standing, path, body)
        return answer

    def _count(self, name: str) -> int:
        with self._asking:
            day = name, str(self._clock.now().date())
            self._calls[day] += 1
            return self._calls[day]

    def _firm(self, standing: Standing, country: str, number: str) -> KnownFirm | None:
        return None if number in standing.not_found else known_firms().get((country, number))

    def _ares(self, standing: Standing, path: Sequence[str], _body: bytes) -> Answer:
        return answers.ares(self._firm(standing, "CZ", path[-1]), path[-1])

    def _crpdph(self, standing: Standing, _path: Sequence[str], body: bytes) -> Answer:
        numbers = [element.text or "" for element in read_xml(body, ADDRESS).iterfind(".//{*}dic")]
        payers = [(number, self._word(standing, number)) for number in numbers]
        return answers.crpdph(payers, standing.accounts, self._clock.now().date())

    def _word(self, standing: Standing, number: str) -> str:
        if number in standing.unreliable:
            return "ANO"
        return "NENALEZEN" if self._firm(standing, "CZ", number) is None else "NE"

    def _vies(self, standing: Standing, path: Sequence[str], body: bytes) -> Answer:
        asked = msgspec.json.decode(body) if body else {"countryCode": path[1], "vatNumber": path[3]}
        letters, number = asked["countryCode"], asked["vatNumber"]
        country = next((code for code, spelled in GREECE.items() if spelled == letters), letters)
        firm, requester = self._firm(standing, country, number), asked.get("requesterNumber", "")
        return answers.vies(firm, letters, number, requester, self._clock.now())

    def _white_list(self, standing: Standing, path: Sequence[str], _body: bytes) -> Answer:
        call = sum(self._calls.values())
        if path[0] == "check":
            return answers.white_list_check(is_on_list=path[-1] not in standing.not_found, call=call)
        if path[1] == "nips":
            numbers = path[-1].split(",")
            return answers.white_list_of_several({nip: self._firm(standing, "PL", nip) for nip in numbers}, call)
        return answers.white_list(self._firm(standing, "PL", path[-1]), path[-1], call)

    def _gus(self, standing: Standing, _path: Sequence[str], body: bytes) -> Answer:
        root = read_xml(body, ADDRESS)
        action = etree.QName(root.find(".//{*}Body")[0]).localname
        match action:
            case "Zaloguj":
                return answers.gus(SESSION, action)
            case "GetValue":
                return answers.gus("1", action)
        nip = root.findtext(".//{*}Nip") or ""
        return answers.gus(answers.gus_firm(self._firm(standing, "PL", nip), nip), action)


_ANSWERS: Mapping[str, Any] = {name: getattr(Doubles, f"_{name}") for name in NAMES}


class AskingDoubles(Client, frozen=True, kw_only=True):
    """A client that reaches the doubles of its world, and nothing else."""

    doubles: Doubles

    def get(self, url: str, headers: Mapping[str, str] = {}) -> Answer:  # noqa: ARG002 (as any client)
        return self.doubles.answer(url)

    def post(self, url: str, body: bytes, headers: Mapping[str, str] = {}) -> Answer:  # noqa: ARG002 (as any client)
        return self.doubles.answer(url, body)


@functools.cache
def known_firms() -> Mapping[tuple[str, str], KnownFirm]:
    """The firms of the example's table of contacts, by country and each of their numbers."""
    with CONTACTS.open(encoding="utf-8", newline="") as lines:
        rows = [row | {"vat_no": _LETTERS.sub("", row["vat_no"])} for row in csv.DictReader(lines)]
    firms = [KnownFirm(*(row[name] for name in KnownFirm._fields)) for row in rows]
    return {(firm.country, number): firm for firm in firms for number in (firm.registration_no, firm.vat_no) if number}


CONTACTS = Path(__file__).parent.parent / "example" / "contacts.csv"

_LETTERS = re.compile(r"\A[A-Z]{2}")
