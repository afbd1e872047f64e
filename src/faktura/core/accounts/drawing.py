"""A picture that becomes a logo: looked at before it is opened, made small, and written by us."""

import io
from typing import Any

from PIL import Image, ImageOps

from faktura.core.accounts.logo import Drawn
from faktura.core.errors import Code, Invalid, Problem

MOST_MEGABYTES = 1
MEGABYTE = 1024 * 1024

MOST_PIXELS = 16_000_000
"""More than any logo has: opened, they take 64 MB."""

LARGEST = (900, 450)
"""Points to which it is made smaller: 300 to the inch where it is printed largest."""

HEAVIEST_LOSSLESS = 250 * 1024
"""Bytes above which a picture is a photograph, and is kept as one."""

FORMATS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
"""By what a file of them begins with; a drawing (SVG) may hold scripts and addresses, and is none of them."""

_UNFIT = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)
"""What Pillow raises of files that are cut or garbled."""


def redraw(content: bytes) -> Drawn:
    """The picture of a PNG or JPEG file, without anything else that was in the file; call it before the transaction.

    Raises:
        Invalid: it is too large, has too many points, or is no such picture.

    """
    if len(content) > MOST_MEGABYTES * MEGABYTE:
        raise _refused("files_too_large", MOST_MEGABYTES)
    kind = next((name for beginning, name in FORMATS.items() if content.startswith(beginning)), None)
    if kind is None:
        raise _refused("not_a_picture")
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as found:
            if found.width * found.height > MOST_PIXELS:
                raise _refused("too_many_points")
            return _written(found)
    except _UNFIT:
        raise _refused("not_a_picture") from None


def _refused(code: Code, limit: int = 0) -> Invalid:
    return Invalid({"logo": [Problem(code, limit)]})


def _written(found: Image.Image) -> Drawn:
    """Upright, in the colours of screens, no larger than needed; transparent where it was, if it was."""
    upright = ImageOps.exif_transpose(found)
    see_through = upright.has_transparency_data
    picture = upright.convert("RGBA" if see_through else "RGB")
    picture.thumbnail(LARGEST)
    plain = _encoded(picture, "PNG", optimize=True)
    if len(plain) <= HEAVIEST_LOSSLESS:
        return Drawn("image/png", plain)
    if see_through:
        return Drawn("image/png", _encoded(picture.quantize(), "PNG", optimize=True))
    return Drawn("image/jpeg", _encoded(picture, "JPEG", quality=88))


def _encoded(picture: Image.Image, kind: str, **how: Any) -> bytes:
    picture.info.clear()
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()
