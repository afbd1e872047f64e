"""The look of a firm as its customers see it."""

import base64

from faktura.core.accounts.change import change_account
from faktura.core.accounts.drawing import redraw
from faktura.core.accounts.logo import keep_logo
from faktura.core.errors import Given
from faktura.outputs.tests.documents import pictures_in, png
from faktura.web.tests.conftest import Browser, in_books, issue
from faktura.wire.service import Service
from tests import needs
from tests.firm import Firm

pytestmark = needs.ONE_ENGINE


def test_the_customer_sees_the_logo_and_the_colour_of_the_firm_on_the_page_and_on_paper(
    browser: Browser, service: Service, firm: Firm
) -> None:
    invoice = issue(service, firm)
    page_of_it = f"/applecorp/p/{invoice.token}/{invoice.number}"
    plain = browser.get(page_of_it).text
    paper = browser.get(f"{page_of_it}.pdf").data
    assert 'class="logo"' not in plain

    drawn = redraw(png())
    account = in_books(service, firm, lambda books: keep_logo(books, drawn))
    firm = firm._replace(account=account)
    in_books(service, firm, lambda books: change_account(books, Given({"colour": "#0a6e5c"})))

    page = browser.get(page_of_it).text
    assert f'src="data:image/png;base64,{base64.b64encode(drawn.content).decode()}"' in page
    assert 'fill="#0a6e5c"' in page
    coloured = browser.get(f"{page_of_it}.pdf").data
    assert pictures_in(coloured) == pictures_in(paper) + 1
