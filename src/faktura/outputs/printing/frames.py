"""What the server and its printing processes tell each other: a tag, a length, and bytes."""

import struct
from typing import IO, Literal

Tag = Literal["document", "seconds", "file", "refused"]

TAGS: tuple[Tag, ...] = ("document", "seconds", "file", "refused")
HEAD = struct.Struct(">BI")


class Gone(Exception):  # noqa: N818 (says what the other side is)
    """The other side is not there any more."""


def send(stream: IO[bytes], tag: Tag, content: bytes) -> None:
    """Tell the other side.

    Raises:
        Gone: it does not listen, or was ended by this side.

    """
    try:
        stream.write(HEAD.pack(TAGS.index(tag), len(content)) + content)
        stream.flush()
    except (OSError, ValueError):
        raise Gone from None


def receive(stream: IO[bytes]) -> tuple[Tag, bytes]:
    """What the other side tells next.

    Raises:
        Gone: it ended, perhaps in the middle of it.

    """
    tag, length = HEAD.unpack(_exactly(HEAD.size, stream))
    return TAGS[tag], _exactly(length, stream)


def _exactly(length: int, stream: IO[bytes]) -> bytes:
    try:
        content = stream.read(length)
    except (OSError, ValueError):
        raise Gone from None
    if len(content) < length:
        raise Gone
    return content
