"""Proofs of an account as people read them: which registry said what, and when."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from flask_babel import lazy_gettext

from faktura.core.received.risks import Risk
from faktura.core.registries.checks import Check
from faktura.core.registries.facts import RegistryName, State
from faktura.web.forms.fields import Words

NAMES: Mapping[RegistryName, Words] = {
    "ares": "ARES",
    "ares_search": "ARES",
    "crpdph": lazy_gettext("Czech register of VAT payers"),
    "vies": "VIES",
    "white_list": lazy_gettext("Polish white list"),
    "white_list_check": lazy_gettext("Polish white list"),
    "gus": "GUS",
}

RELIABLE = lazy_gettext("Reliable VAT payer")
UNRELIABLE = lazy_gettext("Unreliable VAT payer")
PAYER = lazy_gettext("VAT payer")
NO_PAYER = lazy_gettext("Not a VAT payer")

SAID: Mapping[tuple[RegistryName, State], Words] = {
    ("crpdph", "found"): RELIABLE,
    ("crpdph", "not_found"): NO_PAYER,
    ("vies", "found"): lazy_gettext("The VAT number is valid"),
    ("vies", "invalid"): lazy_gettext("The VAT number is not valid"),
    ("white_list_check", "found"): lazy_gettext("The bank account is on the list"),
    ("white_list_check", "not_found"): lazy_gettext("The bank account is not on the list"),
}

OF_ANY: Mapping[State, Words] = {
    "found": lazy_gettext("The firm is there"),
    "not_found": lazy_gettext("The firm is not there"),
    "invalid": lazy_gettext("There is no such number"),
}

RISKS: Mapping[Risk, Words] = {
    "unreliable": lazy_gettext(
        "The supplier is an unreliable VAT payer: whoever pays them may be liable for VAT that they do not pay."
    ),
    "account_not_published": lazy_gettext(
        "The supplier has not published this bank account: whoever pays to it may be liable for VAT that they do not "
        "pay."
    ),
    "account_not_listed": lazy_gettext("The white list does not have this bank account for the supplier."),
    "not_checked": lazy_gettext("The registry has not been asked yet whether this bank account is the supplier's."),
}

SERIOUS = frozenset(RISKS) - {"not_checked"}
"""What a person confirms to have seen."""


class Proof(NamedTuple):
    registry: Words
    says: Words
    check: Check


def proofs_of(checks: Iterable[Check]) -> list[Proof]:
    return [Proof(NAMES[check.registry], _said(check), check) for check in checks]


def _said(check: Check) -> Words:
    if check.said.get("unreliable"):
        return UNRELIABLE
    if check.registry == "white_list" and "pays_vat" in check.said:
        return PAYER if check.said["pays_vat"] else NO_PAYER
    return SAID.get((check.registry, check.state), OF_ANY[check.state])
