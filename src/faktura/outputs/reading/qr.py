"""Payment codes that banks' applications scan: what they say, and as a picture."""

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

Standard = Literal["spayd", "epc", "zbp"]

CAPTIONS: Mapping[Standard, str] = {"spayd": "QR Platba", "epc": "SEPA QR", "zbp": "Przelew QR"}

QUIET_ZONE = 4
"""Modules of white around a code (ISO/IEC 18004)."""

MASK = 4
"""Any of the eight can be read. To try them all for the best takes 10 ms, and this one is 8 % from it on average."""

DARK = re.compile(b"\x01+")
"""Modules in a row, which one line draws; segno's own picture of a code takes as long as the code."""

NO_DIACRITIC = str.maketrans("łŁđĐøØ", "lLdDoO")
"""Letters that Unicode does not take apart."""


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """Money that is to be sent: to whom, where, and what for.

    `tax_no` is the recipient's (NIP), `ksef_number` that of the invoice that is paid. `payer_country` is where the bank
    that will read the code probably is.
    """

    amount: Decimal
    currency: str
    iban: str
    recipient: str
    bic: str = ""
    variable_symbol: str = ""
    message: str = ""
    ksef_number: str = ""
    due_on: dt.date | None = None
    tax_no: str = ""
    payer_country: str = ""


class PaymentCode(NamedTuple):
    standard: Standard
    payload: str


def payment_code(transfer: Transfer) -> PaymentCode | None:
    """The code that the payer's bank reads; None where none can tell this transfer."""
    standard = standard_of(transfer)
    if standard is None or not 0 < transfer.amount <= LARGEST[standard]:
        return None
    return PaymentCode(standard, PAYLOADS[standard](transfer))


def standard_of(transfer: Transfer) -> Standard | None:
    """Euros are sent by the code of SEPA, but for those from one Czech bank to another."""
    country = _bare(transfer.iban)[:2]
    match transfer.currency, country:
        case "PLN", "PL":
            return "zbp"
        case "CZK", "CZ":
            return "spayd"
        case "EUR", "CZ" if transfer.payer_country == "CZ":
            return "spayd"
        case "EUR", country if country:
            return "epc"
    return None


def spayd(transfer: Transfer) -> str:
    """Short Payment Descriptor 1.0 of the Czech Banking Association; in capitals without diacritics the code is small.

    A variable symbol that is none, as it has letters or more than ten digits, is left out.
    """
    bic = _bare(transfer.bic)
    symbol = transfer.variable_symbol
    fields = {
        "ACC": _bare(transfer.iban) + (f"+{bic}" if bic else ""),
        "AM": f"{transfer.amount:.2f}",
        "CC": transfer.currency,
        "DT": f"{transfer.due_on:%Y%m%d}" if transfer.due_on else "",
        "MSG": _percent(_plain(_with_ksef_number(transfer))[:60].strip()),
        "RN": _percent(_plain(transfer.recipient)[:35].strip()),
        "X-VS": symbol if re.fullmatch(r"[0-9]{1,10}", symbol) else "",
    }
    return "*".join(["SPD", "1.0", *(f"{name}:{value}" for name, value in fields.items() if value)])


def epc(transfer: Transfer) -> str:
    """EPC069-12, version 002, UTF-8: the remittance is free text, as a variable symbol is no creditor reference."""
    text = _one_line(_with_ksef_number(transfer)) or transfer.variable_symbol
    amount = f"EUR{transfer.amount:.2f}"
    name = _one_line(transfer.recipient)[:70]
    fields = ["BCD", "002", "1", "SCT", _bare(transfer.bic), name, _bare(transfer.iban), amount, "", "", text[:140]]
    return "\n".join(fields)


def zbp(transfer: Transfer) -> str:
    """The 2D code that the Polish Bank Association recommends (2013): the amount has six digits, in grosz.

    Its text has 32 letters, three less than a number of KSeF: that is written into the transfer by hand.
    """
    tax_no = re.sub(r"\D", "", transfer.tax_no)
    fields = [
        tax_no if len(tax_no) == len("1234567890") else "",
        "PL",
        _bare(transfer.iban)[2:],
        f"{transfer.amount * 100:06.0f}",
        _one_line(transfer.recipient.replace("|", " "))[:20].strip(),
        _one_line((transfer.message or transfer.variable_symbol).replace("|", " "))[:32].strip(),
    ]
    return "|".join([*fields, "", "", ""])


PAYLOADS: Mapping[Standard, Callable[[Transfer], str]] = {"spayd": spayd, "epc": epc, "zbp": zbp}

LARGEST: Mapping[Standard, Decimal] = {
    "spayd": Decimal("9999999.99"),
    "epc": Decimal("999999999.99"),
    "zbp": Decimal("9999.99"),
}
"""The most that a code can tell."""


@functools.lru_cache(maxsize=256)
def svg(payload: str) -> str:
    """The code as a picture with its white border; of correction level M, as all three standards want it."""
    import segno  # noqa: PLC0415 (takes 40 ms, which no start of a server need wait for)

    code = segno.make_qr(payload, error="m", encoding="utf-8", boost_error=False, mask=MASK)
    size = len(code.matrix) + 2 * QUIET_ZONE
    path = "".join(
        f"M{QUIET_ZONE + dark.start()} {QUIET_ZONE + place}.5h{dark.end() - dark.start()}"
        for place, row in enumerate(code.matrix)
        for dark in DARK.finditer(row)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{path}" stroke="#000"/></svg>'


def _with_ksef_number(transfer: Transfer) -> str:
    return f"{transfer.ksef_number} {transfer.message}".strip()


def _bare(number: str) -> str:
    return re.sub(r"\s", "", number).upper()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    """Capitals of ASCII; other writings than the Latin one are left out."""
    apart = unicodedata.normalize("NFKD", _one_line(text).translate(NO_DIACRITIC))
    return _one_line(apart.encode("ascii", "ignore").decode()).upper()


def _percent(text: str) -> str:
    return text.replace("%", "%25").replace("*", "%2A")
