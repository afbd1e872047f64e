"""The numbers that KSeF gives: of invoices, of collective identifiers, and of whatever is under way."""

import datetime as dt
from typing import Literal
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")

Sort = Literal["AU", "CR", "EC", "EE", "EH", "EN", "EU", "SB", "SO"]
"""A sign-in, a challenge, a token, an invoice sent, an export, a request for a certificate, a receipt, sessions."""

TECHNICAL = 0x010000000000
"""What the technical parts of numbers count from."""


def crc8(text: str) -> int:
    """The check of a number: polynomial 0x07, from 0x00."""
    crc = 0
    for byte in text.encode("ascii"):
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc


def ksef_number(tax_no: str, taken_at: dt.datetime, place: int) -> str:
    """The number of an invoice: its seller, the Polish day that it was taken on, and what tells it from others."""
    start = f"{tax_no}-{taken_at.astimezone(WARSAW):%Y%m%d}-{TECHNICAL + place:012X}"
    return f"{start}-{crc8(start):02X}"


def collective_number(tax_no: str, made_at: dt.datetime, place: int) -> str:
    start = f"{tax_no}-IZ{made_at.astimezone(WARSAW):%Y%m}-{TECHNICAL + place:012X}"
    return f"{start}-{crc8(start):02X}"


def reference(sort: Sort, made_at: dt.datetime, place: int, chance: str) -> str:
    """36 characters; `chance` is ten of them that nobody can foresee."""
    start = f"{made_at:%Y%m%d}-{sort}-{TECHNICAL // 0x100 + place:010X}-{chance.upper():.10}"
    return f"{start}-{crc8(start):02X}"
