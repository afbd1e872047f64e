"""What the server and its printing processes tell each other: a tag, a length, and bytes."""

import struct
from typing import IO, Literal

Tag = Literal["document", "file", "refused"]

TAGS: tuple[Tag, ...] = ("document", "file", "refused")
HEAD = struct.Struct(">BI")


class Gone(Exception):  # noqa: N818 (says what the other side is)
    """The other side is not there any more."""


def send(stream: IO[bytes], tag: Tag, content: bytes) -> None:
    """Tell the other side.

    Raises:
        Gone: it does not listen.

    """
    try:
        stream.write(HEAD.pack(TAGS.index(tag), len(content)) + content)
        stream.flush()
    except OSError:
        raise Gone from None


def receive(stream: IO[bytes]) -> tuple[Tag, bytes]:
    """What the other side tells next.

    Raises:
        Gone: it ended, perhaps in the middle of it.

    """
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        raise Gone
    tag, length = HEAD.unpack(head)
    content = stream.read(length)
    if len(content) < length:
        raise Gone
    return TAGS[tag], content
