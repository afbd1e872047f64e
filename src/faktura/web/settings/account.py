"""What a firm is: its name, numbers, address and VAT, and how its documents begin."""

from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.choices import countries_named, currencies_named, languages_named
from faktura.web.forms.fields import Choice, Text, Whole, YesNo
from faktura.web.forms.form import Form
from faktura.web.settings import pages
from faktura.web.settings.of_account import save_account, show_account

VAT_MODES = {
    "vat_payer": lazy_gettext("VAT payer: we add VAT to our prices"),
    "non_vat_payer": lazy_gettext("Not a payer: our documents have no VAT"),
    "identified_person": lazy_gettext("Identified person: VAT only in trade with other countries of the EU"),
}

PRICES = {
    "without_vat": lazy_gettext("Without VAT"),
    "with_vat": lazy_gettext("With VAT"),
    "numerical_with_vat": lazy_gettext("With VAT, its amount by coefficient"),
    "from_total_with_vat": lazy_gettext("With VAT, counted from the total"),
}

PAID_BY = {
    "bank": lazy_gettext("Bank transfer"),
    "card": lazy_gettext("Card"),
    "cash": lazy_gettext("Cash"),
    "cod": lazy_gettext("Cash on delivery"),
    "paypal": lazy_gettext("PayPal"),
}

ACCOUNT = Form(
    Text("name", lazy_gettext("Name of the firm"), required=True, autocomplete="organization"),
    Text("full_name", lazy_gettext("Full name in letters")),
    Choice("country", lazy_gettext("Country"), options=countries_named),
    Text("registration_no", lazy_gettext("Registration number"), hint=lazy_gettext("IČO, in Poland REGON.")),
    Text("vat_no", lazy_gettext("VAT number"), hint=lazy_gettext("DIČ, in Poland NIP, in Slovakia IČ DPH.")),
    Text("local_vat_no", lazy_gettext("Local VAT number"), hint=lazy_gettext("In Slovakia DIČ.")),
    Text(
        "register_note",
        lazy_gettext("Entry in the register"),
        hint=lazy_gettext("The court and the file, as electronic invoices say it."),
    ),
    Text("street", lazy_gettext("Street and number"), autocomplete="street-address"),
    Text("city", lazy_gettext("City"), autocomplete="address-level2"),
    Text("postcode", lazy_gettext("Postcode"), autocomplete="postal-code"),
    Choice("vat_mode", lazy_gettext("VAT"), options=VAT_MODES.items),
    Whole("vat_rate", lazy_gettext("Usual VAT rate (percent)")),
    Choice("vat_price_mode", lazy_gettext("Prices are entered"), options=PRICES.items),
    Choice("currency", lazy_gettext("Currency"), options=currencies_named),
    Whole("due_days", lazy_gettext("Days until a document is due")),
    Choice("payment_method", lazy_gettext("Payment method"), options=PAID_BY.items, empty=lazy_gettext("Not said")),
    Choice("invoice_language", lazy_gettext("Language of documents"), options=languages_named),
    YesNo("proforma_by_default", lazy_gettext("A new document is a proforma invoice")),
    YesNo("fixed_exchange_rate", lazy_gettext("The exchange rate is kept from one document to the next")),
    YesNo("selfbilling", lazy_gettext("Customers issue our documents")),
    YesNo("send_thank_you_email", lazy_gettext("Customers are thanked for payments by e-mail")),
    YesNo("send_invoice_from_proforma_email", lazy_gettext("The invoice to a paid proforma is sent by e-mail")),
    Text("invoice_email", lazy_gettext("E-mail"), type="email", hint=lazy_gettext("Customers answer to it.")),
    Text("phone", lazy_gettext("Phone"), type="tel"),
    Text("web", lazy_gettext("Web")),
    Text(
        "payment_page",
        lazy_gettext("Payment page"),
        hint=lazy_gettext(
            "Where customers pay, from https:// on; {number}, {amount}, {currency} and {variable_symbol} stand for"
            " those of the document."
        ),
    ),
)


@pages.get("/<slug>/settings/account")
def account(slug: str) -> str:
    return show_account(slug, ACCOUNT, "settings/account.html")


@pages.post("/<slug>/settings/account")
@keeps_typed
def change(slug: str) -> Response:
    return save_account(slug, ACCOUNT, "settings/account.html")
