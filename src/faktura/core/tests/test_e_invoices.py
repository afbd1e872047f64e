"""Where electronic invoices reach firms and contacts, and what of that stays on a document."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from faktura.core.accounts.change import change_account
from faktura.core.catalogue import add_product
from faktura.core.contacts import Contact, add_contact, change_contact
from faktura.core.e_invoices import EInvoice, schemes
from faktura.core.errors import Given, Invalid
from faktura.core.invoices.agreed import e_invoices_for, profile_for
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.core.tests.conftest import Firm, a_firm, pay
from faktura.store.database import Database
from tests import needs

LEITWEG = {"electronic_scheme": "0204", "electronic_address": "991-12345-67", "buyer_reference": "991-12345-67"}


def refused(firm: Firm, **given: str) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        firm.do(change_contact, firm.contact.id, Given(given))
    return {name: problems[0].code for name, problems in error.value.problems.items()}


@needs.ONE_ENGINE
def test_every_scheme_is_of_the_official_list(shared_folder: Path) -> None:
    rules = (shared_folder / "schemas" / "en16931" / "EN16931-UBL-validation.xslt").read_text(encoding="utf-8")
    official = re.search(r"contains\(' (0002 0007 [^']* EM) '", rules)

    assert official is not None
    assert set(schemes()) - set(official[1].split()) == set()


@needs.ONE_ENGINE
@pytest.mark.parametrize(
    ("scheme", "address"),
    [
        *(("9929", "CZ12345679"), ("0154", "12345679"), ("0245", "2222222222"), ("9950", "SK2222222222")),
        *(
            ("9945", "PL1234563218"),
            ("9930", "DE123456788"),
            ("0204", "04011000-1234512345-06"),
            ("9914", "ATU12345678"),
        ),
        *(("0088", "8591234567890"), ("EM", "faktury@firma.example"), ("0208", "0123456789"), ("0007", "5567890123")),
    ],
)
def test_a_contact_keeps_an_address_of_the_form_of_its_scheme(firm: Firm, scheme: str, address: str) -> None:
    typed = f" {address.lower() if scheme != 'EM' else address} "
    given = Given({"electronic_scheme": scheme, "electronic_address": typed})
    kept = firm.do(change_contact, firm.contact.id, given)

    assert (kept.electronic_scheme, kept.electronic_address) == (scheme, address)


@needs.ONE_ENGINE
def test_neither_scheme_nor_address_stands_alone_and_both_fit(firm: Firm) -> None:
    assert refused(firm, electronic_address="CZ12345679") == {"electronic_scheme": "blank"}
    assert refused(firm, electronic_scheme="9929") == {"electronic_address": "blank"}
    assert refused(firm, electronic_scheme="9999", electronic_address="1") == {"electronic_scheme": "not_in_list"}
    assert refused(firm, electronic_scheme="9929", electronic_address="DE1") == {"electronic_address": "malformed"}
    too_long = {"electronic_scheme": "9915", "electronic_address": "A" * 51}
    assert refused(firm, **too_long) == {"electronic_address": "too_long"}
    assert refused(firm, buyer_reference="x" * 256) == {"buyer_reference": "too_long"}
    with pytest.raises(Invalid) as error:
        firm.do(change_account, Given({"electronic_scheme": "9929", "electronic_address": "12"}))
    assert error.value.problems["electronic_address"][0].code == "malformed"


def test_a_document_keeps_what_was_said_on_the_day_of_issue(firm: Firm) -> None:
    firm.account = firm.do(change_account, Given({"electronic_scheme": "0154", "electronic_address": "12345679"}))
    firm.do(change_contact, firm.contact.id, Given(LEITWEG))
    issued = firm.issue()
    later = {"electronic_scheme": "EM", "electronic_address": "a@b.example", "buyer_reference": "other"}
    firm.do(change_contact, firm.contact.id, Given(later))
    firm.account = firm.do(change_account, Given({"electronic_scheme": None, "electronic_address": None}))
    kept = firm.again(issued)

    assert (kept.buyer_electronic_scheme, kept.buyer_electronic_address) == ("0204", "991-12345-67")
    assert (kept.seller.electronic_scheme, kept.seller.electronic_address) == ("0154", "12345679")
    assert kept.buyer_reference == "991-12345-67"


def test_what_follows_a_proforma_has_what_stands_on_it(firm: Firm) -> None:
    firm.do(change_contact, firm.contact.id, Given(LEITWEG))
    proforma = firm.issue(kind="proforma", follow_up="final_invoice_paid")
    firm.do(change_contact, firm.contact.id, Given({"buyer_reference": "other"}))
    pay(firm, proforma)
    final = next(one for one in firm.do(lambda books: books.all(Invoice)) if one.kind == "final_invoice")

    assert final.buyer_reference == "991-12345-67"


@pytest.mark.parametrize(("said", "code"), [({"sku": "A-1"}, "A-1"), ({"article_number": "859"}, "859"), ({}, None)])
def test_a_line_keeps_the_code_of_its_product(firm: Firm, said: dict[str, str], code: str | None) -> None:
    product = firm.do(add_product, Given({"name": "Sazenice"} | said))
    line = firm.issue(Given({"product_id": product.id, "unit_price": Decimal(1)})).lines[0]

    assert (line.item_code, line.stocked) == (code, None)


@needs.ONE_ENGINE
@pytest.mark.parametrize("country", ["CZ", "SK", "PL", "DE"])
def test_accounts_of_the_countries_of_isdoc_put_it_into_their_pdfs(database: Database, country: str) -> None:
    account = a_firm(database, country=country).account
    at_first = ("isdoc_in_pdf",) if country in {"CZ", "SK"} else ()

    assert e_invoices_for(account, None) == at_first


@needs.ONE_ENGINE
def test_what_a_contact_says_counts_more_than_the_account(firm: Firm) -> None:
    switches = {"embed_isdoc": False, "attach_isdoc": True, "attach_ubl": True}
    account = firm.do(change_account, Given(switches))
    assert carried(account, firm.contact) == ("isdoc", "ubl")
    own = Given({"embed_isdoc": "on", "attach_isdoc": "off"})
    assert carried(account, firm.do(change_contact, firm.contact.id, own)) == ("isdoc_in_pdf", "ubl")
    none = firm.do(add_contact, Given({"name": "Bez souborů", "attach_isdoc": "off", "attach_ubl": "off"}))
    assert carried(account, none) == ()


def carried(account: Account, contact: Contact) -> tuple[EInvoice, ...]:
    return e_invoices_for(account, contact)


@needs.ONE_ENGINE
def test_the_rules_of_a_contact_go_before_those_of_the_account(firm: Firm) -> None:
    issued = firm.issue()
    assert firm.do(profile_for, issued) == "peppol"
    firm.account = firm.do(change_account, Given({"e_invoice_profile": "en16931"}))
    assert firm.do(profile_for, issued) == "en16931"
    firm.do(change_contact, firm.contact.id, Given({"e_invoice_profile": "xrechnung"}))
    assert firm.do(profile_for, issued) == "xrechnung"
    assert refused(firm, e_invoice_profile="zugferd1") == {"e_invoice_profile": "not_in_list"}
