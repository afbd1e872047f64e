"""Section 2.18.1: which of the 53 names are told here, and why the others never are."""

from faktura.core.books.history import EVENT_NAMES
from faktura.dialects.fakturoid.tests.webhooks.conftest import Receiver
from faktura.dialects.fakturoid.webhooks.names import EVENTS
from faktura.dialects.fakturoid.webhooks.tell import NAMES, OF_RECURRING, SENTENCES
from tests import needs

pytestmark = needs.ONE_ENGINE

NO_TRASH = "what is deleted is gone for good: there is no trash that it could come back from"

NEVER_TOLD = {
    "invoice_restored": NO_TRASH,
    "generator_restored": NO_TRASH,
    "recurring_generator_restored": NO_TRASH,
    "expense_restored": NO_TRASH,
    "inbox_file_removed_all": "files are removed one by one, by the API and by the pages",
}
"""Names that may be subscribed to and are told of nothing, with the reason."""


def test_every_name_of_the_contract_is_told_or_says_why_it_cannot_happen() -> None:
    told = {name for of_noun in NAMES.values() for name, event in of_noun.items() if event is not None}

    assert told | NEVER_TOLD.keys() == set(EVENTS)
    assert told.isdisjoint(NEVER_TOLD)
    assert (len(told), len(NEVER_TOLD)) == (48, 5)


def test_only_names_of_the_contract_are_told() -> None:
    sentences = [*SENTENCES.values(), *OF_RECURRING.values()]

    assert {sentence.name for sentence in sentences} <= set(EVENTS)
    assert {*SENTENCES, *OF_RECURRING} <= set(EVENT_NAMES)


def test_a_name_that_is_never_told_may_be_subscribed_to_all_the_same(receiver: Receiver) -> None:
    assert receiver.listen(*NEVER_TOLD)["events"] == list(NEVER_TOLD)
