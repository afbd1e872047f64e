"""Why a file is not read as an invoice; doors have the words for it."""

from typing import Literal

Reason = Literal["not_an_e_invoice", "no_reader", "too_large", "doctype", "damaged"]
"""`no_reader` is of a format that is known, and not read here yet."""


class NoInvoice(Exception):  # noqa: N818 (says what the file is)
    """The file holds no invoice that is read here; `detail` is for people, in no language of ours.

    Of what is no e-invoice it names root and namespace, of what has no reader its format.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
