"""A paper without a buyer, read: what it says."""

from faktura.core.money.words_for_money import in_polish
from faktura.core.papers.record import Paper
from faktura.core.people.accounts import Account
from faktura.outputs.reading.context import Context
from faktura.outputs.reading.facts import Facts, Party, Title
from faktura.outputs.reading.invoices import address_lines, exempt_under, rate_sum, sold_line


def facts_of(paper: Paper, account: Account, look: Context) -> Facts:
    """What the paper says, whoever reads it in whatever language; the firm is as it is now."""
    return Facts(
        title=TITLES[paper.kind],
        number=paper.number,
        seller=Party(
            name=account.name,
            address=address_lines(account.street, account.postcode, account.city),
            country=account.country,
            registration_no=account.registration_no or "",
            vat_no=account.vat_no or "",
        ),
        buyer=None,
        issued_on=paper.issued_on,
        taxable_on=paper.taxable_on,
        currency=account.currency,
        taxed=bool(paper.vat_total),
        lines=tuple(map(sold_line, paper.lines)),
        rate_sums=tuple(map(rate_sum, paper.vat_sums)),
        net_total=paper.net_total,
        vat_total=paper.vat_total,
        total=paper.gross_total,
        total_in_words=in_polish(paper.gross_total, account.currency) if account.country == "PL" else "",
        note="\n".join(filter(None, (paper.description, paper.note))),
        exempt_under=exempt_under(paper.vat_exemption, paper.lines),
        logo=look.logo,
        colour=look.colour,
        changed_at=paper.updated_at,
    )


TITLES: dict[str, Title] = {
    "internal_invoice": "internal_invoice",
    "fiscal_report": "fiscal_report",
    "internal_evidence": "internal_evidence",
    "daily_revenue": "daily_revenue",
}
