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
from faktura.web.forms.fields import Words
from faktura.web.forms.form import Filled
from faktura.web.forms.sentences import sentence

ASK, TAKE = "ask", "take"

MOST_A_MINUTE = 20
LONGEST = 300


class Difference(NamedTuple):
    """A field in which the registry has something else than the form; where nothing was typed, it is ticked."""

    name: str
    label: Words
    typed: str
    found: str

    @property
    def ticked(self) -> bool:
        return not self.typed


class LookedUp(NamedTuple):
    """What a look-up came to: facts and where they differ, or in words why there are none."""

    facts: Facts | None = None
    differences: tuple[Difference, ...] = ()
    words: str = ""


Again = Callable[[Filled, LookedUp | None], str]


def is_asked() -> bool:
    """Whether the form was sent to look up, and not to save."""
    return request.form.get("look_up") in {ASK, TAKE} and not is_expired()


def looked_up(filled: Filled, again: Again, fields: Mapping[str, str] = {}) -> Response:
    """The form again with what was typed; `fields` are called otherwise than the facts. Nothing is saved."""
    if request.form["look_up"] == TAKE:
        return make_response(again(_taken(filled, fields), None))
    country = str(filled.typed.get("country") or "")
    registry = service().look_ups.of(country)
    name = country_of(country).identified_by if registry is None else registry.by
    number, problem = _number(registry, str(filled.typed.get(name) or ""))
    if problem is not None:
        wrong = filled.wrong_at(name, sentence(problem))
        return make_response(again(wrong, None), HTTPStatus.UNPROCESSABLE_ENTITY)
    now = service().clock.now()
    if is_too_often():
        wait = LookedUp(words=gettext("Wait a moment before you look up another firm."))
        return make_response(again(filled, wait), HTTPStatus.TOO_MANY_REQUESTS)
    found = service().look_ups.look_up(country, number, now)
    if isinstance(found, Facts):
        return make_response(again(filled, LookedUp(found, tuple(_differences(filled, found, fields)))))
    return make_response(again(filled, LookedUp(words=_why(found))))


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
            yield Difference(name, filled.form.fields[name].label, typed, found)


def _taken(filled: Filled, fields: Mapping[str, str]) -> Filled:
    """With what was ticked, which came back from the page and is as good as typed."""
    for fact in TEXTS:
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
