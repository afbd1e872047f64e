"""faktura account set, bank, series: what a firm says of itself, where it is paid, how its documents are numbered."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from faktura.commands.office import Slug, given, read_in, write_in

if TYPE_CHECKING:
    from faktura.core.bank_accounts import BankAccount
    from faktura.core.books.books import Books
    from faktura.core.documents.numbering import NumberFormat

bank = typer.Typer(help="The bank accounts that firms are paid on.", no_args_is_help=True)
series = typer.Typer(help="The formats that documents are numbered by.", no_args_is_help=True)

Kind = Literal[
    "invoice",
    "proforma",
    "correction",
    "tax_document",
    "final_invoice",
    "margin_invoice",
    "oss_invoice",
    "oss_correction",
]

SAID: Mapping[str, str] = {
    "name": "name, as it stands on documents",
    "full_name": "full name, as it stands in letters",
    "registration_no": "registration number: IČO, REGON",
    "vat_no": "VAT number: DIČ, NIP, IČ DPH",
    "local_vat_no": "the number of a Slovak firm that is called DIČ",
    "register_note": "how it stands in a register of firms: C 1234, Městský soud v Praze",
    "street": "street and number",
    "city": "town",
    "postcode": "postcode",
    "country": "country, such as CZ; stays as it is from the first document on",
    "vat_mode": "vat_payer, non_vat_payer or identified_person",
    "vat_rate": "usual VAT rate in percent",
    "vat_price_mode": "how prices are entered: with_vat, without_vat, numerical_with_vat or from_total_with_vat",
    "currency": "currency of the books, such as CZK",
    "fixed_exchange_rate": "whether an exchange rate is kept from one document to the next: true or false",
    "selfbilling": "whether customers issue the documents: true or false",
    "invoice_email": "e-mail address, which customers answer to",
    "phone": "telephone",
    "web": "web site",
    "colour": "colour of the firm on its documents, such as #0a6e5c",
    "unit_name": "usual unit of lines",
    "invoice_note": "text above the lines",
    "footer_note": "text at the foot",
    "invoice_language": "language of documents, such as cs",
    "due_days": "days until a document is due",
    "payment_method": "bank, card, cash, cod or paypal",
    "hide_bank_account_for": "payment methods, with commas, whose documents name no bank account",
    "paypal_enabled": "whether customers may pay by PayPal: true or false",
    "gopay_enabled": "whether customers may pay by GoPay: true or false",
    "payment_page": "where customers pay: an https:// address with {number}, {amount}, {currency}, {variable_symbol}",
    "proforma_by_default": "whether a new document is a proforma: true or false",
    "estimate_kind": "estimate or quote",
    "update_contacts_from_registry": "whether contacts follow the registries: true or false",
    "send_invoice_from_proforma_email": "whether the invoice to a paid proforma is sent: true or false",
    "electronic_scheme": "what the electronic address is a number of, by the list that Peppol has, such as 9929",
    "electronic_address": "where electronic invoices reach the firm, where that does not follow from its numbers",
    "e_invoice_profile": "by whose rules UBL is written: peppol, xrechnung or en16931",
    "embed_isdoc": "whether the PDF of a letter carries an ISDOC: true or false",
    "attach_isdoc": "whether letters carry an ISDOC file: true or false",
    "attach_ubl": "whether letters carry a UBL file, where the document can be one: true or false",
    "check_e_invoices": "whether documents are checked as e-invoices after their issue: true or false",
    "send_thank_you_email": "whether customers are thanked for payments: true or false",
    "vat_code_eu_goods": "how the bookkeeper's program calls goods sold to another country of the EU, such as UDdodEU",
    "vat_code_eu_services": "the same of services that a firm of another country of the EU owes the VAT of",
    "vat_code_abroad": "the same of what is sold outside the EU, such as UDzahr",
    "vat_code_reverse_charge": "the same of a reverse charge at home, such as UDpdp",
}
"""What may be said of a firm, by attribute."""

_SET = "Say what a firm is, or only show it.\n\nAttributes, each of which an empty value takes away:\n\n" + "\n\n".join(
    f"{name}: {meaning}" for name, meaning in SAID.items()
)


def set_account(
    slug: Slug,
    values: Annotated[list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="What to say.")] = None,
) -> None:
    from faktura.core.accounts.change import change_account
    from faktura.core.accounts.missing import what_is_missing
    from faktura.core.people.accounts import Account

    said = given(Account, values or (), SAID)

    def work(books: "Books") -> list[str]:
        account = change_account(books, said)
        return [*_shown(account), *(f"missing\t{name}" for name in what_is_missing(books))]

    for line in write_in(slug, work):
        typer.echo(line)


def set_logo(
    slug: Slug,
    file: Annotated[Path | None, typer.Argument(help="PNG or JPEG of 1 MB at most.", dir_okay=False)] = None,
) -> None:
    """Print a logo on the firm's documents; without a file, none any more.

    It is drawn again by faktura, as large as documents need it, and nothing else of the file is kept.
    """
    from faktura.core.accounts.drawing import MEGABYTE, MOST_MEGABYTES, redraw
    from faktura.core.accounts.logo import keep_logo, remove_logo

    if file is None:
        write_in(slug, remove_logo)
        typer.echo(f"The documents of {slug} have no logo.")
        return
    with file.open("rb") as opened:
        drawn = redraw(opened.read(MOST_MEGABYTES * MEGABYTE + 1))
    write_in(slug, lambda books: keep_logo(books, drawn))
    typer.echo(f"The documents of {slug} have this logo from now on.")


def _shown(account: object) -> "Iterator[str]":
    for name in SAID:
        value = getattr(account, name)
        text = ",".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
        yield f"{name}\t{text}"


def add_to(account: typer.Typer) -> None:
    """Give the group of commands for accounts those of this file."""
    account.command("set", help=_SET)(set_account)
    account.command("logo")(set_logo)


@bank.command("add")
def add_bank(
    slug: Slug,
    number: Annotated[str, typer.Option(help="As the bank writes it, 19-2000145399/0800, or the IBAN.")],
    name: Annotated[str, typer.Option(help="What the firm calls it; else the bank's name.")] = "",
    currency: Annotated[str, typer.Option(help="Currency; else that of the books.")] = "",
    bank_name: Annotated[str, typer.Option("--bank", help="Name of the bank, where its code does not say it.")] = "",
    bic: Annotated[str, typer.Option(help="BIC, where the bank's code does not say it.")] = "",
    *,
    default: Annotated[bool, typer.Option("--default", help="Be paid on it where nothing else is said.")] = False,
) -> None:
    """Add a bank account.

    Its check digits are looked at. The IBAN follows from the number, and the name and BIC of a Czech bank.
    """
    from faktura.core.bank_numbers import add_typed_bank_account
    from faktura.core.errors import Given

    texts = {"number": number, "name": name, "currency": currency, "bank_name": bank_name, "bic": bic}
    said = Given({"default": default} | {attribute: text for attribute, text in texts.items() if text})
    _show_bank(write_in(slug, lambda books: add_typed_bank_account(books, said)))


@bank.command("list")
def list_banks(slug: Slug) -> None:
    """List number, currency, account, IBAN, name and whether it is the default, of every bank account."""
    from faktura.core.bank_accounts import BankAccount

    for found in read_in(slug, lambda books: books.all(BankAccount)):
        _show_bank(found)


@bank.command("remove")
def remove_bank(
    number: Annotated[int, typer.Argument(help="The number that `faktura bank list` begins its line with.")],
    slug: Slug,
) -> None:
    """Remove a bank account; documents keep what they say."""
    from faktura.core.bank_accounts import delete_bank_account

    write_in(slug, lambda books: delete_bank_account(books, number))
    typer.echo(f"The bank account {number} is removed.")


def _show_bank(found: "BankAccount") -> None:
    default = "default" if found.default else ""
    typer.echo(f"{found.id}\t{found.currency}\t{found.number}\t{found.iban or ''}\t{found.name}\t{default}".rstrip())


@series.command("add")
def add_series(
    slug: Slug,
    pattern: Annotated[
        str, typer.Option(help="Text with #yyyy# or #yy#, #mm#, and the counter: #dddd# has four digits.")
    ],
    kind: Annotated[Kind, typer.Option(help="What documents are numbered by it.")] = "invoice",
    following: Annotated[int | None, typer.Option("--next", help="Counter to go on with, counted elsewhere.")] = None,
    *,
    default: Annotated[bool, typer.Option("--default", help="Number by it where nothing else is said.")] = False,
) -> None:
    """Add a format of numbers, such as '#yyyy#-#dddd#'; the next three are shown."""
    from faktura.core.documents.number_formats import add_number_format
    from faktura.core.errors import Given

    said = Given({"pattern": pattern, "kind": kind, "next": following, "default": default})
    typer.echo(write_in(slug, lambda books: _series_line(books, add_number_format(books, said))))


@series.command("list")
def list_series(slug: Slug) -> None:
    """List number, kind, pattern, whether it is the default, and the next three numbers, of every format in use."""
    from faktura.core.documents.number_formats import formats_of

    for line in read_in(slug, lambda books: [_series_line(books, found) for found in formats_of(books)]):
        typer.echo(line)


@series.command("archive")
def archive_series(
    number: Annotated[int, typer.Argument(help="The number that `faktura series list` begins its line with.")],
    slug: Slug,
) -> None:
    """Number no more documents by a format; those that it numbered keep their numbers."""
    from faktura.core.documents.number_formats import archive_number_format

    write_in(slug, lambda books: archive_number_format(books, number))
    typer.echo(f"The format {number} is set aside.")


def _series_line(books: "Books", found: "NumberFormat") -> str:
    from faktura.core.documents.number_formats import preview_numbers

    numbers = ", ".join(preview_numbers(books, found))
    return f"{found.id}\t{found.kind}\t{found.pattern}\t{'default' if found.default else ''}\t{numbers}"
