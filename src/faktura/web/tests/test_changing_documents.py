"""An issued document is changed on its page: merged with what others changed, asked about, refused in words."""

import re
from decimal import Decimal
from html import unescape

from faktura.core.errors import Given
from faktura.core.invoices.drafts import drafts_of
from faktura.core.invoices.events import fire
from faktura.core.invoices.record import Invoice
from faktura.web.tests.conftest import Browser, again, in_books, issue
from faktura.wire.service import Service
from tests.firm import Firm

TOTALS = "/applecorp/invoices/totals"
DRAFTS = "/applecorp/invoices/drafts"


def form_of(page: str) -> dict[str, str]:
    """All that a browser would send of the form, as it stands on the page."""
    form = page[page.index('<form id="editor"') :].partition("</form>")[0]
    inputs = re.findall(r"<input(?![^>]*type=\"(?:checkbox|radio)\")[^>]*>", form)
    named = ((re.search(r' name="([^"]+)"', one), re.search(r' value="([^"]*)"', one)) for one in inputs)
    fields = {name[1]: unescape(value[1]) if value else "" for name, value in named if name}
    texts = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', form)
    fields |= {name: unescape(text) for name, text in texts}
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        assert chosen is not None
        fields[name] = chosen[1]
    return fields | dict.fromkeys(re.findall(r'name="([^"]+)"[^>]*type="checkbox"[^>]* checked', form), "yes")


def edit_of(invoice: Invoice) -> str:
    return f"/applecorp/invoices/{invoice.id}/edit"


def test_a_form_that_nobody_touched_changes_nothing(owner: Browser, service: Service, firm: Firm) -> None:
    at_21, cheaper = {"vat_rate": Decimal(21)}, {"unit_price_before_discount": Decimal(9), "discount": Decimal(10)}
    lines = [
        Given({"name": "Práce\nna dvou řádcích", "unit_price": Decimal("33.333"), "unit": "h"} | at_21),
        Given({"name": "Sleva", "gross": Decimal(-121)} | at_21),
        Given({"name": "Osvobozeno", "net": Decimal(7), "vat_treatment": "exempt", "quantity": Decimal("1.5")}),
        Given({"name": "Levněji"} | cheaper | at_21),
    ]
    values = {"tags": ("a", "b"), "note": "Dva\nřádky", "currency": "EUR", "exchange_rate": Decimal("24.5")}
    invoice = issue(service, firm, "Karel", lines=lines, payment_method="card", round_total=True, **values)
    page = owner.get(edit_of(invoice)).text
    saved = owner.post_bare(edit_of(invoice), **form_of(page))

    assert saved.location == f"/applecorp/invoices/{invoice.id}"
    assert again(service, firm, invoice) == invoice


def test_a_document_is_changed_and_the_history_shows_what(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm, "Karel", note="Dříve")
    fields = form_of(owner.get(edit_of(invoice)).text) | {"note": "Potom", "lines-0-quantity": "2"}
    part = owner.post_part(TOTALS, **fields).text
    assert "CZK242.00" in part.replace("\xa0", "")
    assert invoice.number in part
    owner.post_bare(edit_of(invoice), **fields)

    changed = again(service, firm, invoice)
    assert (changed.note, changed.gross_total, changed.number) == ("Potom", Decimal(242), invoice.number)
    history = owner.get(f"/applecorp/invoices/{invoice.id}").text
    assert "Dříve" in history
    assert "Potom" in history


def test_of_two_who_change_one_document_the_second_sees_both_values_and_the_rest_is_merged(
    owner: Browser, service: Service, firm: Firm
) -> None:
    invoice = issue(service, firm, "Karel", note="A", order_number="1")
    seen = form_of(owner.get(edit_of(invoice)).text)
    owner.post_bare(edit_of(invoice), **seen | {"note": "Eva", "order_number": "77", "once": "eva"})
    mine = seen | {"note": "Jan", "variable_symbol": "123", "lines-0-name": "Jiná práce"}
    refused = owner.post_bare(edit_of(invoice), **mine)

    assert refused.status_code == 409
    assert "Now it is “Eva”; what you typed stands here." in refused.text
    both = form_of(refused.text)
    assert [both[name] for name in ("note", "order_number", "variable_symbol", "lines-0-name")] == [
        *("Jan", "77", "123", "Jiná práce")
    ]
    assert again(service, firm, invoice).note == "Eva"

    assert owner.post_bare(edit_of(invoice), **both).status_code == 303
    kept = again(service, firm, invoice)
    assert (kept.note, kept.order_number, kept.variable_symbol) == ("Jan", "77", "123")
    assert [line.name for line in kept.lines] == ["Jiná práce"]


def test_lines_of_two_people_meet(owner: Browser, service: Service, firm: Firm) -> None:
    lines = [Given({"name": name, "unit_price": Decimal(1), "vat_rate": Decimal(21)}) for name in ("A", "B", "C")]
    invoice = issue(service, firm, "Karel", lines=lines)
    seen = form_of(owner.get(edit_of(invoice)).text)
    theirs = seen | {"lines-1-name": "", "lines-1-unit_price": "", "lines-0-name": "Eva", "lines-3-name": "Nová"}
    owner.post_bare(edit_of(invoice), **theirs | {"lines-3-unit_price": "5", "once": "eva"})
    assert [line.name for line in again(service, firm, invoice).lines] == ["Eva", "C", "Nová"]
    refused = owner.post_bare(edit_of(invoice), **seen | {"lines-1-name": "Jan", "lines-2-quantity": "3"})

    assert refused.status_code == 409
    assert "“B” was taken away." in refused.text
    both = form_of(refused.text)
    assert [both[f"lines-{n}-name"] for n in range(4)] == ["Eva", "Jan", "C", "Nová"]
    owner.post_bare(edit_of(invoice), **both)
    kept = again(service, firm, invoice)
    assert [f"{line.quantity} {line.name}" for line in kept.lines] == ["1 Eva", "1 Jan", "3 C", "1 Nová"]


def test_a_locked_document_is_refused_in_words(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    fields = form_of(owner.get(edit_of(invoice)).text)
    in_books(service, firm, lambda books: fire(books, invoice.id, "lock"))

    for answer in (owner.get(edit_of(invoice)), owner.post_bare(edit_of(invoice), **fields | {"note": "B"})):
        assert answer.status_code == 409
        assert "The document is locked." in answer.text
    assert edit_of(invoice) not in owner.get(f"/applecorp/invoices/{invoice.id}").text


def test_what_the_customer_has_already_is_changed_once_that_is_confirmed(
    owner: Browser, service: Service, firm: Firm
) -> None:
    invoice = issue(service, firm)
    assert "A credit note is the cleaner way" not in owner.get(edit_of(invoice)).text
    in_books(service, firm, lambda books: fire(books, invoice.id, "mark_as_sent"))
    page = owner.get(edit_of(invoice)).text
    assert "A credit note is the cleaner way" in page
    assert f"/applecorp/invoices/{invoice.id}/correct" in page
    refused = owner.post_bare(edit_of(invoice), **form_of(page) | {"note": "Jinak"})
    assert refused.status_code == 422
    assert "Confirm that it is to change." in refused.text
    assert again(service, firm, invoice).note != "Jinak"

    done = owner.post_bare(edit_of(invoice), **form_of(refused.text) | {"confirmed": "yes"})
    assert done.status_code == 303
    assert again(service, firm, invoice).note == "Jinak"


def test_a_change_is_kept_as_a_draft_and_gone_when_it_is_saved(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm, "Karel")
    fields = form_of(owner.get(edit_of(invoice)).text) | {"note": "Rozepsáno"}
    kept = owner.post_bare(DRAFTS, **fields).location
    assert kept is not None
    page = owner.get(kept).text
    assert f'action="{edit_of(invoice)}"' in page
    fields = form_of(page)
    assert fields["note"] == "Rozepsáno"

    owner.post_bare(edit_of(invoice), **fields)
    assert again(service, firm, invoice).note == "Rozepsáno"
    assert in_books(service, firm, drafts_of) == []
