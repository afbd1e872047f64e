"""Credit notes and what follows a proforma, made in the browser (story 9)."""

import re
from decimal import Decimal

from faktura.core.invoices.record import Invoice
from faktura.web.tests.conftest import Browser, again, in_books, issue
from faktura.web.tests.test_document_verbs import at, line
from faktura.wire.service import Service
from tests.firm import Firm


def test_a_credit_note_is_seen_before_it_is_issued(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm, lines=[line(100, quantity=Decimal(3))], language="en")
    (one,) = invoice.lines
    fields = {f"quantities.{one.id}": "2", "reason": "Returned"}
    owner.get(at(invoice, "/correct"))
    seen = owner.post(at(invoice, "/correct"), **fields)

    assert seen.status_code == 200
    for amount in ("363.00", "-CZK\u00a0242.00", "121.00"):
        assert amount in seen.text, amount
    assert not in_books(service, firm, lambda books: [i for i in books.all(Invoice) if i.kind == "correction"])
    issued = owner.post(at(invoice, "/correct"), **fields)
    assert issued.status_code == 303
    page = owner.get(issued.location).text
    assert "To return" in page
    assert "Returned" in page


def test_a_second_credit_note_is_made_of_what_the_first_left(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm, lines=[line(100, quantity=Decimal(5))], language="en")
    (one,) = invoice.lines
    owner.get(at(invoice, "/correct"))
    fields = {f"quantities.{one.id}": "2", "reason": "Returned"}
    owner.post(at(invoice, "/correct"), **fields)
    assert owner.post(at(invoice, "/correct"), **fields).status_code == 303
    left = owner.get(at(invoice, "/correct")).text
    seen = owner.post(at(invoice, "/correct"), **fields)

    assert "363.00" in left
    assert "605.00" not in left
    for told in ("605.00", "Total of earlier credit notes", "-CZK\u00a0242.00", "121.00"):
        assert told in seen.text, told


def test_a_credit_note_is_corrected_from_its_own_page(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm, lines=[line(100, quantity=Decimal(3))], language="en")
    fields = {f"quantities.{invoice.lines[0].id}": "2", "reason": "Returned"}
    owner.get(at(invoice, "/correct"))
    owner.post(at(invoice, "/correct"), **fields)
    credit = owner.post(at(invoice, "/correct"), **fields)
    note_id = int(credit.location.rsplit("/", 1)[1])
    note = in_books(service, firm, lambda books: books.find(Invoice, note_id))

    assert f'href="{at(note, "/correct")}"' in owner.get(at(note)).text
    page = owner.get(at(note, "/correct")).text
    for told in ("What is put back", "Put back", "242.00"):
        assert told in page, told
    fields = {f"quantities.{note.lines[0].id}": "1", "reason": "One only"}
    seen = owner.post(at(note, "/correct"), **fields)
    for told in ("-CZK\u00a0242.00", "CZK\u00a0121.00", "-CZK\u00a0121.00"):
        assert told in seen.text, told
    done = owner.post(at(note, "/correct"), **fields)
    assert done.status_code == 303
    page = owner.get(done.location).text
    assert "To return" not in page[: page.index('class="count chain"')]
    assert "Record payment" in page
    chain = page[page.index('class="count chain"') : page.index("</nav>", page.index('class="count chain"'))]
    assert chain.index(f">{invoice.number}<") < chain.index(f">{note.number}<") < chain.index("aria-current")
    refused = owner.post(at(note, "/correct"), **{f"quantities.{note.lines[0].id}": "2", "reason": "x"})
    assert refused.status_code == 422


def test_what_was_changed_after_it_was_seen_is_seen_again(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm, lines=[line(100, quantity=Decimal(3))])
    (one,) = invoice.lines
    owner.get(at(invoice, "/correct"))
    owner.post(at(invoice, "/correct"), **{f"quantities.{one.id}": "1", "reason": "x"})
    other = owner.post(at(invoice, "/correct"), **{f"quantities.{one.id}": "3", "reason": "x"})

    assert other.status_code == 200
    assert again(service, firm, invoice).correction_id is None


def test_a_credit_note_without_a_reason_or_over_too_much_is_refused_at_the_field(
    owner: Browser, service: Service, firm: Firm
) -> None:
    invoice = issue(service, firm)
    (one,) = invoice.lines
    owner.get(at(invoice, "/correct"))
    refused = owner.post(at(invoice, "/correct"), **{f"quantities.{one.id}": "9"})

    assert refused.status_code == 422
    assert f'href="#quantities.{one.id}"' in refused.text
    assert 'href="#reason"' in refused.text
    assert 'value="9"' in refused.text


def test_a_proforma_is_not_corrected(owner: Browser, service: Service, firm: Firm) -> None:
    proforma = issue(service, firm, kind="proforma")
    refused = owner.get(at(proforma, "/correct"))

    assert refused.status_code == 409
    assert "is not corrected" in refused.text


def test_a_trade_is_a_chain_of_five_documents_each_linked_with_all(
    owner: Browser, service: Service, firm: Firm
) -> None:
    """Story 9."""
    proforma = issue(service, firm, kind="proforma", follow_up="none", lines=[line(1000)], language="en")
    for amount in ("605", "605"):
        owner.get(at(proforma, "/payments/new"))
        owner.post(at(proforma, "/payments/new"), amount=amount, paid_on="2026-11-28")
        page = owner.get(at(proforma, "/follow-up")).text
        (address,) = re.findall(r'action="([^"]+/tax-document)"', page)
        assert owner.post(address).status_code == 303
    page = owner.get(at(proforma, "/follow-up")).text
    assert "Paid before" in page
    final = owner.post(at(proforma, "/follow-up"), taxable_on="2026-11-28")
    assert final.status_code == 303
    final_id = int(final.location.rsplit("/", 1)[1])
    (one,) = in_books(service, firm, lambda books: books.find(Invoice, final_id)).lines
    owner.get(f"{final.location}/correct")
    fields = {f"quantities.{one.id}": "1", "reason": "Not delivered"}
    owner.post(f"{final.location}/correct", **fields)
    credit = owner.post(f"{final.location}/correct", **fields)
    owner.get(credit.location)
    owner.post(f"{credit.location}/mark-as-sent")

    documents = in_books(service, firm, lambda books: books.all(Invoice))
    assert len(documents) == 5
    for document in documents:
        page = owner.get(at(document)).text
        others = [other for other in documents if other.id != document.id]
        chain = page[page.index('class="count chain"') : page.index("</nav>", page.index('class="count chain"'))]
        assert {f'href="{at(other)}">{other.number}<' in chain for other in others} == {True}
    by_kind = {document.kind: document for document in documents}
    taxed = by_kind["final_invoice"].vat_total - sum(d.vat_total for d in documents if d.kind == "tax_document")
    assert taxed + sum(d.vat_total for d in documents if d.kind in {"tax_document", "correction"}) == 0
    assert "To return" in owner.get(credit.location).text
