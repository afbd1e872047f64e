"""What the core refuses, in sentences: the only place of the pages with words for it."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from flask_babel import gettext, ngettext

from faktura.core.contacts import Contact
from faktura.core.e_invoices import Profile
from faktura.core.errors import Clash, Code, InUse, LimitReached, Problem, Reason, Refusal, WrongState
from faktura.core.people.members import LastOwner
from faktura.core.people.passwords import SHORTEST, WeakPassword
from faktura.web.forms.choices import PROFILES
from faktura.web.forms.fields import Words


def sentence(problem: Problem) -> str:
    """What is wrong with a value, for whoever typed it."""
    return SENTENCES[problem.code](problem)


SENTENCES: Mapping[Code, Callable[[Problem], str]] = {
    "blank": lambda _: gettext("Fill this in."),
    "too_short": lambda p: ngettext("It needs %(num)d letter or more.", "It needs %(num)d letters or more.", p.limit),
    "too_long": lambda p: ngettext("It may have %(num)d letter.", "It may have up to %(num)d letters.", p.limit),
    "too_large": lambda _: gettext("This is too large."),
    "more_than_left": lambda _: gettext("With the credit notes before it this is more than the document comes to."),
    "too_small": lambda _: gettext("This is too small."),
    "malformed": lambda _: gettext("This is not written as it should be."),
    "malformed_email": lambda _: gettext("This is no e-mail address."),
    "not_in_list": lambda _: gettext("Choose one from the list."),
    "not_a_text": lambda _: gettext("This is no text."),
    "not_a_number": lambda _: gettext("This is no number. Write it as 1250,50 or as a sum: 3*450+20."),
    "not_a_boolean": lambda _: gettext("Say yes or no."),
    "not_a_date": lambda _: gettext("There is no such day."),
    "taken": lambda _: gettext("This is used already. Choose another."),
    "immutable": lambda _: gettext("This cannot be changed any more."),
    "relied_on": lambda p: gettext("Document %(number)s rests on this.", number=p.number),
    "nothing": lambda _: gettext("There is nothing to do."),
    "empty_list": lambda _: gettext("Add at least one."),
    "not_positive": lambda _: gettext("It has to be more than zero."),
    "no_such_contact": lambda _: gettext("There is no such contact. Choose one from the list."),
    "wrong_number": lambda _: gettext("The number does not fit its format."),
    "number_used": lambda _: gettext("Another document has this number."),
    "before_issue": lambda _: gettext("This is before the day of issue."),
    "in_future": lambda _: gettext("This day is still to come."),
    "too_many": lambda p: ngettext("It may have %(num)d entry.", "It may have up to %(num)d entries.", p.limit),
    "below_zero": lambda _: gettext("There are not so many in stock."),
    "unknown_rate": lambda _: gettext("There is no exchange rate of that day. Fill one in."),
    "not_together": lambda _: gettext("These two do not go together."),
    "too_many_files": lambda p: ngettext("It may have %(num)d file.", "It may have up to %(num)d files.", p.limit),
    "not_a_picture": lambda _: gettext("This is no picture that can be read. Choose a PNG or a JPEG file."),
    "not_a_paper": lambda _: gettext("This is no PDF, e-invoice or picture, or not the one that its name says."),
    "too_many_points": lambda _: gettext("The picture has too many points. Save it smaller."),
    "reserved": lambda _: gettext("This name is kept for the program. Choose another."),
    "has_ended": lambda _: gettext("Its last day is over."),
    "wrong_check_digit": lambda _: gettext("The check digit does not fit: a digit is wrong, or two are swapped."),
    "unknown_bank": lambda _: gettext("There is no bank with this code."),
    "without_counter": lambda _: gettext("The format needs a place for the counter."),
    "without_year": lambda _: gettext("The format needs a place for the year."),
    "not_confirmed": lambda _: gettext("The customer has the document already. Confirm that it is to change."),
    "files_too_large": lambda p: gettext("Files may have up to %(megabytes)d MB.", megabytes=p.limit),
}

REASONS: Mapping[Reason, Callable[[], str]] = {
    "locked": lambda: gettext("The document is locked. Unlock it first."),
    "already_paid": lambda: gettext("The document is paid already."),
    "cancelled": lambda: gettext("The document is cancelled."),
    "not_fired": lambda: gettext("This cannot be done with the document as it is now."),
    "payment_kept": lambda: gettext("The payment cannot be taken back, a later document rests on it."),
    "no_tax_document": lambda: gettext("No tax document can be issued for this payment."),
    "no_email": lambda: gettext("The contact has no e-mail address. Fill one in first."),
    "relied_on": lambda: gettext("Another document rests on this one."),
    "not_failed": lambda: gettext("The letter waits, or it was delivered already."),
    "not_late": lambda: gettext("Nobody is late with this document."),
    "not_corrected": lambda: gettext("A proforma invoice or a credit note is not corrected: change it, or cancel it."),
    "not_repeated": lambda: gettext("This document cannot be repeated: what stands on it was sold or corrected once."),
    "of_a_document": lambda: gettext("A document made this move. Change the document."),
    "being_read": lambda: gettext("The file is being read. Try again in a moment."),
    "to_be_checked": lambda: gettext("Look at it first: something in the file is to be checked."),
    "booked_before": lambda: gettext("This invoice is among the expenses already. Nothing is booked twice."),
    "not_connected": lambda: gettext("The account is not connected to KSeF."),
    "accepted_by_ksef": lambda: gettext("KSeF has this document. What is wrong in it is put right by a correction."),
    "on_its_way_to_ksef": lambda: gettext("The document is on its way to KSeF. Wait until that is over."),
    "not_for_ksef": lambda: gettext("A document of this sort does not go to KSeF."),
    "no_offline_certificate": lambda: gettext("The account has no certificate for offline invoices, or it has ended."),
    "never_in_stock": lambda: gettext("This was never in stock. Delete it instead."),
    "not_a_proforma": lambda: gettext("Only a proforma invoice is followed by a final one."),
    "already_active": lambda: gettext("This template issues already."),
    "already_paused": lambda: gettext("This template is paused already."),
    "already_finished": lambda: gettext("This template has no document to issue any more."),
    "not_next": lambda: gettext("That date has passed: its document was issued, or it was skipped. See the next one."),
    "under_way": lambda: gettext("This is being delivered already."),
    "decided": lambda: gettext("This was decided already, or it has expired."),
    "no_payment_page": lambda: gettext("The firm has no payment page. Add its address in the settings of the firm."),
    "without_rate": lambda: gettext("No exchange rate of the document is known. Fill one in first."),
    "without_lines": lambda: gettext("The document has no lines."),
    "without_original": lambda: gettext("The document does not say which one it corrects."),
    "not_an_invoice": lambda: gettext("A proforma is no invoice to the European standard."),
    "without_vat_no": lambda: gettext("The firm has no VAT number. Fill it in in the settings of the firm."),
    "without_registration_no": lambda: gettext("The firm has no number of its register. Fill it in in its settings."),
    "without_buyer_vat_no": lambda: gettext("The customer has no VAT number. Fill it in."),
    "rounding_too_large": lambda: gettext("Its VAT is too far from base and rate. Use one line for each rate."),
    "vat_of_two_signs": lambda: gettext("Its VAT is above zero in one currency and below zero in the other."),
    "without_buyer_reference": lambda: gettext(
        "The customer's reference is missing. Fill in the buyer reference of the contact, or on a document that is"
        " issued already the number of the order."
    ),
    "without_address": lambda: gettext("The firm has no electronic address. Fill it in in the settings of e-invoices."),
    "without_buyer_address": lambda: gettext(
        "The customer has no electronic address. Fill it in with the contact, or the number that it follows from."
    ),
    "without_seller_contact": lambda: gettext("Fill in the phone and the e-mail address of the firm."),
    "without_place": lambda: gettext("The city or the postcode of the firm is missing. Fill it in in its settings."),
    "without_buyer_place": lambda: gettext("The city or the postcode of the customer is missing. Fill it in."),
    "switched_off": lambda: gettext("The webhook is switched off. Switch it on first."),
}


def reason(refusal: Refusal) -> str:
    """Why the business refuses the whole of it."""
    if isinstance(refusal, WrongState):
        return REASONS[refusal.reason]()
    if isinstance(refusal, Clash):
        return gettext("Somebody else changed the same in the meantime. Look at both, and save again what is to stand.")
    if isinstance(refusal, LimitReached):
        if refusal.these == Contact.table_name:
            return gettext("The plan of this account allows no more of these.")
        return gettext("There are as many of these as there may be.")
    if isinstance(refusal, LastOwner):
        return gettext("The last owner of an account stays. Make another member its owner first.")
    if isinstance(refusal, InUse):
        return gettext("This is in use, so that it cannot be deleted.")
    return gettext("Go back, load the page again and look at it.")


class Standing(NamedTuple):
    """What the rules of a profile want to know, and what of it nobody said yet."""

    name: Words
    needs: str
    lacks: tuple[str, ...]


def standings(lacking: Mapping[Profile, Sequence[Reason]]) -> list[Standing]:
    """By profile, in its words."""
    return [Standing(PROFILES[p], NEEDS[p](), tuple(REASONS[r]() for r in found)) for p, found in lacking.items()]


NEEDS: Mapping[Profile, Callable[[], str]] = {
    "peppol": lambda: gettext("Electronic addresses of both, and the customer's reference or the number of the order."),
    "xrechnung": lambda: gettext(
        "The same, besides phone and e-mail of the firm, and city and postcode of both. German authorities read"
        " their Leitweg-ID as the reference."
    ),
    "en16931": lambda: gettext("VAT number or registration number of the firm. Factur-X and ZUGFeRD need no more."),
}


def weakness(weak: WeakPassword) -> str:
    """Why a password is not good enough."""
    if weak.reason == "too_short":
        return ngettext("It needs %(num)d letter or more.", "It needs %(num)d letters or more.", SHORTEST)
    return gettext("It is easily guessed: a common one, or near to your name or address.")
