"""Who works with an account: people are invited by a link, do more or less, and leave."""

from flask import render_template, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.people.invitations import Invitation, invitations_of, invite, withdraw_invitation
from faktura.core.people.members import change_membership, find_member, leave
from faktura.core.people.users import EVERY_SCOPE, Member, members_of
from faktura.web.door.books import read_books
from faktura.web.door.database import service
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.names import PERMISSIONS
from faktura.web.door.people import person
from faktura.web.forms.fields import Choice, Text, YesNo
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import save
from faktura.web.people.me import LANGUAGES
from faktura.web.settings import pages
from faktura.web.settings.confirm import asked

MOST_SHOWN = 500

PERMISSION = Choice("permission", lazy_gettext("Rights"), options=PERMISSIONS.items)

INVITATION = Form(
    Text("email", lazy_gettext("E-mail address"), type="email", required=True),
    PERMISSION,
    Choice("language", lazy_gettext("Language of the letter"), options=lambda: LANGUAGES),
)

RIGHTS = Form(
    PERMISSION,
    YesNo("invoices", lazy_gettext("Documents")),
    YesNo("expenses", lazy_gettext("Expenses")),
    YesNo("reports", lazy_gettext("Reports")),
)


@pages.get("/<slug>/settings/users")
def users(slug: str) -> str:
    def work(books: Books) -> tuple[object, list[Member], list[Invitation]]:
        return books.account, members_of(books, MOST_SHOWN, 0), invitations_of(books)

    account, members, invitations = read_books(slug, work)
    return render_template("settings/users.html", account=account, members=members, invitations=invitations)


@pages.get("/<slug>/settings/users/invite")
def invite_somebody(slug: str) -> str:
    return _invitation(slug, INVITATION.filled(permission="write", language=person().user.language))


@pages.post("/<slug>/settings/users/invite")
@keeps_typed
def invite_now(slug: str) -> Response | str:
    """The link is shown this once, in the answer itself."""
    page, told = f"{service().public_url}/invite/", [""]
    by_mail = page if service().sends_mail else ""

    def verb(books: Books, given: Given) -> None:
        values = given["email"] or "", given["permission"], EVERY_SCOPE, given["language"]
        told[0] = invite(books, *values, by_mail=by_mail)

    answer = save(
        slug,
        INVITATION.posted(),
        verb,
        then=lambda _: url_for("settings.users", slug=slug),
        again=lambda filled: _invitation(slug, filled),
        deed="manage",
    )
    return _invitation(slug, INVITATION.posted(), page + told[0]) if told[0] else answer


@pages.get("/<slug>/settings/users/invitations/<id:invitation_id>/withdraw")
def withdraw(slug: str, invitation_id: int) -> str:
    return _before_withdrawing(slug, invitation_id, NOTHING.filled())


@pages.post("/<slug>/settings/users/invitations/<id:invitation_id>/withdraw")
@keeps_typed
def withdraw_now(slug: str, invitation_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: withdraw_invitation(books, invitation_id),
        then=lambda _: url_for("settings.users", slug=slug),
        again=lambda filled: _before_withdrawing(slug, invitation_id, filled),
        done=lazy_gettext("The invitation was withdrawn."),
        deed="manage",
    )


@pages.get("/<slug>/settings/users/<id:user_id>")
def user(slug: str, user_id: int) -> str:
    membership = read_books(slug, lambda books: find_member(books, user_id), deed="manage").membership
    scopes = {scope: scope in membership.scopes for scope in EVERY_SCOPE}
    return _rights(slug, user_id, RIGHTS.filled({"permission": membership.permission} | scopes))


@pages.post("/<slug>/settings/users/<id:user_id>")
@keeps_typed
def change_rights(slug: str, user_id: int) -> Response:
    def verb(books: Books, given: Given) -> None:
        scopes = tuple(scope for scope in EVERY_SCOPE if given.get(scope))
        change_membership(books, user_id, given["permission"], scopes)

    return save(
        slug,
        RIGHTS.posted(),
        verb,
        then=lambda _: url_for("settings.users", slug=slug),
        again=lambda filled: _rights(slug, user_id, filled),
        done=lazy_gettext("The rights were changed."),
        deed="manage",
    )


@pages.get("/<slug>/settings/users/<id:user_id>/remove")
def remove(slug: str, user_id: int) -> str:
    return _before_removing(slug, user_id, NOTHING.filled())


@pages.post("/<slug>/settings/users/<id:user_id>/remove")
@keeps_typed
def remove_now(slug: str, user_id: int) -> Response:
    """Everybody may go; only owners send others."""
    oneself = user_id == person().user.id
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: leave(books, user_id),
        then=lambda _: url_for("home.show") if oneself else url_for("settings.users", slug=slug),
        again=lambda filled: _before_removing(slug, user_id, filled),
        done=lazy_gettext("You left the account.") if oneself else lazy_gettext("The member was removed."),
        deed="read" if oneself else "manage",
    )


def _invitation(slug: str, filled: Filled, link: str = "") -> str:
    account = read_books(slug, lambda books: books.account, deed="manage")
    return render_template(
        "settings/invite.html", account=account, filled=filled, link=link, by_mail=service().sends_mail
    )


def _rights(slug: str, user_id: int, filled: Filled) -> str:
    account, member = read_books(slug, lambda books: (books.account, find_member(books, user_id)), deed="manage")
    return render_template("settings/user.html", account=account, member=member, filled=filled)


def _before_withdrawing(slug: str, invitation_id: int, filled: Filled) -> str:
    found = read_books(slug, lambda books: books.find(Invitation, invitation_id), deed="manage")
    return asked(
        slug,
        filled,
        gettext("Withdraw the invitation of %(email)s", email=found.email),
        gettext("Its link opens nothing any more."),
        gettext("Withdraw the invitation"),
        url_for("settings.users", slug=slug),
    )


def _before_removing(slug: str, user_id: int, filled: Filled) -> str:
    oneself = user_id == person().user.id
    found = read_books(slug, lambda books: find_member(books, user_id), deed="read" if oneself else "manage")
    title = gettext("Leave the account") if oneself else gettext("Remove %(name)s", name=found.user.full_name)
    return asked(
        slug,
        filled,
        title,
        gettext("Access to the account ends, and so do keys to it."),
        title,
        url_for("settings.users", slug=slug),
        "read" if oneself else "manage",
    )
