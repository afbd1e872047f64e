"""A picture written down as a PNG, from rows of points as they are."""

import struct
import zlib
from collections.abc import Iterable
from typing import Literal

GRAY, COLOURED = 0, 2


def png(width: int, rows: Iterable[bytes], depth: Literal[1, 8] = 8, colours: int = COLOURED) -> bytes:
    """Each of the `rows` is packed, with `depth` bits for each point, or three times as many for one in colours."""
    lines = [b"\0" + row for row in rows]
    head = struct.pack(">IIBBBBB", width, len(lines), depth, colours, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(lines), 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
