"""Which passwords are good enough: NIST SP 800-63B, 3.1.1.2."""

import re
from typing import Literal

from faktura.core.errors import Refusal
from faktura.core.people.users import hash_password

SHORTEST = 10

FEWEST_GUESSES = 10**8
"""What is found with fewer guesses stands in a list of common passwords, or is made of its words, names and dates."""

LONGEST_LOOKED_AT = 72

OWN_WORDS = ("faktura", "faktury", "invoice")


class WeakPassword(Refusal):
    """A password is refused; `reason` says why."""

    def __init__(self, reason: Literal["too_short", "easily_guessed"]) -> None:
        super().__init__(reason)
        self.reason = reason


def hash_good_password(password: str, email: str, full_name: str) -> str:
    """The hash of a password that nobody guesses who knows the person, or what others choose.

    Raises:
        WeakPassword: it is not good enough.

    """
    from zxcvbn import zxcvbn  # noqa: PLC0415 (its lists of words take time and memory, and few set a password)

    if len(password) < SHORTEST:
        raise WeakPassword("too_short")
    personal = {email, full_name, *re.split(r"\W+", f"{email} {full_name}"), email.partition("@")[0], *OWN_WORDS}
    found = zxcvbn(password[:LONGEST_LOOKED_AT], sorted(word for word in personal if word))
    if found["guesses"] < FEWEST_GUESSES:
        raise WeakPassword("easily_guessed")
    return hash_password(password)
