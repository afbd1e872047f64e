"""Any event that a program can subscribe to is made to happen, by the name that the program knows it under."""

from typing import NamedTuple

from faktura.core.books.history import EventName
from faktura.core.books.listeners import TELLERS
from faktura.sandbox.stories.recipes import RECIPES, RECURRING, Recipe


class Trigger(NamedTuple):
    """An event by its name at a door; where it cannot happen here there is no recipe."""

    name: str
    recipe: Recipe | None


def triggers() -> list[Trigger]:
    """All that some door has a name for; a name that two have is of one event."""
    named = {
        name: Trigger(name, _recipe(noun, event))
        for door in TELLERS.values()
        for noun, names in door.names.items()
        for name, event in names.items()
    }
    return list(named.values())


def _recipe(noun: str, event: EventName | None) -> Recipe | None:
    if event is None:
        return None
    return (RECURRING if noun.startswith("recurring") else RECIPES).get(event)
