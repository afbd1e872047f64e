"""A firm is looked up from the form that it is typed in; what the registry says is taken field by field."""

from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import NamedTuple

from flask import make_response, request
from flask_babel import gettext
from stdnum.exceptions import ValidationError
from werkzeug.wrappers import Response

from faktura.core.countries.known import country_of
from faktura.core.errors import Problem
from faktura.core.registries.facts import TEXTS, Facts, Unknown
from faktura.outside.registries.firms import Registry
from faktura.web.door.database import service
from faktura.web.door.expired_forms import is_expired
from faktura.web.door.people import person
from faktura.web.forms.fields import Choice, Words
from faktura.web.forms.form import Filled
from faktura.web.forms.sentences import sentence

ASK, TAKE = "ask", "take"

VAT_MODE = "vat_mode"

MOST_A_MINUTE = 20
LONGEST = 300
SHORTEST_NAME = 3
"""Letters by which firms are looked for."""


class Difference(NamedTuple):
    """A field in which the registry has something else than the form, each as it is shown; `value` is what is taken.

    It is ticked where nobody typed anything: a choice stands at something before anybody chooses.
    """

    name: str
    label: Words
    typed: Words
    found: Words
    value: str
    ticked: bool


class LookedUp(NamedTuple):
    """What a look-up came to: facts and where they differ, firms to choose from, or in words why there are none."""

    facts: Facts | None = None
    differences: tuple[Difference, ...] = ()
    words: str = ""
    firms: tuple[Facts, ...] = ()


Again = Callable[[Filled, LookedUp | None], str]


def is_asked() -> bool:
    """Whether the form was sent to look up, and not to save."""
    return (request.form.get("look_up") in {ASK, TAKE} or "picked" in request.form) and not is_expired()


def looked_up(filled: Filled, again: Again, fields: Mapping[str, str] = {}) -> Response:
    """The form again with what was typed; `fields` are called otherwise than the facts. Nothing is saved."""
    if request.form.get("look_up") == TAKE:
        return make_response(again(_taken(filled, fields), None))
    country = str(filled.typed.get("country") or "")
    registry = service().look_ups.of(country)
    name = country_of(country).identified_by if registry is None else registry.by
    if picked := request.form.get("picked"):
        filled = filled.having(name, picked[:LONGEST])
    if _is_by_name(filled, country, name):
        return _searched(filled, again, country)
    number, problem = _number(registry, str(filled.typed.get(name) or ""))
    if problem is not None:
        wrong = filled.wrong_at(name, sentence(problem))
        return make_response(again(wrong, None), HTTPStatus.UNPROCESSABLE_ENTITY)
    now = service().clock.now()
    if is_too_often():
        return _put_off(filled, again)
    found = service().look_ups.look_up(country, number, now)
    if isinstance(found, Facts):
        return make_response(again(filled, LookedUp(found, tuple(_differences(filled, found, fields)))))
    return make_response(again(filled, LookedUp(words=_why(found))))


def _is_by_name(filled: Filled, country: str, number: str) -> bool:
    """Whether a name was typed, and no number, where firms are found by it."""
    typed, name = (str(filled.typed.get(field) or "").strip() for field in (number, "name"))
    return not typed and len(name) >= SHORTEST_NAME and service().look_ups.finds_by_name(country)


def _searched(filled: Filled, again: Again, country: str) -> Response:
    if is_too_often():
        return _put_off(filled, again)
    found = service().look_ups.search(country, str(filled.typed["name"]), service().clock.now())
    if isinstance(found, list):
        return make_response(again(filled, LookedUp(firms=tuple(found))))
    words = _why(found) if found != "not_there" else gettext("The registry knows no firm of this name.")
    return make_response(again(filled, LookedUp(words=words)))


def _put_off(filled: Filled, again: Again) -> Response:
    wait = LookedUp(words=gettext("Wait a moment before you look up another firm."))
    return make_response(again(filled, wait), HTTPStatus.TOO_MANY_REQUESTS)


def is_too_often() -> bool:
    """Whether a person asks registries more often than anybody who types."""
    now = service().clock.now()
    return not service().rate_limit.take("look-up", str(person().user.id), MOST_A_MINUTE, now).allowed


def _number(registry: Registry | None, typed: str) -> tuple[str, Problem | None]:
    if not typed.strip():
        return "", Problem("blank")
    try:
        return (typed.strip() if registry is None else registry.read(typed)), None
    except ValidationError:
        return "", Problem("malformed")


def _differences(filled: Filled, facts: Facts, fields: Mapping[str, str]) -> Iterator[Difference]:
    for fact in TEXTS:
        name = fields.get(fact, fact)
        typed, found = str(filled.typed.get(name) or "").strip(), getattr(facts, fact)
        if name in filled.form.fields and found and found != typed:
            yield Difference(name, filled.form.fields[name].label, typed, found, found, not typed)
    vat = filled.form.fields.get(VAT_MODE)
    if isinstance(vat, Choice) and facts.pays_vat is not None:
        called, chosen, mode = dict(vat.options()), str(filled.typed.get(VAT_MODE)), _vat_mode(filled, facts)
        if mode != chosen:
            yield Difference(VAT_MODE, vat.label, called.get(chosen, ""), called[mode], mode, ticked=True)


def _vat_mode(filled: Filled, facts: Facts) -> str:
    """An identified person pays no VAT at home, and no registry says who is one."""
    if facts.pays_vat:
        return "vat_payer"
    return "identified_person" if filled.typed.get(VAT_MODE) == "identified_person" else "non_vat_payer"


def _taken(filled: Filled, fields: Mapping[str, str]) -> Filled:
    """With what was ticked, which came back from the page and is as good as typed."""
    for fact in (*TEXTS, VAT_MODE):
        name = fields.get(fact, fact)
        found = request.form.get(f"found-{name}", "")
        if name in filled.form.fields and name in request.form.getlist("taken") and len(found) <= LONGEST:
            filled = filled.having(name, found)
    return filled


def _why(unknown: Unknown) -> str:
    match unknown:
        case "not_there":
            return gettext(
                "The registry knows no firm with this number. Look at it again, or fill the rest in by hand."
            )
        case "not_reachable":
            return gettext("The registry does not answer as it should. Fill the rest in by hand.")
        case "not_configured":
            return gettext("Firms of this country cannot be looked up yet. Fill the rest in by hand.")
