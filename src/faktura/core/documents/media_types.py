"""What a file is, by what is in it: nobody's word for it counts."""

import re
from mimetypes import MimeTypes

PDF, PNG, JPEG, XML = "application/pdf", "image/png", "image/jpeg", "application/xml"

ISDOCX = "application/x-isdocx"
"""A ZIP of an invoice in XML and of what belongs to it."""

ENDINGS = {
    PDF: ".pdf",
    PNG: ".png",
    JPEG: ".jpg",
    XML: ".xml",
    ISDOCX: ".isdocx",
    "image/gif": ".gif",
    "image/tiff": ".tiff",
    "image/webp": ".webp",
    "image/heic": ".heic",
}
"""How the name of a file of each type ends."""

BEGINNING = 1024
"""Bytes within which a PDF says what it is: some programs write a line of their own first."""

_A_LINE_FIRST = re.compile(rb"(?!#!)[\t\r\n\x1b\x20-\x3b\x3d-\x7e\xef\xbb\xbf]*")
"""Such a line: words of a printer, and neither markup nor a script nor the head of another file."""

_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+<(?:[^\s/>:<!?]+:)?([^\s/>:<!?]+)", re.DOTALL)
"""The first element of an XML; nothing is found where a document type, which may declare entities, stands before it."""

_DRAWN_BY_BROWSERS = {b"svg", b"html"}

_BEGINNING_OF_ZIP, _END_OF_ZIP, _COMMENT_OF_ZIP = b"PK\x03\x04", b"PK\x05\x06", 0xFFFF
"""By what a ZIP begins and ends, and how much may follow the 22 bytes of its end."""

_LONGEST_LIST = 100_000
"""Bytes of the list of what is in a ZIP that an invoice needs."""

_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": PNG,
    b"\xff\xd8\xff": JPEG,
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
    b"<?xml": XML,
    b"\xef\xbb\xbf<?xml": XML,
}
_INSIDE = {b"RIFF": (8, b"WEBP", "image/webp"), b"\x00\x00\x00": (4, b"ftypheic", "image/heic")}


_OTHER_NAMES = {
    PDF: {"application/x-pdf"},
    XML: {"text/xml", "application/x-isdoc", "text/isdoc"},
    ISDOCX: {"application/zip", "application/x-zip-compressed", "application/x-zip"},
    JPEG: {"image/jpg", "image/pjpeg"},
    PNG: {"image/x-png"},
    "image/heic": {"image/heif"},
}

_SAYS_NOTHING = {"", "application/octet-stream", "binary/octet-stream", "text/plain"}
"""What programs call a file whose type they do not know."""

_NAMED = MimeTypes()


def media_type_of(content: bytes) -> str | None:
    """Of papers and pictures of papers; None of anything else, and of what is something else besides."""
    if content.startswith(_BEGINNING_OF_ZIP):
        return ISDOCX if _lists_an_isdoc(content) else None
    found = _type_of(content)
    if found == XML and not _is_of_machines(content):
        return None
    return None if found is None or _is_zip(content) else found


def is_honest(media_type: str, filename: str, declared: str) -> bool:
    """Whether a file is what its name ends as, and what whoever sent it calls it, where these say anything."""
    names = {media_type, *_OTHER_NAMES.get(media_type, ()), *_SAYS_NOTHING}
    said = declared.partition(";")[0].strip().lower()
    return said in names and (_NAMED.guess_type(filename, strict=False)[0] or "") in names


def _type_of(content: bytes) -> str | None:
    for beginning, media_type in _BEGINNINGS.items():
        if content.startswith(beginning):
            return media_type
    for beginning, (at, mark, media_type) in _INSIDE.items():
        if content.startswith(beginning) and content[at : at + len(mark)] == mark:
            return media_type
    first, mark, _ = content[:BEGINNING].partition(b"%PDF-")
    return PDF if mark and _A_LINE_FIRST.fullmatch(first) else None


def _is_of_machines(xml: bytes) -> bool:
    root = _ROOT.match(xml)
    return root is not None and root[1].lower() not in _DRAWN_BY_BROWSERS


def _is_zip(content: bytes) -> bool:
    """Whether a reader of ZIP opens it too: such files have two contents, of which a person sees one."""
    return _end_of_zip(content) >= 0


def _end_of_zip(content: bytes) -> int:
    """Where the end begins of what readers of ZIP open, or -1."""
    at = content.rfind(_END_OF_ZIP, max(len(content) - _COMMENT_OF_ZIP - 22, 0))
    whole = at >= 0 and at + 22 + int.from_bytes(content[at + 20 : at + 22], "little") == len(content)
    return at if whole else -1


def _lists_an_isdoc(packed: bytes) -> bool:
    """Whether a file of such a name is in the list at its end; nothing is unpacked for that."""
    at = _end_of_zip(packed)
    if at < 0:
        return False
    size, start = (int.from_bytes(packed[at + n : at + n + 4], "little") for n in (12, 16))
    return size <= _LONGEST_LIST and start + size == at and b".isdoc" in packed[start:at].lower()
