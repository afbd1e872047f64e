"""Webhooks on their way out of a sandbox: they meet the fault rules, and are kept in the ledger."""

import threading
import time
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from faktura.outside.http import DEADLINE, Client, Told
from faktura.sandbox.control.faults import Fault, Faults, Rule, decisive
from faktura.sandbox.control.ledger import Half, Ledger
from faktura.sandbox.control.paths import WEBHOOKS, Place

HELD_BACK = Told("200", answer="A fault rule holds it back until the next one was sent")

BROKEN_OFF = Told("connection_failed", answer="A fault rule broke the connection off")

METHOD = "POST"


class Message(NamedTuple):
    url: str
    body: bytes
    headers: Mapping[str, str]


class HeldBack:
    """A message for each receiver that waits until the next one was sent there, with the rules that hold it."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[Message, list[Rule]]] = {}
        self._changing = threading.Lock()

    def hold(self, message: Message, rules: list[Rule]) -> bool:
        """Whether it is held now; where one is held already, it is the next one."""
        with self._changing:
            return self._of.setdefault(message.url, (message, rules))[0] is message

    def let_go(self, url: str) -> tuple[Message, list[Rule]] | None:
        with self._changing:
            return self._of.pop(url, None)

    def keep(self) -> dict[str, tuple[Message, list[Rule]]]:
        with self._changing:
            return self._of.copy()

    def bring_back(self, kept: dict[str, tuple[Message, list[Rule]]]) -> None:
        with self._changing:
            self._of = kept.copy()


class Deliveries(Client, frozen=True, kw_only=True):
    """The client of a world's jobs; what it asks, and does not tell, meets no rule."""

    faults: Faults
    ledger: Ledger
    held_back: HeldBack

    def tell(self, url: str, body: bytes, headers: Mapping[str, str] = {}) -> Told:
        path = urlsplit(url).path or "/"
        rules = self.faults.strike(METHOD, Place(WEBHOOKS, path, path))
        message, fault = Message(url, body, headers), decisive(rules)
        if fault is not None and fault.out_of_order and self.held_back.hold(message, rules):
            self._keep(message, HELD_BACK, time.monotonic(), rules, "held back")
            return HELD_BACK
        told = self._tell(message, rules, fault)
        if (held := self.held_back.let_go(url)) is not None:
            self._send(held[0], held[1], "answered")
        return told

    def _tell(self, message: Message, rules: list[Rule], fault: Fault | None) -> Told:
        """What its sender comes to know, whatever its receiver knows."""
        latency = sum(rule.terms.fault.latency_ms or 0 for rule in rules) / 1000
        # On the thread of this delivery, as a slow receiver would have it wait.
        time.sleep(min(latency, DEADLINE))
        if latency >= DEADLINE:
            return self._keep(message, Told("timeout"), time.monotonic() - DEADLINE, rules, "timeout")
        if fault is None:
            return self._send(message, rules, "answered")
        if fault.status is not None:
            return self._keep(message, Told(str(fault.status)), time.monotonic(), rules, "answered")
        if fault.cut == "before":
            return self._keep(message, BROKEN_OFF, time.monotonic(), rules, "cut before")
        if fault.lost:
            self._send(message, rules, "lost")
            return BROKEN_OFF
        told = self._send(message, rules, f"cut {fault.cut}" if fault.cut else "answered")
        for _ in range((fault.duplicate or 1) - 1):
            self._send(message, rules, "answered")
        if fault.cut is None:
            return told
        begun = None if fault.cut == "headers" or told.answer is None else told.answer[: len(told.answer) // 2]
        return told._replace(answer=begun)

    def _send(self, message: Message, rules: list[Rule], result: str) -> Told:
        began = time.monotonic()
        told = Client.tell(self, *message)
        return self._keep(message, told, began, rules, result if told.status.isdigit() else told.status)

    def _keep(self, message: Message, told: Told, began: float, rules: list[Rule], result: str) -> Told:
        path = urlsplit(message.url).path or "/"
        sent = {"Content-Type": "application/json", **message.headers}
        answer = (told.answer or "").encode()
        self.ledger.add(
            place=Place(WEBHOOKS, path, path),
            method=METHOD,
            address=message.url,
            request=Half.whole(sent, message.body),
            answer=Half.whole({"Content-Type": told.content_type or ""}, answer) if told.status.isdigit() else None,
            status=int(told.status) if told.status.isdigit() else None,
            milliseconds=(time.monotonic() - began) * 1000,
            faults=tuple(rule.id for rule in rules),
            result=result,
        )
        return told
