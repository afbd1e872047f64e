"""A document as finished texts in a language: templates of paper and page put them in their places, no more."""

from collections.abc import Callable, Iterator

import msgspec

from faktura.outputs.reading.facts import Code, Facts, Mark, Party, marked
from faktura.outputs.reading.tables import LineTable, RateTable, line_table, rate_tables, remaining_of, sums_of
from faktura.outputs.reading.tongue import Fact, Tongue
from faktura.outputs.words.words import BILINGUAL, METHODS, printed_language, registration_no_label, vat_no_label

LOOSE_MINIMUM = 12
"""Digits from which a bank account's number is read more easily in groups."""


class PartyText(msgspec.Struct, frozen=True):
    """Somebody named, under a heading."""

    heading: str
    name: str
    address: tuple[str, ...]
    facts: tuple[Fact, ...]
    remark: str


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on a document, in the order in which it is read; a fact is a label and a value.

    The value of `payment_link` is an address. `remaining` is what is still to be paid or returned. `warnings` stand
    above all else, `remarks` below the sums.
    """

    language: str
    bilingual: bool
    title: str
    number: str
    seller: str
    warnings: tuple[str, ...]
    parties: tuple[PartyText, ...]
    facts: tuple[Fact, ...]
    payment: tuple[Fact, ...]
    payment_link: Fact | None
    codes: tuple[Code, ...]
    verification: tuple[Code, ...]
    note: str
    table: LineTable
    rate_tables: tuple[RateTable, ...]
    sums: tuple[Fact, ...]
    remaining: Fact
    remarks: tuple[str, ...]
    footer: str
    signatures: tuple[Fact, ...]


def sheet_of(facts: Facts, language: str) -> Sheet:
    tongue = Tongue(language)
    return Sheet(
        language=printed_language(language),
        bilingual=language in BILINGUAL,
        title=tongue.labels[facts.title],
        number=facts.number,
        seller=facts.seller.name,
        warnings=tuple(_warnings(facts, tongue)),
        parties=tuple(_parties(facts, tongue)),
        facts=tuple(_labelled(Mark.FACT, facts, tongue)),
        payment=tuple(_labelled(Mark.PAYMENT, facts, tongue)),
        payment_link=next(iter(tongue.fact("payment_link", facts.payment_link)), None),
        codes=facts.codes,
        verification=facts.verification,
        note=facts.note,
        table=line_table(facts, tongue),
        rate_tables=tuple(rate_tables(facts, tongue)),
        sums=tuple(sums_of(facts, tongue)),
        remaining=remaining_of(facts, tongue),
        remarks=tuple(_remarks(facts, tongue)),
        footer=facts.footer,
        signatures=tuple(_labelled(Mark.SIGNATURE, facts, tongue)),
    )


def _warnings(facts: Facts, tongue: Tongue) -> Iterator[str]:
    if facts.cancelled:
        yield tongue.labels["cancelled"]
    if facts.do_not_pay:
        yield tongue.labels["do_not_pay"]


def _parties(facts: Facts, tongue: Tongue) -> Iterator[PartyText]:
    labels = tongue.labels
    buyer = facts.buyer
    abroad = buyer is not None and buyer.country != facts.seller.country
    untaxed = labels["non_vat_payer"] if facts.untaxed_seller else ""
    yield _party(labels["seller"], facts.seller, tongue, abroad=abroad, remark=untaxed)
    if buyer is not None:
        yield _party(labels["buyer"], buyer, tongue, abroad=abroad)
    if facts.delivery is not None:
        away = facts.delivery.country not in {"", facts.seller.country}
        yield _party(labels["delivery"], facts.delivery, tongue, abroad=away)
    for party in facts.third_parties:
        away = party.country not in {"", facts.seller.country}
        yield _party(party.role or labels["third_party"], party, tongue, abroad=away)


def _party(heading: str, party: Party, tongue: Tongue, *, abroad: bool, remark: str = "") -> PartyText:
    """The country stands there where a letter from the seller would want it."""
    numbers = {
        registration_no_label(tongue.language, party.country): party.registration_no,
        vat_no_label(tongue.language, party.country): party.vat_no,
        tongue.labels["local_vat_no"]: party.local_vat_no,
    }
    country = tongue.country(party.country) if abroad and party.country else ""
    return PartyText(
        heading,
        party.name,
        tuple(filter(None, (*party.address, country))),
        (*((label, number) for label, number in numbers.items() if number), *party.facts),
        party.remark or remark,
    )


def _labelled(mark: Mark, facts: Facts, tongue: Tongue) -> Iterator[Fact]:
    """The facts of a list, each under its label."""
    for name in marked(mark):
        spell = _SPELLED.get(name)
        yield from tongue.fact(name, spell(facts, tongue) if spell else getattr(facts, name))


def _service_period(facts: Facts, tongue: Tongue) -> str:
    """One that has no end, or no beginning, is not said."""
    if not (facts.service_from and facts.service_until):
        return ""
    return f"{tongue.date(facts.service_from)} – {tongue.date(facts.service_until)}"


def _corrected(facts: Facts, tongue: Tongue) -> str:
    day = f" ({tongue.date(facts.corrected_on)})" if facts.corrected_on else ""
    return facts.corrected_number and facts.corrected_number + day


def _method(facts: Facts, tongue: Tongue) -> str:
    return tongue.labels[facts.payment_method] if facts.payment_method in METHODS else facts.payment_method


def grouped(number: str) -> str:
    """An IBAN by fours, the 26 digits of a Polish account as its bank writes them; another number as it is."""
    if not number.isalnum() or len(number) < LOOSE_MINIMUM:
        return number
    start = 2 if number.isdecimal() else 0
    groups = [number[:start], *(number[place : place + 4] for place in range(start, len(number), 4))]
    return " ".join(filter(None, groups))


_SPELLED: dict[str, Callable[[Facts, Tongue], str]] = {
    "service_from": _service_period,
    "corrected_number": _corrected,
    "payment_method": _method,
    "bank_account": lambda facts, _: grouped(facts.bank_account),
    "iban": lambda facts, _: grouped(facts.iban),
}
"""What is more under its label than the value of one fact."""


def _remarks(facts: Facts, tongue: Tongue) -> Iterator[str]:
    if facts.total_in_words and tongue.language in {"pl", "pe"}:
        yield f"{tongue.labels['in_words']}: {facts.total_in_words}"
    if facts.title == "proforma":
        yield tongue.labels["not_a_tax_document"]
    if facts.selfbilling:
        yield tongue.labels["selfbilling"]
    if facts.reverse_charge:
        yield tongue.labels["reverse_charge"]
    if facts.split_payment:
        yield tongue.labels["split_payment"]
    if facts.consumed_in:
        yield f"{tongue.labels['oss']}: {facts.consumed_in}"
    if facts.margin_kind:
        yield tongue.labels[f"margin_{facts.margin_kind}"]
    if facts.exempt_under:
        yield f"{tongue.labels['exempt_by']}: {facts.exempt_under}"
