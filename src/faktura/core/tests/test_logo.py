"""A firm's logo: only a picture, small, and written by us."""

import io
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from faktura.core.accounts.drawing import LARGEST, MEGABYTE, MOST_PIXELS, redraw
from faktura.core.accounts.logo import Drawn, Logo, keep_logo, logo_of, remove_logo
from faktura.core.books.history import Happening
from faktura.core.errors import Invalid
from faktura.core.tests.conftest import Firm, a_firm
from faktura.store.database import Database

TEAL = (10, 110, 92)


def picture(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (300, 100), **how: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, 0 if mode == "P" else TEAL[: len(Image.new(mode, (1, 1)).getbands())]).save(file, kind, **how)
    return file.getvalue()


def noise(mode: str, size: tuple[int, int] = (500, 400)) -> bytes:
    """A picture that nothing makes smaller, as those of cameras are."""
    drawn = Image.effect_noise(size, 100).convert(mode)
    if mode == "RGBA":
        drawn.putalpha(Image.effect_noise(size, 100))
    file = io.BytesIO()
    drawn.save(file, "PNG")
    return file.getvalue()


def opened(drawn: Drawn) -> Image.Image:
    return Image.open(io.BytesIO(drawn.content))


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        redraw(content)
    return refused.value.problems["logo"][0].code


def bomb(width: int, height: int) -> bytes:
    """The head of a picture of so many points, without them."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    body = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "media_type", "mode"),
    [
        (picture(), "image/png", "RGB"),
        (picture(mode="RGBA"), "image/png", "RGBA"),
        (picture(mode="P"), "image/png", "RGB"),
        (picture(mode="L"), "image/png", "RGB"),
        (picture("JPEG"), "image/png", "RGB"),
        (picture("JPEG", "CMYK"), "image/png", "RGB"),
    ],
)
def test_a_picture_is_drawn_again_in_the_colours_of_screens(content: bytes, media_type: str, mode: str) -> None:
    drawn = redraw(content)
    assert (drawn.media_type, opened(drawn).mode, opened(drawn).size) == (media_type, mode, (300, 100))


def test_nothing_else_of_the_file_is_kept() -> None:
    notes = PngInfo()
    notes.add_text("Comment", "secret note")
    exif = Image.Exif()
    exif[0x010E] = "secret description"
    with_notes = picture(pnginfo=notes, exif=exif, icc_profile=b"secret")
    assert b"secret" in with_notes
    assert b"secret" not in redraw(with_notes + b"secret behind the end").content


def test_a_large_picture_is_made_as_large_as_documents_need_it() -> None:
    assert opened(redraw(picture(size=(3000, 1000)))).size == (900, 300)
    assert opened(redraw(picture(size=(1000, 3000)))).size == (150, 450)
    assert LARGEST == (900, 450)


def test_a_photograph_is_kept_as_one_and_stays_light() -> None:
    photo, cut_out = redraw(noise("RGB")), redraw(noise("RGBA"))
    assert (photo.media_type, cut_out.media_type) == ("image/jpeg", "image/png")
    assert max(len(photo.content), len(cut_out.content)) < 400 * 1024


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_picture"),
        (b"GIF89a", "not_a_picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "not_a_picture"),
        (picture()[:60], "not_a_picture"),
        (picture("JPEG")[:200], "not_a_picture"),
        (b"\xff\xd8\xff" + b"x" * 100, "not_a_picture"),
        (picture("GIF"), "not_a_picture"),
        (picture() + b"\0" * MEGABYTE, "files_too_large"),
        (bomb(4001, MOST_PIXELS // 4000), "too_many_points"),
        (bomb(2**31 - 1, 2**31 - 1), "not_a_picture"),
        (bomb(4000, 4000), "not_a_picture"),
        (bomb(0, 0), "not_a_picture"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_a_firm_has_one_logo_and_the_history_says_since_when(firm: Firm, database: Database) -> None:
    other = a_firm(database, "pearcorp")
    assert firm.do(logo_of) is None
    firm.account = firm.do(keep_logo, redraw(picture()))
    first = firm.account.logo
    firm.account = firm.do(keep_logo, redraw(picture("JPEG", size=(10, 10))))
    assert firm.account.logo not in (None, first)
    [kept] = firm.do(lambda books: books.all(Logo))
    assert Image.open(io.BytesIO(kept.content)).size == (10, 10)
    assert other.do(lambda books: books.all(Logo)) == []

    firm.account = firm.do(remove_logo)

    assert (firm.account.logo, firm.do(logo_of), firm.do(lambda books: books.all(Logo))) == (None, None, [])
    happened = [h for h in firm.do(lambda books: books.all(Happening)) if h.name == "account_changed"]
    assert [list(h.details or {}) for h in happened] == [["logo"]] * 3
