"""What the business refuses: in its own field names, without status codes or sentences."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

Code = Literal[
    "blank",
    "too_short",
    "too_long",
    "too_large",
    "more_than_left",
    "malformed",
    "malformed_email",
    "not_in_list",
    "not_a_text",
    "not_a_number",
    "not_a_boolean",
    "not_a_date",
    "taken",
    "immutable",
    "relied_on",
    "too_small",
    "nothing",
    "empty_list",
    "not_positive",
    "no_such_contact",
    "wrong_number",
    "number_used",
    "before_issue",
    "in_future",
    "unknown_rate",
    "not_together",
    "too_many",
    "below_zero",
    "too_many_files",
    "files_too_large",
    "not_a_picture",
    "not_a_paper",
    "too_many_points",
    "reserved",
    "wrong_check_digit",
    "unknown_bank",
    "has_ended",
    "without_counter",
    "without_year",
    "not_confirmed",
]


Reason = Literal[
    "locked",
    "already_paid",
    "cancelled",
    "not_fired",
    "payment_kept",
    "no_tax_document",
    "no_email",
    "no_payment_page",
    "relied_on",
    "not_failed",
    "not_late",
    "not_corrected",
    "not_repeated",
    "not_a_proforma",
    "without_rate",
    "without_lines",
    "without_original",
    "not_an_invoice",
    "without_vat_no",
    "without_registration_no",
    "without_buyer_vat_no",
    "rounding_too_large",
    "vat_of_two_signs",
    "without_buyer_reference",
    "without_address",
    "without_buyer_address",
    "without_seller_contact",
    "without_place",
    "without_buyer_place",
    "never_in_stock",
    "of_a_document",
    "already_paused",
    "already_active",
    "already_finished",
    "not_next",
    "under_way",
    "switched_off",
    "being_read",
    "to_be_checked",
    "booked_before",
    "decided",
    "not_connected",
    "accepted_by_ksef",
    "on_its_way_to_ksef",
    "not_for_ksef",
    "no_offline_certificate",
]
"""Of a state; "not_fired" comes with the event that does not go, "relied_on" with a document's number, "already_paid"
with the noun of what is paid, "decided" with what became of a proposal."""


class Problem(msgspec.Struct, frozen=True):
    """One reason why a value is refused; `limit` is what it missed: the length of a text, files, or megabytes.

    `number` is that of the document that rests on what is refused to change.
    """

    code: Code
    limit: int = 0
    number: str = ""


class Refusal(Exception):  # noqa: N818 (the business says no; nothing is wrong with the program)
    """The business refuses; nothing was changed."""


class Invalid(Refusal):
    """Values break rules: for each attribute its problems, in the order in which they are told."""

    def __init__(self, problems: Mapping[str, list[Problem]]) -> None:
        super().__init__(", ".join(f"{name}: {[p.code for p in found]}" for name, found in problems.items()))
        self.problems = dict(problems)


class NotFound(Refusal):
    """There is no such record, or it belongs to somebody else."""


class InUse(Refusal):
    """The record cannot go, others point to it."""


class WrongState(Refusal):
    """What is asked for does not go with what a document is or has come to; `reason` says why."""

    def __init__(self, reason: Reason, event: str = "") -> None:
        super().__init__(f"{reason} {event}".strip())
        self.reason = reason
        self.event = event


class Clash(Refusal):
    """Somebody else changed the same since it was read: for each attribute what it holds now.

    `lines` are those by id, or a None for one that is gone.
    """

    def __init__(self, theirs: Mapping[str, Any], lines: Mapping[int, Any]) -> None:
        super().__init__(f"{list(theirs)}, lines {list(lines)}")
        self.theirs = theirs
        self.lines = lines


class LimitReached(Refusal):
    """There are as many of `these` as there may be; of contacts it is the plan that allows no more."""

    def __init__(self, these: str) -> None:
        super().__init__(these)
        self.these = these


class NotAllowed(Refusal):
    """A person or a key may not do that."""


class Blocked(Refusal):
    """The account is blocked over its unpaid invoices, whose addresses are told."""

    def __init__(self, unpaid_invoices: tuple[str, ...]) -> None:
        super().__init__("account blocked")
        self.unpaid_invoices = unpaid_invoices


class Problems:
    """Collects what is wrong with the values of one record."""

    def __init__(self, found: Mapping[str, list[Problem]] | None = None) -> None:
        self._found: dict[str, list[Problem]] = dict(found or {})

    def __contains__(self, attribute: str) -> bool:
        return attribute in self._found

    def add(self, attribute: str, code: Code, limit: int = 0, number: str = "") -> None:
        """Once is enough, for however many lines of a document it is true."""
        problem, found = Problem(code, limit, number), self._found.setdefault(attribute, [])
        if problem not in found:
            found.append(problem)

    def found(self) -> Iterator[tuple[str, Problem]]:
        """Everything that was added, in its order by attribute."""
        return ((attribute, problem) for attribute, found in self._found.items() for problem in found)

    def by_attribute(self) -> dict[str, list[Problem]]:
        return dict(self._found)

    def refuse(self) -> None:
        """Do nothing when all is well.

        Raises:
            Invalid: something was added.

        """
        if self._found:
            raise Invalid(self._found)


class Given(dict[str, Any]):
    """Values by attribute, as a door read them; `unread` tells what is wrong with those that it could not read.

    A verb of the core refuses them together with what its own rules refuse.
    """

    def __init__(
        self, values: Mapping[str, Any] | None = None, unread: Mapping[str, list[Problem]] | None = None
    ) -> None:
        super().__init__(values or {})
        self.unread = dict(unread or {})

    def only(self, *names: str) -> "Given":
        """Those of these attributes, for a verb that takes no others."""
        return Given(
            {name: value for name, value in self.items() if name in names},
            {name: found for name, found in self.unread.items() if name in names},
        )
