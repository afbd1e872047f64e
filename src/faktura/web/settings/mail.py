"""Whether letters go out: one is sent to oneself, and the page says what the mail server answered."""

import threading

from flask import render_template
from flask_babel import gettext, lazy_gettext

from faktura.outputs.mail.trial import Trial, try_out
from faktura.web.door.books import read_books
from faktura.web.door.database import service
from faktura.web.door.people import person
from faktura.web.settings import pages

MOST_A_MINUTE = 3
AT_ONCE = 2

STEPS = {
    "": lazy_gettext("Connected: the server greets"),
    "EHLO": lazy_gettext("It says what it can do"),
    "HELO": lazy_gettext("It says what it can do"),
    "STARTTLS": lazy_gettext("Encrypted from here on"),
    "AUTH": lazy_gettext("Signed in"),
    "MAIL": lazy_gettext("The sender is told"),
    "RCPT": lazy_gettext("The recipient is told"),
    "DATA": lazy_gettext("The letter is handed over"),
    "RSET": lazy_gettext("Given up"),
    "QUIT": lazy_gettext("Good-bye"),
}

# Whoever waits for a silent mail server holds a thread: few may.
_places = threading.BoundedSemaphore(AT_ONCE)


@pages.get("/<slug>/settings/mail")
def mail(slug: str) -> str:
    return _page(slug)


@pages.post("/<slug>/settings/mail")
def send_test(slug: str) -> str:
    read_books(slug, lambda books: books.account, deed="manage")
    return _page(slug, letter_to_self())


def letter_to_self() -> Trial:
    """Send a letter to whoever is signed in, and to nobody else; a few a minute, so that it troubles nobody."""
    server, now = service().mail_server, service().clock.now()
    if server is None:
        return Trial((), taken=False, why=gettext("No mail server is set."))
    allowance = service().rate_limit.take("test letter", str(person().user.id), MOST_A_MINUTE, now)
    if not allowance.allowed or not _places.acquire(blocking=False):
        return Trial((), taken=False, why=gettext("Too many test letters were sent. Try again in a minute."))
    try:
        reference = service().database.write(lambda tx: tx.chance.uuid("letters"))
        return try_out(server, person().user.email, reference, now)
    finally:
        _places.release()


def _page(slug: str, trial: Trial | None = None) -> str:
    account = read_books(slug, lambda books: books.account, deed="manage")
    return render_template("settings/mail.html", account=account, **about_mail(trial))


def about_mail(trial: Trial | None) -> dict[str, object]:
    """What `settings/trial.html` shows."""
    return {"mail_server": service().mail_server, "trial": trial, "step_names": STEPS}
