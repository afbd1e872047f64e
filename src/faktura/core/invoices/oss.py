"""Invoices under the one-stop shop: sold to a consumer of the EU, with VAT of the country of consumption."""

from decimal import Decimal
from typing import Any, get_args

from faktura.core.countries.consumption import rates_in
from faktura.core.countries.vat import EU
from faktura.core.documents.record import UNDER_OSS
from faktura.core.errors import Problems
from faktura.core.invoices.record import Invoice, OssService


def check_oss(invoice: Invoice, problems: Problems) -> None:
    """It names the country of consumption and whether goods or services were sold; no other document has more of it.

    Whoever names one of the services that are taxed where the customer is names evidence of that place (articles 24b
    and 24f of regulation 282/2011). The seller owes the VAT, never the consumer.
    """
    if invoice.kind not in UNDER_OSS:
        invoice.oss_service = invoice.supply_place = invoice.supply_place_secondary = None
        return
    invoice.reverse_charge = False
    if "buyer_country" not in problems and invoice.buyer_country not in EU:
        problems.add("buyer_country", "not_in_list" if invoice.buyer_country else "blank")
    if "oss" not in problems and invoice.oss == "disabled":
        problems.add("oss", "blank")
    if invoice.oss_service not in {None, *get_args(OssService)}:
        problems.add("oss_service", "not_in_list")
    elif invoice.oss_service and not invoice.supply_place and "supply_place" not in problems:
        problems.add("supply_place", "blank")


def unlisted_rates(invoice: Invoice) -> tuple[Decimal, ...]:
    """Rates of its lines that the country of consumption is not known to have on that day.

    They are told to people and refused to nobody: a guess, since no contract says what becomes of such a rate, and the
    table knows nothing of rates of single regions or months. Of a country or a day without any rates nothing is told.
    """
    if invoice.kind not in UNDER_OSS:
        return ()
    known = rates_in(invoice.buyer_country or "", invoice.taxed_on)
    return tuple(dict.fromkeys(line.vat_rate for line in invoice.lines if known and line.vat_rate not in known))


def said_by_correction(original: Invoice) -> dict[str, Any]:
    """What a correction of the document has of it, whoever issues it: under the one-stop shop it stays there."""
    if original.kind not in UNDER_OSS:
        return {"kind": "correction"}
    kept = "buyer_country", "oss", "oss_service", "supply_place", "supply_place_secondary"
    return {"kind": "oss_correction"} | {name: getattr(original, name) for name in kept}
