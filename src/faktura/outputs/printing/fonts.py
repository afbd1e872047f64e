"""The fonts of prints, and what stands for a letter that none of them has."""

import functools
import re
import unicodedata
from importlib.resources import files
from pathlib import Path

FONTS = {
    "Inter": "fontpkg_inter/files",
    "Heebo": "fontpkg_heebo/files",
    "Noto Sans Arabic": "fontpkg_noto_sans_arabic/files",
    "Noto Sans CJK JP": "noto_cjk_sans_jp_regular",
}
"""Families by the folder of their package, in the order in which a letter is looked for."""

FOLDERS = tuple(str(files(package).joinpath(*rest)) for package, *rest in (path.split("/") for path in FONTS.values()))

USUAL = re.compile("[\t\n -~\u00a0-\u00ac\u00ae-\u017f\u200b\u2013-\u203a\u20ac]*")
"""What the first font is known to have: no font need be opened for it."""

JOINERS = {"\u200c", "\u200d"}
"""Arabic letters are joined or kept apart by them, others are not."""

NEEDLESS = re.compile("[\u200c\u200d](?![\u0600-\u06ff])")

DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of what no font can show: controls, signs of layout, halves of letters, and what is no letter at all."""


def printable(text: str) -> str:
    """The text in letters that the fonts have; another stands there by its name, such as "[grinning face]"."""
    if USUAL.fullmatch(text):
        return text
    return "".join(part if part in JOINERS else _printable(part) for part in NEEDLESS.sub("", text))


def _printable(letter: str) -> str:
    if USUAL.fullmatch(letter):
        return letter
    if unicodedata.category(letter) in DROPPED or _is_variation(letter):
        return ""
    if ord(letter) in _known():
        return letter
    apart = unicodedata.normalize("NFKC", letter)
    if apart != letter and all(ord(one) in _known() for one in apart):
        return apart
    return f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"


def _is_variation(letter: str) -> bool:
    return "\ufe00" <= letter <= "\ufe0f"


@functools.cache
def _known() -> frozenset[int]:
    """The letters of all fonts."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 (most printing processes never need it)

    found: set[int] = set()
    for folder in FOLDERS:
        for path in sorted(Path(folder).glob("*.?tf")):
            with TTFont(path, lazy=True) as font:
                found.update(font.getBestCmap() or {})
    return frozenset(found)
