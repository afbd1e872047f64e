"""What somebody got in by."""

from typing import Literal, NamedTuple


class Credential(NamedTuple):
    """A key, the grant that a token is of, or the session of a browser."""

    sort: Literal["key", "grant", "session"]
    id: int
