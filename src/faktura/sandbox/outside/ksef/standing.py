"""How KSeF's double is, as the control says it; and invoices that others are made to have sent there."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

TaxNo = Annotated[str, Meta(pattern=r"\A[1-9]\d{9}\Z")]

Count = Annotated[int, Meta(ge=0, le=1_000_000)]

Trouble = Literal["MAINTENANCE", "FAILURE", "TOTAL_FAILURE"]
"""As Latarnia calls it: announced beforehand, a failure, one so heavy that nobody is asked for anything."""

InvoiceCode = Literal[405, 410, 415, 430, 435, 440, 450, 500, 550]
HttpCode = Literal[400, 401, 403, 410, 429, 500, 502, 503, 504]


class Announced(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What Latarnia tells, from when, and until when where that is known."""

    category: Trouble
    start: dt.datetime
    end: dt.datetime | None = None
    title: Annotated[str, Meta(max_length=200)] = "Niedostępność KSeF"
    text: Annotated[str, Meta(max_length=2000)] = "Wystawiaj faktury w trybie offline."


class Standing(msgspec.Struct, forbid_unknown_fields=True):
    """Who is `down` ends connections, `slow` takes five seconds, in `maintenance` it answers 503.

    Invoices, sign-ins and exports are ready after `status_after_s`. The next invoices end with the codes of `fail_next`
    (0 lets one through), the next calls with the statuses of `refuse_next`. Of the next `drop_after_post` invoices the
    connection ends once they were taken, and of the next `lose_answers` calls once they were done. What was stored
    less than `hwm_lag_s` ago is not all there yet. `rights` are those of a firm, where it is not to have all. An export
    holds `export_most` invoices in parts of `part_most` bytes. `announced` is what Latarnia tells.
    """

    state: Literal["ok", "slow", "down", "maintenance"] = "ok"
    status_after_s: Count = 0
    fail_next: Annotated[tuple[InvoiceCode | Literal[0], ...], Meta(max_length=1000)] = ()
    refuse_next: Annotated[tuple[HttpCode, ...], Meta(max_length=1000)] = ()
    drop_after_post: Count = 0
    lose_answers: Count = 0
    hwm_lag_s: Count = 0
    limits: bool = True
    rights: dict[TaxNo, tuple[str, ...]] = {}
    export_most: Annotated[int, Meta(ge=1, le=10_000)] = 10_000
    part_most: Annotated[int, Meta(ge=16, le=50_000_000)] = 50_000_000
    announced: Annotated[tuple[Announced, ...], Meta(max_length=100)] = ()


class HandedLine(msgspec.Struct, forbid_unknown_fields=True):
    """Goods or a service at a net price; the rate is as FA(3) spells it."""

    name: Annotated[str, Meta(min_length=1, max_length=256)]
    price: Decimal
    quantity: Decimal = Decimal(1)
    unit: str = "szt."
    rate: Literal["23", "8", "5"] = "23"


class Handed(msgspec.Struct, forbid_unknown_fields=True):
    """An invoice that somebody else sent: said by its facts, or the whole of it as `xml`.

    One that is not `checked` is kept whatever it is, for the firm `buyer_tax_no`, and counts as FA(3).
    """

    number: Annotated[str, Meta(min_length=1, max_length=256)]
    buyer_tax_no: TaxNo
    seller_tax_no: TaxNo = "1111111111"
    seller_name: Annotated[str, Meta(min_length=1, max_length=512)] = "Dostawca sp. z o.o."
    buyer_name: Annotated[str, Meta(min_length=1, max_length=512)] = "Nabywca sp. z o.o."
    issued_on: dt.date | None = None
    due_on: dt.date | None = None
    bank_account: Annotated[str, Meta(max_length=34)] = ""
    lines: Annotated[tuple[HandedLine, ...], Meta(min_length=1, max_length=100)] = (
        HandedLine("Usługa", Decimal("100.00")),
    )
    xml: Annotated[str, Meta(max_length=1_000_000)] | None = None
    checked: bool = True
