"""Where somebody receives electronic invoices: two fields that the firm and its contacts have."""

from flask_babel import lazy_gettext

from faktura.web.forms.choices import schemes_named
from faktura.web.forms.fields import Choice, Text

ELECTRONIC_ADDRESS = (
    Choice(
        "electronic_scheme",
        lazy_gettext("Sort of electronic address"),
        options=schemes_named,
        empty=lazy_gettext("As it follows from the numbers"),
        hint=lazy_gettext("What the address is a number of, by the list that Peppol has."),
    ),
    Text("electronic_address", lazy_gettext("Electronic address")),
)
