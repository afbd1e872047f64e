"""Payment codes say what the standards of the banks want, and a camera reads it off the printed page."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest

from faktura.outputs.printing.pdf import compose
from faktura.outputs.reading.facts import Code
from faktura.outputs.reading.qr import PaymentCode, Transfer, payment_code
from faktura.outputs.tests.documents import codes_on, document

IN_CZECHIA = Transfer(
    amount=Decimal("1493.5"),
    currency="CZK",
    iban="CZ65 0800 0000 1920 0014 5399",
    bic="GIBACZPX",
    recipient="Žluťoučký kůň s.r.o.",
    variable_symbol="20260001",
    message="Faktura 2026-0001 (50 % * sleva)",
    due_on=dt.date(2026, 12, 5),
    payer_country="CZ",
)

IN_EUROPE = msgspec.structs.replace(
    IN_CZECHIA, currency="EUR", iban="SK31 1200 0000 1987 4263 7541", bic="TATRSKBX", payer_country="SK"
)

IN_POLAND = Transfer(
    amount=Decimal("81.46"),
    currency="PLN",
    iban="PL61 1090 1014 0000 0712 1981 2874",
    recipient="Zażółć gęślą jaźń | spółka z o.o.",
    message="Faktura 1/11/2026",
    tax_no="PL5260250274",
)


def test_crowns_are_paid_by_a_short_payment_descriptor() -> None:
    assert payment_code(IN_CZECHIA) == PaymentCode(
        "spayd",
        "SPD*1.0*ACC:CZ6508000000192000145399+GIBACZPX*AM:1493.50*CC:CZK*DT:20261205"
        "*MSG:FAKTURA 2026-0001 (50 %25 %2A SLEVA)*RN:ZLUTOUCKY KUN S.R.O.*X-VS:20260001",
    )


def test_euros_are_paid_by_the_code_of_sepa() -> None:
    code = payment_code(IN_EUROPE)

    assert code is not None
    assert code.standard == "epc"
    assert code.payload.split("\n") == [
        *("BCD", "002", "1", "SCT", "TATRSKBX", "Žluťoučký kůň s.r.o.", "SK3112000000198742637541", "EUR1493.50"),
        *("", "", "Faktura 2026-0001 (50 % * sleva)"),
    ]


def test_zlotys_are_paid_by_the_code_of_the_polish_banks() -> None:
    assert payment_code(IN_POLAND) == PaymentCode(
        "zbp", "5260250274|PL|61109010140000071219812874|008146|Zażółć gęślą jaźń sp|Faktura 1/11/2026|||"
    )


@pytest.mark.parametrize("transfer", [IN_CZECHIA, IN_EUROPE, IN_POLAND], ids=["spayd", "epc", "zbp"])
def test_a_camera_reads_the_code_off_the_page(transfer: Transfer) -> None:
    code = payment_code(transfer)
    assert code is not None

    printed = compose(document(codes=(Code(code.payload, "QR"),)))

    assert codes_on(printed) == [code.payload]


def test_several_codes_stand_on_one_document() -> None:
    payloads = ["SPD*1.0*ACC:CZ6508000000192000145399*AM:1.00*CC:CZK", "https://faktura.example/verify/ž"]

    printed = compose(document(codes=tuple(Code(payload) for payload in payloads)))

    assert sorted(codes_on(printed)) == payloads


def test_short_and_long_codes_are_read_off_the_page() -> None:
    payloads = [f"https://faktura.example/{'verify/' * length}ž" for length in range(1, 30, 7)]

    printed = compose(document(codes=tuple(Code(payload) for payload in payloads)))

    assert sorted(codes_on(printed)) == sorted(payloads)


def test_euros_between_czech_banks_are_paid_by_a_short_payment_descriptor() -> None:
    code = payment_code(msgspec.structs.replace(IN_CZECHIA, currency="EUR"))

    assert code is not None
    assert code.standard == "spayd"
    assert "*CC:EUR*" in code.payload


def test_euros_from_abroad_to_a_czech_bank_are_paid_by_the_code_of_sepa() -> None:
    code = payment_code(msgspec.structs.replace(IN_CZECHIA, currency="EUR", payer_country="DE"))

    assert code is not None
    assert code.standard == "epc"


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "USD"},
        {"iban": ""},
        {"iban": "DE89370400440532013000"},
        {"amount": Decimal(0)},
        {"amount": Decimal(-1)},
        {"amount": Decimal(10_000_000)},
    ],
)
def test_there_is_no_code_for_what_none_can_tell(changes: dict[str, object]) -> None:
    assert payment_code(msgspec.structs.replace(IN_CZECHIA, **changes)) is None


def test_six_digits_of_grosz_are_the_most_that_a_polish_code_tells() -> None:
    assert payment_code(msgspec.structs.replace(IN_POLAND, amount=Decimal("9999.99"))) is not None
    assert payment_code(msgspec.structs.replace(IN_POLAND, amount=Decimal(10_000))) is None


@pytest.mark.parametrize("symbol", ["12345678901", "12A", "\uff11\uff12"])
def test_what_is_no_variable_symbol_is_left_out(symbol: str) -> None:
    code = payment_code(msgspec.structs.replace(IN_CZECHIA, variable_symbol=symbol))

    assert code is not None
    assert "X-VS" not in code.payload
