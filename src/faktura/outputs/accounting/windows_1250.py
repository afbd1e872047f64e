"""Texts in the letters of Windows-1250, the old code page of Central Europe."""

import unicodedata

ENCODING = "Windows-1250"

_CODEC = "cp1250"

_ALIKE = {
    "Ø": "O",
    "ø": "o",
    "Æ": "AE",
    "æ": "ae",
    "Œ": "OE",
    "œ": "oe",
    "Ħ": "H",
    "ħ": "h",
    "Ð": "D",
    "ð": "d",
    "Þ": "Th",
    "þ": "th",
    "Ŧ": "T",
    "ŧ": "t",
    "ŋ": "n",
    "Ŋ": "N",
    "ẞ": "SS",
    "\u0131": "i",
    "\u2212": "-",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2015": "-",
    "\u2032": "'",
    "\u2033": '"',
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
}
"""Letters that are not made of another one and a mark, and signs."""


def in_windows_1250(text: str) -> str:
    """The text with what it has no letter for written like it: without its marks, or else as a question mark."""
    return text if _has(text) else "".join(map(_letter, text))


def _letter(letter: str) -> str:
    if _has(letter):
        return letter
    if letter in _ALIKE:
        return _ALIKE[letter]
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    if plain and _has(plain):
        return plain
    return "" if unicodedata.combining(letter) else "?"


def _has(text: str) -> bool:
    try:
        text.encode(_CODEC)
    except UnicodeEncodeError:
        return False
    return True
