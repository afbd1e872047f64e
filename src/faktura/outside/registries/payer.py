"""Who is asked whether a contact pays VAT and is to be relied on, and by which question."""

from faktura.core.contacts import Contact
from faktura.core.countries.vat import EU
from faktura.core.people.accounts import Account
from faktura.core.received.risks import Question
from faktura.core.registries.numbers import nip_of, payer_number
from faktura.outside.registries import vies
from faktura.outside.registries.asking import Registries


def question_about(registries: Registries | None, account: Account, contact: Contact) -> Question | None:
    """None where nobody is to be asked, or the contact has no number that could be right."""
    asked = None if registries is None else _question(registries, account, contact)
    return asked if registries is not None and asked is not None and registries.has(asked.registry) else None


def _question(registries: Registries, account: Account, contact: Contact) -> Question | None:
    country = contact.country or account.country
    if country == "CZ":
        number = payer_number(contact.vat_no)
        return Question("crpdph", number) if number else None
    if country == "PL":
        nip = nip_of(contact.vat_no)
        is_listed = nip and registries.has("white_list")
        return Question("white_list", f"{nip}|{registries.day('white_list')}") if is_listed else None
    return vies_question(account, contact.vat_no or "", country) if country in EU else None


def vies_question(account: Account, vat_no: str, country: str) -> Question | None:
    """About a number of another country, for the account, which gets a number to prove the answer by."""
    requester = (account.vat_no, account.country) if account.vat_no else None
    try:
        return Question("vies", vies.question_of(vat_no, country, requester))
    except ValueError:
        return None
