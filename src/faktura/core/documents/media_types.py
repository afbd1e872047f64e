"""What a file is, by how it begins: nobody's word for it counts."""

PDF, PNG, JPEG, XML = "application/pdf", "image/png", "image/jpeg", "application/xml"

ENDINGS = {
    PDF: ".pdf",
    PNG: ".png",
    JPEG: ".jpg",
    XML: ".xml",
    "image/gif": ".gif",
    "image/tiff": ".tiff",
    "image/webp": ".webp",
    "image/heic": ".heic",
}
"""How the name of a file of each type ends."""

BEGINNING = 1024
"""Bytes within which a PDF says what it is: some programs write a line of their own first."""

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


def media_type_of(content: bytes) -> str | None:
    """Of papers and pictures of papers; None of anything else."""
    for beginning, media_type in _BEGINNINGS.items():
        if content.startswith(beginning):
            return media_type
    for beginning, (at, mark, media_type) in _INSIDE.items():
        if content.startswith(beginning) and content[at : at + len(mark)] == mark:
            return media_type
    return PDF if b"%PDF-" in content[:BEGINNING] else None
