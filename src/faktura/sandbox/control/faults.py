"""Fault rules: which requests, answers and messages something happens to on their way."""

import copy
import threading
from collections.abc import Iterable
from typing import Annotated, Any, Literal

import falcon
import msgspec
from msgspec import Meta

from faktura.sandbox.control.bodies import read_object
from faktura.sandbox.control.paths import WEBHOOKS, Doors, Place, fits
from faktura.sandbox.control.state import MOST, Wrong
from faktura.store.chance import Seeded

MOST_RULES = 100
LONGEST_LATENCY = 60_000

Cut = Literal["before", "headers", "body"]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Fault(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """One of these happens; `body` and `headers` come with a `status`."""

    status: Annotated[int, Meta(ge=200, le=599)] | None = None
    body: Any = None
    headers: dict[str, Annotated[str, Meta(pattern=r"\A[\x20-\x7e]*\Z")]] = {}
    latency_ms: Annotated[int, Meta(ge=0, le=LONGEST_LATENCY)] | None = None
    cut: Cut | None = None
    lost: Literal[True] | None = None
    duplicate: Annotated[int, Meta(ge=2, le=10)] | None = None
    out_of_order: Literal[True] | None = None

    @property
    def kind(self) -> str:
        return next(name for name in KINDS if getattr(self, name) is not None)


KINDS = ("status", "latency_ms", "cut", "lost", "duplicate", "out_of_order")
ONLY_WEBHOOKS = ("duplicate", "out_of_order")


class Terms(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """What a rule is about: the `count` requests after the first `after` that fit, a `share` of them by its `seed`.

    Where no door is named, it is about those of programs.
    """

    fault: Fault
    doors: tuple[str, ...] = ()
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] | None = None
    path: Annotated[str, Meta(pattern=r"\A/[^?#]*\Z", max_length=500)] | None = None
    share: Annotated[float, Meta(ge=0, le=1)] = 1.0
    count: Annotated[int, Meta(ge=1, le=MOST)] | None = None
    after: Annotated[int, Meta(ge=0, le=MOST)] = 0
    seed: Annotated[int, Meta(ge=0, le=MOST)] | None = None


class Rule:
    """Its terms, how many requests `fitted` them, and how many of those it `hits`."""

    def __init__(self, number: int, terms: Terms) -> None:
        self.id = number
        self.terms = terms
        self.fitted = 0
        self.hits = 0
        self._chance = Seeded(str(number if terms.seed is None else terms.seed))

    def strikes(self, method: str, place: Place) -> bool:
        terms = self.terms
        if place.door not in terms.doors or terms.method not in {None, method}:
            return False
        if terms.path is not None and not fits(terms.path, place):
            return False
        self.fitted += 1
        if self.fitted <= terms.after or (terms.count is not None and self.hits >= terms.count):
            return False
        if int.from_bytes(self._chance.draw(f"fault {self.fitted}", 8)) >= terms.share * 2**64:
            return False
        self.hits += 1
        return True

    def shown(self) -> dict[str, Any]:
        terms = {name: msgspec.to_builtins(getattr(self.terms, name)) for name in Terms.__struct_fields__}
        seed = self.id if self.terms.seed is None else self.terms.seed
        return {"id": self.id, **terms, "seed": seed, "fitted": self.fitted, "hits": self.hits}


class Faults:
    """The rules of a world, in the order in which they were made."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._rules: dict[int, Rule] = {}
        self._last = 0
        self._changing = threading.Lock()

    @property
    def rules(self) -> list[Rule]:
        with self._changing:
            return list(self._rules.values())

    def add(self, value: Any) -> Rule:
        """Make a rule of what was asked for.

        Raises:
            Wrong: it is none, could never strike, or there are too many; says what there is.

        """
        terms = read_terms(value, self._doors)
        with self._changing:
            if len(self._rules) >= MOST_RULES:
                raise Wrong(f"There are {MOST_RULES} rules, and no more are taken")
            self._last += 1
            rule = self._rules[self._last] = Rule(self._last, terms)
            return rule

    def remove(self, number: int) -> bool:
        with self._changing:
            return self._rules.pop(number, None) is not None

    def forget(self) -> None:
        """As it was first, so that the next rule is the first one."""
        with self._changing:
            self._rules.clear()
            self._last = 0

    def keep(self) -> tuple[int, list[Rule]]:
        """The rules, how often each struck, and their numbering."""
        with self._changing:
            return self._last, [copy.copy(rule) for rule in self._rules.values()]

    def bring_back(self, kept: tuple[int, list[Rule]]) -> None:
        with self._changing:
            self._last, rules = kept
            self._rules = {rule.id: copy.copy(rule) for rule in rules}

    def strike(self, method: str, place: Place) -> list[Rule]:
        """The rules that something happens by: all latencies, and of the others the first one."""
        if not self._rules:
            return []
        with self._changing:
            struck: list[Rule] = []
            decided = False
            for rule in self._rules.values():
                waits = rule.terms.fault.latency_ms is not None
                if (waits or not decided) and rule.strikes(method, place):
                    struck.append(rule)
                    decided = decided or not waits
            return struck


def decisive(struck: Iterable[Rule]) -> Fault | None:
    """What happens by these rules besides waiting."""
    return next((rule.terms.fault for rule in struck if rule.terms.fault.latency_ms is None), None)


def read_terms(value: Any, doors: Doors) -> Terms:
    """The terms of a rule that can strike.

    Raises:
        Wrong: says what is wrong, and what there is.

    """
    try:
        terms = msgspec.convert(value, Terms)
    except msgspec.ValidationError as error:
        raise Wrong(f"{error}; {_known(doors)}") from None
    given = [name for name in KINDS if getattr(terms.fault, name) is not None]
    if len(given) != 1:
        raise Wrong(f"A fault is exactly one of {', '.join(KINDS)}; this has {', '.join(given) or 'none'}")
    fault = terms.fault
    if fault.status is None and (fault.body is not None or fault.headers):
        raise Wrong("A body and headers belong to a fault with a status")
    _check_headers(fault.headers)
    named = terms.doors or ((WEBHOOKS,) if fault.kind in ONLY_WEBHOOKS else doors.of_programs)
    known = (*doors.names, WEBHOOKS)
    if unknown := [door for door in named if door not in known]:
        raise Wrong(f"There is no door {', '.join(unknown)}; there are {', '.join(known)}")
    if fault.kind in ONLY_WEBHOOKS and set(named) != {WEBHOOKS}:
        raise Wrong(f"{fault.kind} is for webhooks alone")
    if terms.path is not None and WEBHOOKS not in named and (why := doors.why_nowhere(named, terms.method, terms.path)):
        raise Wrong(why)
    return msgspec.structs.replace(terms, doors=tuple(dict.fromkeys(named)))


def _check_headers(headers: Iterable[str]) -> None:
    """Refuse what cannot be the name of a header, and those that say how long an answer is."""
    for name in headers:
        if not name or not all(c.isalnum() or c in "-_" for c in name) or not name.isascii():
            raise Wrong(f"{name!r} cannot be the name of a header")
        if name.lower() in {"content-length", "transfer-encoding", "connection"}:
            raise Wrong(f"{name} follows from the answer; a fault cut breaks it off")


def _known(doors: Doors) -> str:
    terms, faults = ", ".join(Terms.__struct_fields__), ", ".join(KINDS)
    return f"a rule has {terms}; a fault is one of {faults}; doors are {', '.join((*doors.names, WEBHOOKS))}"


class Rules:
    """`/sandbox/faults`: shows the rules, adds one, deletes all."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = {"faults": [rule.shown() for rule in self._faults.rules]}

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = self._faults.add(read_object(req)).shown()
        resp.status = falcon.HTTP_CREATED

    def on_delete(self, _req: falcon.Request, resp: falcon.Response) -> None:
        self._faults.forget()
        resp.status = falcon.HTTP_NO_CONTENT


class OneRule:
    """`/sandbox/faults/{id}`: shows a rule, deletes it."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def on_get(self, _req: falcon.Request, resp: falcon.Response, rule_id: int) -> None:
        resp.media = self._found(rule_id).shown()

    def on_delete(self, _req: falcon.Request, resp: falcon.Response, rule_id: int) -> None:
        self._found(rule_id)
        self._faults.remove(rule_id)
        resp.status = falcon.HTTP_NO_CONTENT

    def _found(self, rule_id: int) -> Rule:
        rules = {rule.id: rule for rule in self._faults.rules}
        if rule_id not in rules:
            known = ", ".join(map(str, rules)) or "none"
            raise falcon.HTTPNotFound(description=f"There is no rule {rule_id}; there are {known}")
        return rules[rule_id]
