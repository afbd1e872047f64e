"""A person changes how they are called, in which language they read, and their password."""

import re

from flask import Flask

from faktura.web.tests.conftest import Browser
from tests.firm import PASSWORD, Firm

BETTER = "žluťoučký kůň příšerně úpěl"


def test_a_person_changes_their_name_and_language(owner: Browser) -> None:
    owner.get("/me")
    changed = owner.post("/me", full_name="Johana Nováková", language="cs")
    assert (changed.status_code, changed.location) == (303, "/me")
    page = owner.get("/me").text

    assert '<html lang="cs"' in page
    assert "Vaše nastavení byla změněna." in page
    assert 'value="Johana Nováková"' in page


def test_a_name_may_not_be_empty_nor_a_language_foreign(owner: Browser) -> None:
    owner.get("/me")
    refused = owner.post("/me", full_name=" ", language="de")

    assert refused.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', refused.text) == ["full_name", "language"]
    assert "Jan Novák" in owner.get("/me").text


def test_another_password_needs_the_old_one_and_puts_every_other_browser_out(
    app: Flask, owner: Browser, firm: Firm
) -> None:
    phone = Browser(app)
    phone.sign_in(firm.user.email)
    for old, new, words in (
        ("guess at it", BETTER, "This is not your password."),
        (PASSWORD, "kurz", "It needs 10 letters or more."),
        (PASSWORD, "password1234", "It is easily guessed"),
    ):
        owner.get("/me/security")
        refused = owner.post("/me/security", old=old, new=new)
        assert refused.status_code == 422
        assert words in refused.text
        assert old not in refused.text
        assert new not in refused.text
    assert phone.get("/me").status_code == 200

    owner.get("/me/security")
    assert owner.post("/me/security", old=PASSWORD, new=BETTER).status_code == 303
    assert owner.get("/me").status_code == 200
    assert phone.get("/me").status_code == 302
    assert phone.sign_in(firm.user.email).status_code == 422
    assert phone.sign_in(firm.user.email, BETTER).status_code == 303


def test_whoever_guesses_the_old_password_is_braked(owner: Browser) -> None:
    said = []
    for n in range(8):
        owner.get("/me/security")
        said.append(owner.post("/me/security", old=f"guess {n}", new=BETTER).text)

    assert "Too many passwords were wrong." in said[-1]
    owner.get("/me/security")
    assert "Too many passwords were wrong." in owner.post("/me/security", old=PASSWORD, new=BETTER).text


def test_an_expired_form_of_a_person_changes_nothing_and_comes_back(owner: Browser) -> None:
    owner.get("/me")
    owner.hidden["csrf_token"] = "of another session"
    expired = owner.post("/me", full_name="Eve", language="cs")

    assert expired.status_code == 400
    assert 'value="Eve"' in expired.text
    assert 'value="Jan Novák"' in owner.get("/me").text


def test_only_keys_of_sections_that_are_there_are_listed(owner: Browser) -> None:
    listed = re.findall(r"<kbd>g</kbd> <kbd>(.)</kbd> </dt><dd>([^<]*)", owner.get("/me/shortcuts").text)

    assert listed == [("o", "Overview"), ("d", "Documents"), ("k", "Contacts"), ("v", "Expenses")]
