"""An issued document as it is to be printed."""

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from decimal import Decimal

import msgspec
from stdnum import iban

from faktura.core.documents.record import ZERO, Line, VatSum
from faktura.core.documents.third_parties import ThirdParty
from faktura.core.invoices.record import Invoice
from faktura.core.money.words_for_money import in_polish
from faktura.core.people.accounts import Account
from faktura.outputs.printing.merging import merged
from faktura.outputs.printing.printed import Advance, Code, Copies, Kind, Party, PrintedDocument, PrintedLine, RateSum
from faktura.outputs.printing.printer import Printer
from faktura.outputs.printing.qr import CAPTIONS, PaymentCode, Transfer, payment_code


def print_invoice(
    printer: Printer, account: Account, invoice: Invoice, language: str | None = None, copies: Copies = "regular"
) -> Future[bytes]:
    """The document as a file, now or later, which is kept for its version."""
    return printer.submit(account.id, *_order(invoice, language, copies), account.print_seconds_per_hour)


def print_together(printer: Printer, account: Account, invoices: Sequence[Invoice], language: str) -> Future[bytes]:
    """Documents of one account, one after the other in one file, which is kept for their versions."""
    orders = [_order(invoice, language, "regular") for invoice in invoices]
    key = ("together", *(key for key, _ in orders))
    return printer.submit_many(account.id, key, orders, merged, account.print_seconds_per_hour)


def _order(invoice: Invoice, language: str | None, copies: Copies) -> tuple[Hashable, Callable[[], PrintedDocument]]:
    key = (invoice.account_id, invoice.id, invoice.version, language or invoice.language, copies)
    return key, lambda: printed(invoice, language, copies)


def printed(invoice: Invoice, language: str | None = None, copies: Copies = "regular") -> PrintedDocument:
    """The document, in its own language unless told otherwise."""
    document = PrintedDocument(
        kind=_kind(invoice),
        number=invoice.number,
        seller=_seller(invoice),
        buyer=_buyer(invoice),
        delivery=_delivery(invoice),
        third_parties=tuple(_third_party(party) for party in invoice.third_parties),
        issued_on=invoice.issued_on,
        copies=copies,
        duplicated_on=invoice.issued_on if "duplicate" in copies else None,
        language=language or invoice.language,
        taxed=_is_taxed(invoice),
        taxable_on=invoice.taxable_on if _is_taxed(invoice) and invoice.kind != "proforma" else None,
        service_from=invoice.service_from,
        service_until=invoice.service_until,
        order_number=invoice.order_number or "",
        lines=tuple(_line(line) for line in invoice.lines),
        total_in_words=_in_words(invoice, language or invoice.language),
        cancelled=invoice.cancelled_at is not None,
        reverse_charge=_is_reverse(invoice),
        split_payment=invoice.split_payment,
        note=invoice.note or "",
        footer=invoice.footer_note or "",
        seller_signature=invoice.seller_signature or "",
        buyer_signature=invoice.buyer_signature or "",
        printed_at=invoice.updated_at,
    )
    return _with_correction(invoice, _with_payment(invoice, _with_sums(invoice, document)))


def _in_words(invoice: Invoice, language: str) -> str:
    """Polish documents spell their total out, where the reader knows Polish."""
    polish = invoice.seller.country == "PL" and language in {"pl", "pe"}
    return in_polish(invoice.gross_total, invoice.currency) if polish else ""


def _with_sums(invoice: Invoice, document: PrintedDocument) -> PrintedDocument:
    foreign = invoice.exchange_rate is not None and invoice.exchange_rate != 1
    return msgspec.structs.replace(
        document,
        currency=invoice.currency,
        rate_sums=tuple(_rate_sum(s, foreign=foreign) for s in invoice.vat_sums),
        native_currency=_native_currency(invoice) if foreign else "",
        exchange_rate=invoice.exchange_rate if foreign else None,
        advances=tuple(_advances(invoice)),
        net_total=invoice.net_total,
        vat_total=invoice.vat_total,
        rounding=invoice.rounding,
        total=invoice.gross_total,
        paid=invoice.paid_amount,
        remaining=_to_pay(invoice),
    )


def _with_payment(invoice: Invoice, document: PrintedDocument) -> PrintedDocument:
    code, shown = code_of(invoice), not invoice.hide_bank_account
    return msgspec.structs.replace(
        document,
        due_on=invoice.due_on,
        paid_on=invoice.paid_on,
        payment_method=invoice.custom_payment_method or invoice.payment_method,
        bank_name=(invoice.bank_name or "") if shown else "",
        bank_account=(invoice.bank_account or "") if shown else "",
        iban=(invoice.iban or "") if shown else "",
        bic=(invoice.bic or "") if shown else "",
        variable_symbol=invoice.variable_symbol or "",
        do_not_pay=invoice.show_paid_note,
        codes=(Code(code.payload, CAPTIONS[code.standard]),) if code else (),
    )


def _with_correction(invoice: Invoice, document: PrintedDocument) -> PrintedDocument:
    if invoice.kind != "correction":
        return document
    return msgspec.structs.replace(
        document,
        corrected_number=invoice.corrected_number or "",
        corrected_on=invoice.corrected_on,
        correction_reason=_REASONS.get(invoice.correction_reason or "", ""),
    )


def code_of(invoice: Invoice) -> PaymentCode | None:
    """The payment code, where there is something to be paid by bank transfer."""
    if invoice.paid_on or invoice.cancelled_at or invoice.hide_bank_account or invoice.payment_method != "bank":
        return None
    if not invoice.iban or not iban.is_valid(invoice.iban):
        return None
    transfer = Transfer(
        amount=invoice.left_to_pay,
        currency=invoice.currency,
        iban=invoice.iban,
        recipient=invoice.seller.name,
        bic=invoice.bic or "",
        variable_symbol=invoice.variable_symbol or "",
        message=invoice.number,
        due_on=invoice.due_on,
        tax_no=invoice.seller.vat_no or "",
        payer_country=invoice.buyer_country or invoice.seller.country,
    )
    return payment_code(transfer)


def file_name(invoice: Invoice) -> str:
    """What the file is called: letters, digits and hyphens of the number."""
    return "".join(letter if letter.isalnum() else "-" for letter in invoice.number) + ".pdf"


def _is_taxed(invoice: Invoice) -> bool:
    return invoice.seller.vat_mode == "vat_payer"


def _kind(invoice: Invoice) -> Kind:
    return _TAX_KINDS.get(invoice.kind, invoice.kind) if _is_taxed(invoice) else invoice.kind


_TAX_KINDS: dict[str, Kind] = {
    "invoice": "vat_invoice",
    "correction": "vat_correction",
    "final_invoice": "vat_final_invoice",
}

_REASONS = {"mistake": "Błąd rachunkowy lub inna oczywista omyłka", "other": "Inne: np. zwrot, rabat"}
"""Reasons of corrections are a matter of Polish documents."""


def _seller(invoice: Invoice) -> Party:
    seller = invoice.seller
    return Party(
        name=seller.name,
        address=_address(seller.street, seller.postcode, seller.city),
        country=seller.country,
        registration_no=seller.registration_no or "",
        vat_no=seller.vat_no or "",
        local_vat_no=seller.local_vat_no or "",
    )


def _buyer(invoice: Invoice) -> Party:
    numbers = "/".join(filter(None, (invoice.buyer_street_number, invoice.buyer_flat_number)))
    return Party(
        name=invoice.buyer_name,
        address=_address(
            " ".join(filter(None, (invoice.buyer_street, numbers))), invoice.buyer_postcode, invoice.buyer_city
        ),
        country=invoice.buyer_country or "",
        registration_no=invoice.buyer_registration_no or "",
        vat_no=invoice.buyer_vat_no or "",
        local_vat_no=invoice.buyer_local_vat_no or "",
    )


def _delivery(invoice: Invoice) -> Party | None:
    if not invoice.has_delivery_address:
        return None
    address = _address(invoice.delivery_street, invoice.delivery_postcode, invoice.delivery_city)
    name = invoice.delivery_name or invoice.buyer_name
    return Party(name=name, address=address, country=invoice.delivery_country or "")


def _third_party(party: ThirdParty) -> Party:
    numbers = "/".join(filter(None, (party.street_number, party.flat_number)))
    return Party(
        name=party.name,
        address=_address(" ".join(filter(None, (party.street, numbers))), party.postcode, party.city),
        country=party.country or "",
        vat_no=party.tax_no or "",
    )


def _address(street: str | None, postcode: str | None, city: str | None) -> tuple[str, ...]:
    town = " ".join(filter(None, (postcode, city)))
    return tuple(line for line in (street, town) if line)


def _line(line: Line) -> PrintedLine:
    return PrintedLine(
        name=line.name,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_net_price,
        discount=line.discount,
        vat_rate=rate_text(line.vat_rate, line.vat_treatment),
        net=line.net,
        vat=line.vat,
        gross=line.gross,
        detail=line.pkwiu or line.cn or line.pkob or "",
        state="" if line.after is None else "after" if line.after else "before",
    )


def rate_text(rate: Decimal, treatment: str) -> str:
    """A rate as it is read: "21 %", "zw."."""
    return _TREATMENTS.get(treatment) or f"{rate.normalize():f} %"


_TREATMENTS = {"exempt": "zw.", "not_subject": "np.", "reverse_charge": "oo."}


def _rate_sum(found: VatSum, *, foreign: bool) -> RateSum:
    return RateSum(
        vat_rate=rate_text(found.vat_rate, found.vat_treatment),
        net=found.net,
        vat=found.vat,
        gross=found.gross,
        native_net=found.native_net if foreign else None,
        native_vat=found.native_vat if foreign else None,
    )


def _native_currency(invoice: Invoice) -> str:
    """The currency that the seller's country collects taxes in."""
    return {"CZ": "CZK", "PL": "PLN"}.get(invoice.seller.country, "EUR")


def _advances(invoice: Invoice) -> list[Advance]:
    """What was deducted, on documents of this book."""
    found = [
        Advance(
            number=d.number,
            amount=d.net + d.vat,
            paid_on=d.paid_on,
            vat_rate=rate_text(d.vat_rate, "taxed"),
            net=d.net,
            vat=d.vat,
        )
        for d in invoice.deductions
    ]
    found += [
        Advance(number=link.number, amount=link.amount, paid_on=link.issued_on) for link in invoice.previous_advances
    ]
    own = invoice.advance_amount or ZERO
    rest = invoice.deducted - sum((advance.amount for advance in found), ZERO)
    if rest and rest != own:
        found.append(Advance(number="", amount=rest))
    return found


def _to_pay(invoice: Invoice) -> Decimal:
    """What the customer still owes; a document that is paid or cancelled asks for nothing."""
    return ZERO if invoice.paid_on or invoice.cancelled_at else invoice.left_to_pay


def _is_reverse(invoice: Invoice) -> bool:
    by_line = any(line.vat_treatment == "reverse_charge" for line in invoice.lines)
    return (invoice.reverse_charge and _is_taxed(invoice)) or by_line
