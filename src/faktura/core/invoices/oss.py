"""Invoices under the one-stop shop: sold to a consumer of the EU, with VAT of the country of consumption."""

from typing import get_args

from faktura.core.countries.vat import EU
from faktura.core.documents.record import UNDER_OSS
from faktura.core.errors import Problems
from faktura.core.invoices.record import Invoice, OssService


def check_oss(invoice: Invoice, problems: Problems) -> None:
    """It names the country of consumption and whether goods or services were sold; no other document has more of it.

    Whether that country has the rates of the lines on that day is not asked: no contract refuses others.
    """
    if invoice.kind not in UNDER_OSS:
        invoice.oss_service = invoice.supply_place = invoice.supply_place_secondary = None
        return
    if "buyer_country" not in problems and invoice.buyer_country not in EU:
        problems.add("buyer_country", "not_in_list" if invoice.buyer_country else "blank")
    if "oss" not in problems and invoice.oss == "disabled":
        problems.add("oss", "blank")
    if invoice.oss_service not in {None, *get_args(OssService)}:
        problems.add("oss_service", "not_in_list")
