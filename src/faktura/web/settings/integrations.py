"""What programs get into an account, whose they are, and how its owner puts them out."""

from flask import render_template, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.people.reach import (
    end_key_to,
    find_key_to,
    find_program_of,
    keys_to,
    let_in_again,
    programs_of_members,
    shut_out,
)
from faktura.web.door.books import read_books
from faktura.web.door.database import write_last_uses
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.people import note, person
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.forms.saving import save
from faktura.web.settings import pages
from faktura.web.settings.confirm import asked


@pages.get("/<slug>/settings/integrations")
def integrations(slug: str) -> str:
    def work(books: Books) -> dict[str, object]:
        return {"account": books.account, "keys": keys_to(books), "programs": programs_of_members(books)}

    write_last_uses()
    return render_template("settings/integrations.html", **read_books(slug, work, deed="manage"))


@pages.get("/<slug>/settings/integrations/keys/<id:key_id>/end")
def ask_to_end_key(slug: str, key_id: int) -> str:
    return _before_ending(slug, key_id, NOTHING.filled())


@pages.post("/<slug>/settings/integrations/keys/<id:key_id>/end")
@keeps_typed
def end_key_now(slug: str, key_id: int) -> Response:
    def then(_: int) -> str:
        note("api_key_ended", person().user, key=key_id)
        return url_for("settings.integrations", slug=slug)

    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: end_key_to(books, key_id),
        then=then,
        again=lambda filled: _before_ending(slug, key_id, filled),
        done=lazy_gettext("The key opens nothing any more."),
        deed="manage",
    )


@pages.get("/<slug>/settings/integrations/<id:user_id>/<id:application_id>/shut-out")
def ask_to_shut_out(slug: str, user_id: int, application_id: int) -> str:
    return _before_shutting_out(slug, user_id, application_id, NOTHING.filled())


@pages.post("/<slug>/settings/integrations/<id:user_id>/<id:application_id>/shut-out")
@keeps_typed
def shut_out_now(slug: str, user_id: int, application_id: int) -> Response:
    def then(_: int) -> str:
        note("application_shut_out", person().user, application=application_id)
        return url_for("settings.integrations", slug=slug)

    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: shut_out(books, user_id, application_id),
        then=then,
        again=lambda filled: _before_shutting_out(slug, user_id, application_id, filled),
        done=lazy_gettext("The application gets in here no longer."),
        deed="manage",
    )


@pages.post("/<slug>/settings/integrations/<id:user_id>/<id:application_id>/let-in")
@keeps_typed
def let_in_now(slug: str, user_id: int, application_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: let_in_again(books, user_id, application_id),
        then=lambda _: url_for("settings.integrations", slug=slug),
        again=lambda _: integrations(slug),
        done=lazy_gettext("The application gets in here again."),
        deed="manage",
    )


def _before_ending(slug: str, key_id: int, filled: Filled) -> str:
    key = read_books(slug, lambda books: find_key_to(books, key_id), deed="manage")
    return asked(
        slug,
        filled,
        gettext("End the key %(name)s", name=key.name),
        gettext(
            "It opens nothing any more, from the next request on. It cannot be brought back: the program then needs "
            "another key."
        ),
        gettext("End the key"),
        url_for("settings.integrations", slug=slug),
    )


def _before_shutting_out(slug: str, user_id: int, application_id: int, filled: Filled) -> str:
    found = read_books(slug, lambda books: find_program_of(books, user_id, application_id), deed="manage")
    return asked(
        slug,
        filled,
        gettext("Shut out %(name)s", name=found.application.name),
        gettext(
            "It does nothing for %(person)s in this account any more, from the next request on. In other accounts it "
            "goes on; you can let it in here again.",
            person=found.user.full_name,
        ),
        gettext("Shut out"),
        url_for("settings.integrations", slug=slug),
    )
