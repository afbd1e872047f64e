"""What the core refuses as a whole is said in the form, in the reader's words."""

from flask import Flask
from flask_babel import force_locale

from faktura.core.people.members import LastOwner
from faktura.web.forms.missing import what_to_fill_in
from faktura.web.forms.sentences import reason
from tests import needs

pytestmark = needs.ONE_ENGINE


def test_what_a_firm_has_not_said_is_named_where_a_document_is_refused(app: Flask) -> None:
    with app.test_request_context("/applecorp/settings"), force_locale("cs"):
        said = what_to_fill_in(("registration_no", "bank_account"))
        assert said.startswith("Nejdřív doplňte údaje firmy: ")
        assert said.count(",") == 1
        assert '<a href="/applecorp/settings/account#registration_no">' in said
        assert '<a href="/applecorp/settings/bank_accounts/new">' in said
        assert reason(LastOwner()).startswith("Poslední vlastník")
