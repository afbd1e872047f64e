"""A registry of firms for tests: an adapter as a real one is written, over a host that answers what it is told to."""

import msgspec

from faktura.core.countries.numbers import read_ico
from faktura.core.registries.facts import Said
from faktura.outside.http import Client, Unanswered
from faktura.outside.registries.firms import NumberName

FIRM = b"""{"name": "Karel <b>Nov\xc3\xa1k</b> s.r.o.", "registration_no": "12345679", "vat_no": "CZ12345679",
    "street": "Dlouh\xc3\xa1 1", "city": "Praha", "postcode": "110 00"}"""

NOT_FOUND = 404
OK = 200


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
