"""What is said of a connection to KSeF, in words of people who have never heard of certificates."""

from collections.abc import Mapping
from typing import NamedTuple

from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from faktura.core.ksef.addresses import Environment
from faktura.core.ksef.certificates import serial_of
from faktura.core.ksef.connection import NEEDED, KsefConnection, Method, Right, SendMode, secret_of

SHOWN = 4
"""Characters of a secret that are shown, the last ones."""

ENVIRONMENTS: Mapping[Environment, LazyString] = {
    "production": lazy_gettext("KSeF: invoices count"),
    "demo": lazy_gettext("Demo: nothing counts, with your own certificates"),
    "test": lazy_gettext("Test: nothing counts, with invented firms"),
}

SEND_MODES: Mapping[SendMode, LazyString] = {
    "by_hand": lazy_gettext("When I press the button"),
    "at_issue": lazy_gettext("As soon as a document is issued"),
    "at_printing": lazy_gettext("When a document is printed or sent for the first time"),
}

METHODS: Mapping[Method, LazyString] = {
    "certificate": lazy_gettext("A certificate"),
    "token": lazy_gettext("A token"),
}

RIGHTS: Mapping[Right, LazyString] = {
    "InvoiceWrite": lazy_gettext("Issue invoices"),
    "InvoiceRead": lazy_gettext("See invoices"),
}

WHY: Mapping[str, LazyString] = {
    "key_lost": lazy_gettext("The key of this server is another one than before, so what lets you in cannot be read."),
    "certificate_ended": lazy_gettext("The certificate has ended."),
    "unreachable": lazy_gettext("KSeF does not answer just now. It is tried again by itself."),
    "415": lazy_gettext("KSeF knows no right of this certificate or token to act for the firm."),
    "425": lazy_gettext("Somebody ended the session in KSeF."),
    "450": lazy_gettext("KSeF does not know this token, or it was revoked."),
    "460": lazy_gettext("KSeF does not accept the certificate: it may be revoked, or not be one of KSeF."),
    "480": lazy_gettext("KSeF has blocked the firm. Ask the Ministry of Finance."),
}
"""By a word of ours, or the code of KSeF that the reason begins with."""


class Standing(NamedTuple):
    """How a connection stands: a word with its colour, why it is so, and what KSeF itself said."""

    word: str
    look: str
    why: str = ""
    said: str = ""


class Fact(NamedTuple):
    """A label and what is true of it."""

    label: str
    value: str


def standing_of(connection: KsefConnection) -> Standing:
    if connection.checked_at is None:
        return Standing(gettext("Being checked"), "draft")
    if connection.active and connection.last_error is None:
        return Standing(gettext("Connected"), "good")
    why, said = _why(connection.last_error or "")
    return Standing(gettext("Connected") if connection.active else gettext("Not let in"), "overdue", why, said)


def rights_of(connection: KsefConnection) -> list[tuple[str, bool]]:
    """The rights that are needed, and whether the firm has each; none where KSeF did not say."""
    if not connection.rights and not (connection.last_error or "").startswith("no_right"):
        return []
    return [(str(RIGHTS[right]), right in connection.rights) for right in NEEDED]


def opener_of(connection: KsefConnection, key: str) -> Fact:
    """What lets the firm in: the number of a certificate is known to everybody, of a token only its end is shown."""
    if connection.method == "certificate":
        return Fact(gettext("Certificate"), serial_of(connection.certificate or ""))
    token = secret_of(connection, "token", key)
    return Fact(gettext("Token"), f"…{token[-SHOWN:]}" if token else gettext("cannot be read"))


def _why(error: str) -> tuple[str, str]:
    """In our words, and in those of KSeF."""
    first, _, rest = error.partition(" ")
    if first == "no_right":
        names = ", ".join(str(RIGHTS[right]) for right in NEEDED if right in rest.split())
        return gettext("A right is missing in KSeF: %(rights)s.", rights=names), ""
    known = first.rstrip(":")
    words = str(WHY[known]) if known in WHY else gettext("KSeF does not let the firm in.")
    return words, "" if known in {"key_lost", "certificate_ended", "unreachable"} else error
