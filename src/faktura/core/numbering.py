"""How documents are numbered."""

import datetime as dt
import re
from typing import Literal

from faktura.store.records import Tenant, record

TOKEN = re.compile(r"#(yyyy|yy|mm|d+)#")


@record("number_formats")
class NumberFormat(Tenant):
    """A pattern of literal text and the tokens #yyyy#, #yy#, #mm# and #ddd…#, the counter with as many digits."""

    kind: Literal["invoice", "proforma"]
    pattern: str
    default: bool = False
    archived: bool = False


def number(pattern: str, counter: int, issued_on: dt.date) -> str:
    """The number that the counter gives on a day; a counter wider than its digits is written whole."""

    def fill(token: re.Match[str]) -> str:
        match token[1]:
            case "yyyy":
                return f"{issued_on:%Y}"
            case "yy":
                return f"{issued_on:%y}"
            case "mm":
                return f"{issued_on:%m}"
            case digits:
                return f"{counter:0{len(digits)}}"

    return TOKEN.sub(fill, pattern)


def last_counter(pattern: str) -> int:
    """The highest counter that fits the digits of the pattern."""
    digits = max((len(token) for token in TOKEN.findall(pattern) if token.startswith("d")), default=1)
    return int("9" * digits)
