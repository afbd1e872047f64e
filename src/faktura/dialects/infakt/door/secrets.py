"""Whose a request is, before anything of it is read but its head: by its key, unless that stands in the body."""

from faktura.core.books.office import Office
from faktura.core.people.api_keys import holder_of_key
from faktura.dialects import Head
from faktura.dialects.infakt.door.door import KEY_HEADER, KEY_PARAMETER


def secret_of(head: Head) -> str:
    return head.headers.get(KEY_HEADER.lower(), "") or head.query.get(KEY_PARAMETER, "")


def gave_out(office: Office, secret: str) -> bool:
    return holder_of_key(office, secret) is not None
