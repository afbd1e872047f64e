"""Lines of papers without a buyer, and what they come to."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from faktura.core.books.books import Books
from faktura.core.countries.vat import charges_vat
from faktura.core.documents.lines import MOST_LINES, texts_of
from faktura.core.documents.record import ZERO, Basis, Line
from faktura.core.documents.totals import HUNDRED, Terms, Totals, priced, totals
from faktura.core.errors import Given, Problems
from faktura.core.money.amounts import LARGEST, fine
from faktura.core.papers.record import WITH_VAT, Paper, PaperKind
from faktura.core.texts import check_texts
from faktura.core.vat_treatment import VatTreatment

Said = Iterator[tuple[str, str]]


def paper_lines(books: Books, paper: Paper, given: Sequence[Given], problems: Problems) -> tuple[Line, ...]:
    """The lines that are given, under ids of their own; they take the place of all that a paper had.

    A line's price is the `net` of the whole line, its `unit_price` or the `gross` of the whole line: the first of these
    that is given. What is wrong stands under "lines.<attribute>".
    """
    if not given:
        problems.add("lines", "blank")
    elif len(given) > MOST_LINES:
        problems.add("lines", "too_long", MOST_LINES)
        return ()
    ids = books.next_ids(Paper, len(given))
    return tuple(_line(paper, line_id, values, problems) for line_id, values in zip(ids, given, strict=True))


def add_up(paper: Paper) -> Paper:
    """The paper itself, with its lines priced and all that follows from them."""
    terms = _terms(paper)
    paper.lines = tuple(priced(line, terms) for line in paper.lines)
    paper.line_texts = texts_of(paper.lines)
    sums = totals(paper.lines, terms)
    paper.net_total, paper.vat_total, paper.gross_total, paper.vat_sums = sums.net, sums.vat, sums.gross, sums.vat_sums
    paper.quantity, paper.unit_price = _of_one_thing(paper)
    return paper


def wrong_sums(paper: Paper) -> Said:
    """The kind of what is wrong and a sentence, as `faktura db check` asks; no price is computed again."""
    right: Totals = totals(paper.lines, _terms(paper))
    expected: dict[str, Any] = {
        "net_total": right.net,
        "vat_total": right.vat,
        "gross_total": right.gross,
        "vat_sums": right.vat_sums,
    }
    expected |= zip(("quantity", "unit_price"), _of_one_thing(paper), strict=True)
    for name, sums in expected.items():
        if (found := getattr(paper, name)) != sums:
            yield name, f"{name} is {found}, but should be {sums}"


def _of_one_thing(paper: Paper) -> tuple[Decimal | None, Decimal | None]:
    """The quantity and the price of what an internal evidence is of."""
    if paper.kind != "internal_evidence" or not paper.lines:
        return None, None
    return paper.lines[0].quantity, paper.lines[0].unit_net_price


def _terms(paper: Paper) -> Terms:
    return Terms(tally="by_line", taxed=charges_vat(paper.vat_mode, reverse_charge=False))


def _line(paper: Paper, line_id: int, given: Given, problems: Problems) -> Line:
    """Raises nothing: a line that is wrong adds to the problems and comes back in some state."""
    check_texts(Line, given, problems, "lines.")
    for attribute, found in given.unread.items():
        for problem in found:
            problems.add(f"lines.{attribute}", problem.code, problem.limit)
    values = {name: given[name] for name in _TAKEN if given.get(name) is not None}
    values |= {name: fine(values[name]) for name in _FINE & values.keys()}
    values |= _tax(paper, given, values.get("vat_rate", ZERO), problems)
    line = Line(line_id, values.pop("name", ""), **values, **_price(paper, given, problems))
    if line.lump_sum_rate is not None and not ZERO <= line.lump_sum_rate <= HUNDRED:
        problems.add("lines.lump_sum_rate", "not_in_list")
    if line.quantity <= ZERO:
        problems.add("lines.quantity", "not_positive")
    if abs(line.entered * line.quantity) >= LARGEST:
        problems.add(_priced_by(paper), "too_large")
        return Line(line_id, line.name, ZERO)
    return line


def _tax(paper: Paper, given: Given, rate: Decimal, problems: Problems) -> dict[str, Any]:
    """Of what rate it is, or why of none."""
    if paper.kind not in WITH_VAT:
        return {"vat_rate": ZERO, "vat_treatment": _WITHOUT_VAT[paper.kind]}
    treatment: VatTreatment = given.get("vat_treatment") or "taxed"
    if not {"vat_treatment", "vat_rate"} & {*given, *given.unread}:
        problems.add("lines.vat_treatment", "blank")
    if not ZERO <= rate <= HUNDRED:
        problems.add("lines.vat_rate", "not_in_list")
    is_taxed = treatment == "taxed" and charges_vat(paper.vat_mode, reverse_charge=False)
    return {"vat_rate": rate if is_taxed else ZERO, "vat_treatment": treatment}


def _price(paper: Paper, given: Given, problems: Problems) -> dict[str, Any]:
    """What was entered, and what it is the price of."""
    name = next((name for name in _PRICES if given.get(name) is not None), None)
    if name is None:
        if not _PRICES.keys() & given.unread.keys():
            problems.add(_priced_by(paper), "blank")
        return {"entered": ZERO}
    per_unit = {"unit_net_price": given.get("unit_price") or ZERO} if name == "net" else {}
    return {"entered": given[name], "basis": _PRICES[name]} | per_unit


def _priced_by(paper: Paper) -> str:
    """What the price of a line is called where somebody has to give one."""
    return "lines.net" if paper.kind in WITH_VAT else "lines.unit_price"


_PRICES: dict[str, Basis] = {"net": "net", "unit_price": "unit", "gross": "gross"}
"""By attribute of what is given; the first goes before the others."""

_TAKEN = ("name", "quantity", "unit", "vat_rate", "lump_sum_rate")

_FINE = {"quantity", "vat_rate"}

_WITHOUT_VAT: dict[PaperKind, VatTreatment] = {"internal_evidence": "not_subject", "daily_revenue": "exempt"}
