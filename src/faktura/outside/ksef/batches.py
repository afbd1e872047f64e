"""Batch sessions: many documents in a package, which is uploaded in encrypted parts and taken once it is closed."""

import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from faktura.core.ksef.sendings import KsefSending
from faktura.outside.http import Client
from faktura.outside.ksef.failures import Unreachable
from faktura.outside.ksef.line import Line
from faktura.outside.ksef.sessions import form_of_invoices, hidden_key, opening

MORE_THAN = 100
"""Fewer documents leave one by one."""

MOST_INVOICES = 1000
"""KSeF takes ten times as many; what became of these is listed by half of the calls that a minute has."""

MOST_BYTES = 16_000_000
LARGEST_PART = 5_000_000
"""Of documents, and of a package before it is encrypted; KSeF takes twenty times as much in a part."""

LONGEST_UPLOAD = 90.0
"""Seconds for all parts: less than after which what left is looked for."""

MOST_TRIES = 3
"""What has not come in so often leaves by itself."""

_TAKEN = range(200, 300)


class Part(NamedTuple):
    """Of a package, with the address that it goes to."""

    url: str
    headers: Mapping[str, str]
    content: bytes


class Batch(NamedTuple):
    """A session that is open, and holds nothing until all its parts are there and it is closed."""

    reference: str
    parts: tuple[Part, ...]


def fits(sending: KsefSending, *, offline: bool) -> bool:
    """Whether it can leave in a package, which is offline as a whole and names nothing that it replaces."""
    is_offline = sending.mode != "online"
    return is_offline == offline and sending.corrected_digest is None and sending.failures < MOST_TRIES


def open_batch(line: Line, sendings: Sequence[KsefSending]) -> Batch:
    """One for these documents, all of them offline or none; whatever a line raises may come of it."""
    from ksef_client.models import OpenBatchSessionRequest  # noqa: PLC0415 (not without KSeF)
    from ksef_client.services.batch import encrypt_batch_parts  # noqa: PLC0415
    from ksef_client.utils.zip_utils import build_zip  # noqa: PLC0415

    hidden = hidden_key(line)
    package = build_zip({f"{place}.xml": one.xml for place, one in enumerate(sendings, start=1)})
    contents, described = encrypt_batch_parts(package, hidden.key, hidden.iv, max_part_size=LARGEST_PART)
    asked = OpenBatchSessionRequest(
        batch_file=described,
        encryption=hidden.encryption_info,  # type: ignore[arg-type]
        form_code=form_of_invoices(),
        offline_mode=sendings[0].mode != "online",
    )
    with opening(line):
        opened = line.call(
            "batch",
            lambda client, access: client.sessions.open_batch_session(asked, access_token=access, upo_v43=True),
        )
    places = {one.ordinal_number: one for one in opened.part_upload_requests}
    if places.keys() != set(range(1, len(contents) + 1)):
        message = "KSeF does not say where each part of a package goes"
        raise Unreachable(message)
    return Batch(
        opened.reference_number,
        tuple(
            Part(places[place].url, _said(places[place].headers), content)
            for place, content in enumerate(contents, start=1)
        ),
    )


def upload(client: Client, part: Part, until: float) -> None:
    """Hand a part over, without saying who we are.

    Raises:
        Unanswered: it has not arrived by then.

    """
    answer = client.put(part.url, part.content, part.headers, max(until - time.monotonic(), 0.1))
    if answer.status not in _TAKEN:
        message = f"a part of a package for KSeF: HTTP {answer.status}"
        raise Unreachable(message)


def _said(headers: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if value is not None}
