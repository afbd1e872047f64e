"""KSeF gives one number to several invoices of a supplier, by which they are paid together."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from faktura.core.ksef.collective import CollectiveIdentifier, note_collective
from faktura.core.ksef.numbers import is_collective
from faktura.jobs import Effect, Errand, doubling, nothing_more
from faktura.outside.ksef.failures import NoRight, Refused

if TYPE_CHECKING:
    from ksef_client import KsefClient
    from ksef_client.models import GenerateCollectiveIdentifierResponse

LANE = "ksef"
DELAYS = doubling(dt.timedelta(seconds=10), dt.timedelta(hours=1), dt.timedelta(days=1))


def go_out(errand: Errand, collective_id: int) -> Effect:
    """Asked twice, KSeF gives two numbers, either of which is as good."""
    asked = errand.read(lambda books: books.look_up(CollectiveIdentifier, id=collective_id))
    if errand.reach.ksef is None or asked is None or asked.identifier is not None:
        return nothing_more
    numbers, line = list(asked.ksef_numbers), errand.reach.ksef.line(errand)
    try:
        told = line.call("other", lambda client, access: _generated(client, numbers, access))
    except (NoRight, Refused) as refusal:
        why = str(refusal)
        return lambda books: note_collective(books, collective_id, None, why)
    given = told.collective_identifier_number
    problem = "" if is_collective(given) else f"KSeF answered {given}"
    return lambda books: note_collective(books, collective_id, None if problem else given, problem)


def _generated(client: "KsefClient", numbers: Sequence[str], access: str) -> "GenerateCollectiveIdentifierResponse":
    return client.collective_identifiers.generate_for_ksef_numbers(numbers, access_token=access)
