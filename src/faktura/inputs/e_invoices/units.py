"""Codes of units (Recommendation 20 of the United Nations) as signs that are read in every country."""

_SIGNS = {
    "H87": "pcs",
    "EA": "pcs",
    "PCE": "pcs",
    "NAR": "pcs",
    "C62": "",
    "HUR": "h",
    "MIN": "min",
    "DAY": "d",
    "KGM": "kg",
    "GRM": "g",
    "TNE": "t",
    "MTR": "m",
    "MTK": "m²",
    "MTQ": "m³",
    "LTR": "l",
    "KMT": "km",
    "KWH": "kWh",
    "P1": "%",
}


def unit_of(code: str) -> str:
    """A word, or a code without a sign, stays what it is."""
    return _SIGNS.get(code, code)
