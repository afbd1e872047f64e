"""Stories played and events triggered at the control address, in the books of a firm of the world."""

import copy
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import falcon
import msgspec

from faktura.core.errors import Invalid, NotFound, Refusal
from faktura.sandbox.control.bodies import read_options
from faktura.sandbox.control.control import Control
from faktura.sandbox.control.state import Wrong
from faktura.sandbox.stories.listening import UnknownEvent, hear_of
from faktura.sandbox.stories.scenarios import SCENARIOS, Cast, Scenario
from faktura.sandbox.stories.stage import Stage
from faktura.sandbox.stories.triggers import triggers

PAGES = {"contact": "subjects", "expense": "expenses"}
"""Where people see who plays a part; any other part is played by a document that was issued."""

T = TypeVar("T")


class Start(msgspec.Struct, forbid_unknown_fields=True):
    """`account` is a firm's slug, else the first one's; `record` the id of who plays the main part, if they are there.

    `whole`: all steps are played.
    """

    account: str = ""
    record: int | None = None
    whole: bool = False


class Running:
    """A story that was begun: who is in it, and which step comes next."""

    def __init__(self, scenario: Scenario, stage: Stage, cast: Cast) -> None:
        self.scenario = scenario
        self._stage = stage
        self._cast = cast
        self._played = 0

    @property
    def is_over(self) -> bool:
        return self._played == len(self.scenario.steps)

    def play(self) -> None:
        """Play the next step.

        Raises:
            falcon.HTTPConflict: it is refused; the story stands where it stood.

        """
        step = self.scenario.steps[self._played]
        tried = dict(self._cast)
        _refused(step.name, lambda: step.play(self._stage, tried))
        self._cast = tried
        self._played += 1

    def shown(self, clock: Any) -> dict[str, Any]:
        steps = self.scenario.steps
        root = f"{self._stage.web_root}/{self._stage.slug}"
        return {
            "scenario": self.scenario.name,
            "account": self._stage.slug,
            "played": [step.name for step in steps[: self._played]],
            "next": None if self.is_over else steps[self._played].name,
            "records": {
                part: {"id": record_id, "page": f"{root}/{PAGES.get(part, 'invoices')}/{record_id}"}
                for part, record_id in self._cast.items()
            },
            "now": clock.now().isoformat().replace("+00:00", "Z"),
        }


class Stories:
    """`/sandbox/scenarios`: what can be played, and the story of each name that was begun last."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._running: dict[str, Running] = {}
        control.add_part("stories", self)

    def keep(self) -> dict[str, Running]:
        return {name: copy.copy(story) for name, story in self._running.items()}

    def bring_back(self, kept: dict[str, Running]) -> None:
        self._running = {name: copy.copy(story) for name, story in kept.items()}

    def on_get_all(self, _req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = {
            "scenarios": [
                {
                    "name": one.name,
                    "says": one.says,
                    "about": one.about,
                    "steps": [{"name": step.name, "says": step.says} for step in one.steps],
                }
                for one in SCENARIOS.values()
            ]
        }

    def on_post(self, req: falcon.Request, resp: falcon.Response, name: str) -> None:
        """Begin it, and play its first step, or all."""
        scenario = _known(SCENARIOS, name, "scenario")
        start = _read(req, Start)
        cast = {} if start.record is None else {scenario.about: start.record}
        with self._control.requests.inside():
            story = Running(scenario, stage_in(self._control, start.account), cast)
            story.play()
            self._running[name] = story
            while start.whole and not story.is_over:
                story.play()
        resp.media = story.shown(self._control.clock)

    def on_post_next(self, _req: falcon.Request, resp: falcon.Response, name: str) -> None:
        _known(SCENARIOS, name, "scenario")
        with self._control.requests.inside():
            story = self._running.get(name)
            if story is None:
                raise falcon.HTTPConflict(description=f"{name} was not begun; POST to /scenarios/{name} first")
            if story.is_over:
                raise falcon.HTTPConflict(description=f"{name} is over; POST to /scenarios/{name} begins it again")
            story.play()
        resp.media = story.shown(self._control.clock)


class Where(msgspec.Struct, forbid_unknown_fields=True):
    account: str = ""


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    """No `events` are all."""

    account: str = ""
    events: tuple[str, ...] = ()


class Events:
    """`/sandbox/events`: every event that programs can subscribe to, and it is made to happen."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def on_get_all(self, _req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = {"events": [{"name": one.name, "can_happen": one.recipe is not None} for one in triggers()]}

    def on_put_all(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Have the sandbox's own receiver told of these events, and of no others."""
        wanted = _read(req, Wanted)
        stage = stage_in(self._control, wanted.account)
        try:
            hearing = stage.do(lambda books: hear_of(books, wanted.events, stage.web_root))
        except UnknownEvent as unknown:
            raise falcon.HTTPNotFound(description=str(unknown)) from None
        resp.media = {"account": stage.slug, "url": hearing.url, "events": hearing.events}

    def on_post(self, req: falcon.Request, resp: falcon.Response, event: str) -> None:
        known = {one.name: one.recipe for one in triggers() if one.recipe is not None}
        recipe = _known(known, event, "event")
        stage = stage_in(self._control, _read(req, Where).account)
        with self._control.requests.inside():
            record = _refused(event, lambda: stage.do(recipe))
        resp.media = {"event": event, "account": stage.slug, "record": {"kind": record.table_name, "id": record.id}}


def stage_in(control: Control, slug: str) -> Stage:
    """The firm of that name, or the world's first one.

    Raises:
        falcon.HTTPNotFound: there is none; says which there are.

    """
    firms = list(control.state()["accounts"])
    if (slug or firms[0]) not in firms:
        raise falcon.HTTPNotFound(description=f"There is no account {slug}; there are {', '.join(firms)}")
    return control.stage(slug or firms[0])


def _known(these: Mapping[str, T], name: str, what: str) -> T:
    found = these.get(name)
    if found is None:
        raise falcon.HTTPNotFound(description=f"There is no {what} {name}; there are {', '.join(these)}")
    return found


def _read(req: falcon.Request, shape: type[T]) -> T:
    """The body as that shape; no body says nothing.

    Raises:
        Wrong: it is not of that shape.

    """
    said = read_options(req)
    try:
        return msgspec.convert(said, shape)
    except msgspec.ValidationError as error:
        raise Wrong(str(error)) from None


def _refused(name: str, work: Callable[[], T]) -> T:
    try:
        return work()
    except NotFound:
        raise falcon.HTTPNotFound(description=f"{name}: there is no such record in this account") from None
    except Invalid as error:
        raise falcon.HTTPConflict(description=f"{name} is refused: {error}") from None
    except Refusal as error:
        raise falcon.HTTPConflict(description=f"{name} is refused: {type(error).__name__} {error}".rstrip()) from None
