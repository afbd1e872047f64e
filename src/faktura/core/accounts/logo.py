"""The logo of a firm: a picture that is looked at before it is opened, made small, and written by us."""

import hashlib
import io
from typing import Any, Literal, NamedTuple

from PIL import Image, ImageOps

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.books.office import Office
from faktura.core.errors import Code, Invalid, Problem
from faktura.core.people.accounts import Account
from faktura.store.records import Tenant, changed, record, unique

MOST_MEGABYTES = 1
MEGABYTE = 1024 * 1024

MOST_PIXELS = 16_000_000
"""More than any logo has: opened, they take 64 MB."""

LARGEST = (900, 450)
"""Points to which it is made smaller: 300 to the inch where it is printed largest."""

HEAVIEST_LOSSLESS = 250 * 1024
"""Bytes above which a picture is a photograph, and is kept as one."""

MediaType = Literal["image/png", "image/jpeg"]

FORMATS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
"""By what a file of them begins with; a drawing (SVG) may hold scripts and addresses, and is none of them."""

_UNFIT = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)
"""What Pillow raises of files that are cut or garbled."""


@record("logos", unique("account_id"))
class Logo(Tenant):
    """The picture; its hash is the account's `logo`."""

    media_type: MediaType
    content: bytes


class Drawn(NamedTuple):
    """A picture that we wrote ourselves."""

    media_type: MediaType
    content: bytes


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


def keep_logo(books: Books, drawn: Drawn) -> Account:
    """Put the picture on whatever the firm shows from now on, in place of another one."""
    old = books.look_up(Logo)
    if old is None:
        books.add(Logo, media_type=drawn.media_type, content=drawn.content)
    else:
        books.change(old, changed(old, media_type=drawn.media_type, content=drawn.content))
    return _known_by(books, hashlib.sha256(drawn.content).hexdigest())


def remove_logo(books: Books) -> Account:
    """Show no logo any more."""
    old = books.look_up(Logo)
    if old is not None:
        books.remove(old)
    return _known_by(books, None)


def logo_of(books: Books) -> Logo | None:
    return books.look_up(Logo) if books.account.logo else None


def _refused(code: Code, limit: int = 0) -> Invalid:
    return Invalid({"logo": [Problem(code, limit)]})


def _known_by(books: Books, digest: str | None) -> Account:
    old = books.account
    kept = Office(books.tx, books.now).change(old, logo=digest)
    if kept is not old:
        books.note_event(Event("account_changed", kept, differences(old, kept)))
        books.account = kept
    return kept


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
