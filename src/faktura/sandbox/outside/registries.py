"""Doubles of the registries of firms: a sandbox asks these and nobody else, and they fail as they are told to.

They stand at addresses of the sandbox, where programs of this machine ask them as they ask the real ones.
"""

import csv
import functools
import re
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from lxml import etree
from msgspec import Meta
from stdnum.exceptions import ValidationError

from faktura.core.clock import Clock
from faktura.core.countries.numbers import Reading, read_ico, read_nip
from faktura.outside.http import Answer, Unanswered
from faktura.outside.registries.vies import GREECE
from faktura.outside.xml import read_xml
from faktura.sandbox.outside import registry_answers as answers
from faktura.sandbox.outside.registry_answers import KnownFirm

NAMES = ("ares", "crpdph", "vies", "white_list", "gus")

BELOW = "/world/"
"""Of the address of a sandbox."""

SLOW = 5.0
"""Seconds: longer than a page waits."""

DRIP = 1.0
"""Seconds between two bytes of a registry that drips."""

TOO_MUCH = 2_000_000
"""Bytes: more than anybody takes."""

SESSION = "sandboxsandboxsandbox"

Number = Annotated[str, Meta(max_length=40)]


class Instead(msgspec.Struct, forbid_unknown_fields=True):
    """What is answered to whatever is asked; a log-in to GUS goes on all the same."""

    body: str = ""
    status: Annotated[int, Meta(ge=200, le=599)] = 200
    content_type: Annotated[str, Meta(pattern=r"\A[\x20-\x7e]{1,100}\Z")] = "application/json"


class Standing(msgspec.Struct, forbid_unknown_fields=True):
    """How a registry is, what it does not know, and who is not to be relied on.

    Who is `down` ends the connection, `slow` takes five seconds, who drips a second for each byte; `too_much` are two
    megabytes, to `refuse` is 403 and a page of HTML. `accounts` are the published ones of every Czech payer; every
    Polish account is on the list that is not among the `not_found`. Of a day it answers `day_limit` questions.
    """

    state: Literal["ok", "down", "slow", "refuse", "drip", "too_much"] = "ok"
    not_found: Annotated[tuple[Number, ...], Meta(max_length=1000)] = ()
    unreliable: Annotated[tuple[Number, ...], Meta(max_length=1000)] = ()
    accounts: Annotated[tuple[Number, ...], Meta(max_length=100)] = ("19-2000145399/0800",)
    day_limit: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    instead: Instead | None = None


class Reply(NamedTuple):
    """An answer, or none where the connection ends; after a pause, and with another after each byte, in seconds."""

    answer: Answer | None
    content_type: str
    pause: float = 0
    drip: float = 0


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

    def reply(self, path: str, body: bytes = b"") -> Reply | None:
        """What comes of asking at a path below theirs, which begins with a name; None where there is none of it."""
        name, *rest = path.split("/")
        if name not in NAMES:
            return None
        standing, content_type = self.world[name], answers.CONTENT_TYPES[name]
        number = self._count(name)
        match standing.state:
            case "down":
                return Reply(None, content_type)
            case "refuse":
                return Reply(Answer(answers.REFUSED, answers.FORBIDDEN), "text/html")
            case "too_much":
                return Reply(Answer(answers.OK, b" " * TOO_MUCH), content_type)
        instead = standing.instead
        if instead is not None and answers.LOG_IN not in body:
            return Reply(Answer(instead.status, instead.body.encode()), instead.content_type)
        if standing.day_limit is not None and number > standing.day_limit:
            return Reply(answers.white_list_spent(), content_type)
        answer: Answer = self._answered(name, standing, rest, body)
        pause, drip = (SLOW if standing.state == "slow" else 0), (DRIP if standing.state == "drip" else 0)
        return Reply(answer, content_type, pause, drip)

    def _answered(self, name: str, standing: Standing, path: Sequence[str], body: bytes) -> Answer:
        """What is asked otherwise than the registry's interface says is answered with 400."""
        try:
            answer: Answer = _ANSWERS[name](self, standing, path, body)
        except (LookupError, ValueError, TypeError, AttributeError, Unanswered, msgspec.MsgspecError):
            return Answer(answers.BAD_REQUEST, b"")
        return answer

    def _count(self, name: str) -> int:
        with self._asking:
            day = name, str(self._clock.now().date())
            self._calls[day] += 1
            return self._calls[day]

    def _firm(self, standing: Standing, country: str, number: str) -> KnownFirm | None:
        return None if number in standing.not_found else known_firms().get((country, number))

    def _ares(self, standing: Standing, path: Sequence[str], body: bytes) -> Answer:
        if path[-1] == "vyhledat":
            return answers.ares_by_name(self._named(standing, msgspec.json.decode(body)["obchodniJmeno"]))
        if not is_number(read_ico, path[-1]):
            return answers.ares_no_number()
        return answers.ares(self._firm(standing, "CZ", path[-1]), path[-1])

    def _named(self, standing: Standing, name: str) -> dict[str, KnownFirm]:
        """Czech firms with the words in their names, by their numbers."""
        firms = {firm.registration_no: firm for (country, _), firm in known_firms().items() if country == "CZ"}
        wanted = name.casefold()
        return {
            no: firm for no, firm in firms.items() if wanted in firm.name.casefold() and no not in standing.not_found
        }

    def _crpdph(self, standing: Standing, _path: Sequence[str], body: bytes) -> Answer:
        numbers = [element.text or "" for element in read_xml(body, "").iterfind(".//{*}dic")]
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
        if path[1] == "nip" and not is_number(read_nip, path[-1]):
            return answers.white_list_no_number()
        if path[1] == "nips":
            numbers = path[-1].split(",")
            return answers.white_list_of_several({nip: self._firm(standing, "PL", nip) for nip in numbers}, call)
        return answers.white_list(self._firm(standing, "PL", path[-1]), path[-1], call)

    def _gus(self, standing: Standing, _path: Sequence[str], body: bytes) -> Answer:
        root = read_xml(body, "")
        action = etree.QName(root.find(".//{*}Body")[0]).localname
        match action:
            case "Zaloguj":
                return answers.gus(SESSION, action)
            case "GetValue":
                return answers.gus("1", action)
            case "DanePobierzPelnyRaport":
                return answers.gus(answers.GUS_REPORT, action)
        nip = root.findtext(".//{*}Nip") or ""
        return answers.gus(answers.gus_firm(self._firm(standing, "PL", nip), nip), action)


_ANSWERS: Mapping[str, Any] = {name: getattr(Doubles, f"_{name}") for name in NAMES}


def is_number(reading: Reading, text: str) -> bool:
    try:
        return bool(reading(text))
    except ValidationError:
        return False


@functools.cache
def known_firms() -> Mapping[tuple[str, str], KnownFirm]:
    """The firms of the example's table of contacts, by country and each of their numbers."""
    with CONTACTS.open(encoding="utf-8", newline="") as lines:
        rows = [row | {"vat_no": _LETTERS.sub("", row["vat_no"])} for row in csv.DictReader(lines)]
    firms = [KnownFirm(*(row[name] for name in KnownFirm._fields)) for row in rows]
    return {(firm.country, number): firm for firm in firms for number in (firm.registration_no, firm.vat_no) if number}


CONTACTS = Path(__file__).parent.parent / "example" / "contacts.csv"

_LETTERS = re.compile(r"\A[A-Z]{2}")
