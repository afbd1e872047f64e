"""Words for units as Recommendation 20 of the United Nations codes them."""

PIECE = "C62"

_UNITS = {
    "H87": "ks kus kusy kusů szt sztuka sztuki sztuk pcs pc piece pieces stk stück",
    "HUR": "hod hodina hodiny hodin godz godzina h hour hours std",
    "DAY": "den dny dní dzień dni deň day days tag tage",
    "MON": "měs měsíc mies miesiąc mesiac month months monat",
    "ANN": "rok roky year years jahr",
    "KGM": "kg",
    "GRM": "g",
    "TNE": "t",
    "MTR": "m",
    "MTK": "m2 m²",
    "MTQ": "m3 m³",
    "LTR": "l",
    "KMT": "km",
    "XPK": "bal balení op opak",
}
_CODES = {word: code for code, words in _UNITS.items() for word in words.split()}


def unit_code(word: str) -> str | None:
    """The code of a word, as people write it; None where it is not known."""
    return _CODES.get(word.strip().rstrip(".").lower()) if word else PIECE
