"""Letters about documents: their texts, their variables, and what becomes of the document."""

import datetime as dt

import pytest

from faktura.core.books.history import Happening
from faktura.core.books.jobs_to_do import Job
from faktura.core.contacts import change_contact
from faktura.core.errors import Given, Invalid, NotFound, WrongState
from faktura.core.invoices.letters import send_letter
from faktura.core.messages import Message, Outgoing, give_up, send_again
from faktura.core.tests.conftest import NOON, Firm, a_firm, line
from faktura.outputs.mail.wording import filled, letter_for, send_invoice
from faktura.outputs.reading.context import Context
from faktura.outputs.reading.invoices import facts_of
from faktura.store.database import Database

LINK = "https://faktura.example/applecorp/p/abc/2026-0001"


@pytest.fixture
def known(firm: Firm) -> Firm:
    addresses = {"email": "ucetni@odberatel.example", "email_copy": "kopie@odberatel.example"}
    firm.contact = firm.do(change_contact, firm.contact.id, Given(addresses))
    return firm


def test_a_letter_goes_to_the_contact_and_marks_the_document_as_sent(known: Firm) -> None:
    issued = known.issue()
    message = known.do(send_invoice, issued.id, Given({}), LINK)

    assert (message.recipient, message.copy) == ("ucetni@odberatel.example", "kopie@odberatel.example")
    assert message.subject == "Faktura 2026-0001"
    assert LINK in message.body
    assert (known.again(issued).status, known.again(issued).sent_at) == ("sent", NOON)
    assert [job.name for job in known.do(lambda books: books.all(Job))] == ["send_message"]


def test_a_letter_about_an_overdue_document_is_a_reminder(known: Firm) -> None:
    issued = known.issue(issued_on=NOON.date() - dt.timedelta(days=24), due_days=14)
    message = known.do(send_invoice, issued.id, Given({}), LINK)

    assert message.subject == "Upomínka: Faktura 2026-0001"
    assert "10 dnů" in message.body
    assert known.again(issued).reminded_at == NOON


def test_what_is_given_goes_before_the_contacts_and_the_usual_text(known: Firm) -> None:
    issued = known.issue()
    known.do(change_contact, known.contact.id, Given({"custom_email_text": "Vážení, #no# je zde."}))
    assert known.do(send_invoice, issued.id, Given({}), LINK).body == "Vážení, 2026-0001 je zde."
    given = Given({"recipient": "sef@odberatel.example", "subject": "Doklad #vs#", "body": "#unknown# #no#"})
    message = known.do(send_invoice, issued.id, given, LINK)
    assert (message.recipient, message.subject, message.body) == (
        "sef@odberatel.example",
        "Doklad 20260001",
        "#unknown# 2026-0001",
    )


def test_every_variable_of_the_contract_is_replaced(known: Firm) -> None:
    issued = known.issue(line(1000), bank_account="123/0100", note="Díky")
    facts = facts_of(issued, Context())
    text = filled("#no#|#link#|#vs#|#price#|#due#|#overdue#|#bank#|#note#", facts, LINK, NOON.date())

    plain = text.replace("\N{NO-BREAK SPACE}", " ")
    assert plain == f"2026-0001|{LINK}|20260001|1 210,00 Kč|5. 12. 2026|0|123/0100|Díky"


@pytest.mark.parametrize("language", ["cs", "sk", "pl", "de", "en", "fr"])
def test_every_language_of_documents_has_a_letter(known: Firm, language: str) -> None:
    issued = known.issue(language=language)
    message = known.do(send_invoice, issued.id, Given({}), LINK)
    assert "2026-0001" in message.subject
    assert not {"#", "{"} & set(message.subject + message.body)


def test_without_an_address_nothing_is_written_and_nothing_marked(firm: Firm) -> None:
    issued = firm.issue()
    with pytest.raises(Invalid) as refused:
        firm.do(send_invoice, issued.id, Given({}), LINK)
    assert [p.code for p in refused.value.problems["recipient"]] == ["blank"]
    with pytest.raises(Invalid):
        firm.do(send_invoice, issued.id, Given({"recipient": "nobody"}), LINK)
    assert firm.again(issued).status == "open"
    assert firm.do(lambda books: books.count(Message)) == 0


def test_in_poland_a_payment_is_called_by_the_whole_number_unless_a_symbol_was_agreed_on(database: Database) -> None:
    firm = a_firm(database, country="PL", currency="PLN", invoice_language="pl")
    documents = firm.issue(line(100)), firm.issue(line(100), kind="proforma"), firm.issue(variable_symbol="7")
    titles = [facts_of(issued, Context()).variable_symbol for issued in documents]

    assert titles == ["1/11/2026", "1/PROF/11/2026", "7"]


def test_a_letter_is_filled_in_before_it_is_sent_and_leaves_as_it_was_seen(known: Firm) -> None:
    issued = known.issue()
    seen = known.do(letter_for, issued.id, LINK)
    assert known.again(issued).sent_at is None
    given = {"recipient": seen.recipient, "copy": "", "subject": seen.subject, "body": seen.body + "#no#"}
    sent = known.do(send_letter, issued.id, Given(given | {"attached": False}))

    left = Outgoing(**{name: getattr(sent, name) for name in Outgoing._fields})
    assert seen._replace(copy=None, print_as=None, body=f"{seen.body}#no#") == left
    assert known.again(issued).sent_at == NOON
    assert known.do(letter_for, issued.id, LINK, "de").subject.startswith("Rechnung")


def test_only_a_letter_that_failed_is_sent_again_as_it_was(known: Firm) -> None:
    issued, other = known.issue(), known.issue()
    first = known.do(send_invoice, issued.id, Given({}), LINK)
    with pytest.raises(WrongState, match="not_failed"):
        known.do(send_again, issued, first.id)
    known.do(give_up, first.id, "550 No such mailbox")
    with pytest.raises(NotFound):
        known.do(send_again, other, first.id)
    second = known.do(send_again, issued, first.id)

    assert (second.state, second.attempts) == ("waiting", 0)
    assert (second.recipient, second.copy, second.body) == (first.recipient, first.copy, first.body)
    assert second.reference != first.reference


@pytest.mark.parametrize(("late", "name"), [(False, "invoice_sent"), (True, "invoice_reminded")])
def test_what_happened_by_a_letter_happens_again_with_the_one_that_is_sent_again(
    known: Firm, name: str, *, late: bool
) -> None:
    terms = {"issued_on": NOON.date() - dt.timedelta(days=24), "due_days": 14} if late else {}
    issued = known.issue(**terms)
    first = known.do(send_invoice, issued.id, Given({}), LINK)
    known.do(give_up, first.id, "550 No such mailbox")
    second = known.do(send_again, issued, first.id)

    told = [(one.name, one.letter_id) for one in known.do(lambda books: books.all(Happening)) if one.letter_id]
    assert told == [(name, first.id), (name, second.id)]
