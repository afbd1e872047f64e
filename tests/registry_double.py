"""A registry of firms for tests: an adapter as a real one is written, and the sandbox's doubles without its server."""

import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from faktura.core.countries.numbers import read_ico
from faktura.core.registries.facts import Said
from faktura.outside.http import Answer, Client, Unanswered
from faktura.outside.registries.firms import NumberName
from faktura.sandbox.outside.registries import NAMES, Doubles

FIRM = b"""{"name": "Karel <b>Nov\xc3\xa1k</b> s.r.o.", "registration_no": "12345679", "vat_no": "CZ12345679",
    "street": "Dlouh\xc3\xa1 1", "city": "Praha", "postcode": "110 00"}"""

NOT_FOUND = 404
OK = 200

SOURCES = {name: f"http://registries.invalid/{name}" for name in NAMES}
"""Where nobody asks by HTTP."""


class AskingDoubles(Client, frozen=True, kw_only=True):
    """A client that reaches the doubles and nothing else; over HTTP they are asked where a sandbox runs."""

    doubles: Doubles

    def get(self, url: str, headers: Mapping[str, str] = {}) -> Answer:
        return self.post(url, b"", headers)

    def post(self, url: str, body: bytes, headers: Mapping[str, str] = {}) -> Answer:  # noqa: ARG002 (as any client)
        reply = self.doubles.reply(urlsplit(url).path.removeprefix("/"), body)
        if reply is None or reply.answer is None:
            raise Unanswered("http://registries.invalid: the double is down")
        time.sleep(reply.pause)
        return reply.answer


class Register:
    """Answers are JSON in words of the core."""

    name = "REGISTER"
    by: NumberName = "registration_no"
    read = staticmethod(read_ico)

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, client: Client, number: str) -> Said | None:
        answer = client.get(f"{self._url}/{number}")
        if answer.status == NOT_FOUND:
            return None
        if answer.status != OK:
            raise Unanswered(f"it answers {answer.status}")
        return msgspec.json.decode(answer.body, type=Said)
