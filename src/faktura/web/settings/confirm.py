"""A page that asks before something is done with one record of the settings."""

from flask import render_template

from faktura.core.people.roles import Deed
from faktura.web.door.books import read_books
from faktura.web.forms.fields import Words
from faktura.web.forms.form import Filled


def asked(slug: str, filled: Filled, title: Words, text: Words, word: Words, back: str, deed: Deed = "manage") -> str:
    """`word` is what the button says, `back` where it leads whoever does not want it."""
    account = read_books(slug, lambda books: books.account, deed=deed)
    return render_template(
        "settings/confirm.html", account=account, filled=filled, title=title, text=text, word=word, back=back
    )
