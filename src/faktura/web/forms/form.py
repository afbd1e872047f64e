"""A form on a page: its fields with what was typed into each, and what is wrong with it."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from flask import request
from werkzeug.datastructures import MultiDict

from faktura.core.errors import Given, Invalid
from faktura.web.forms.fields import Field, Lines, Words, given_of
from faktura.web.forms.sentences import sentence


class Option(NamedTuple):
    """Something to choose: a record by its id, or an address to go to."""

    label: Words
    detail: str = ""
    id: int = 0
    address: str = ""


class Box(NamedTuple):
    """A field as it stands on a page; `rows` are the boxes of lines, `offered` is what is to be chosen from."""

    field: Field
    id: str
    typed: Any
    problems: tuple[Words, ...] = ()
    rows: tuple[dict[str, "Box"], ...] = ()
    offered: tuple[Option, ...] = ()


class Wrong(NamedTuple):
    """A line of the summary of what is wrong: where, and what."""

    id: str
    label: Words
    problem: Words


def new_once() -> str:
    return secrets.token_urlsafe(12)


class Form:
    """The fields of a form, in the order of the page."""

    def __init__(self, *fields: Field) -> None:
        self.fields = {field.name: field for field in fields}

    def filled(self, values: Any = None, **first: Any) -> "Filled":
        """With the values of a record, or with these at first; what was not typed by anybody."""
        shown = {name: field.show(_of(values, name, first)) for name, field in self.fields.items()}
        return Filled(self, shown, new_once())

    def asked(self) -> "Filled":
        """With what stands in the address, which says nothing of fields that are not there."""
        typed = {name: field.take(request.args) or "" for name, field in self.fields.items()}
        return Filled(self, typed, "").unread()

    def posted(self) -> "Filled":
        """With what was typed and sent."""
        return self.typed(request.form, request.form.get("once", ""))

    def typed(self, sent: MultiDict[str, str], once: str) -> "Filled":
        """With what was typed at some time."""
        return Filled(self, {name: field.take(sent) for name, field in self.fields.items()}, once)


class Filled:
    """A form that is filled in; `once` is sent with it, and what was made of it is not made a second time."""

    def __init__(
        self,
        form: Form,
        typed: Mapping[str, Any],
        once: str,
        problems: Mapping[str, tuple[Words, ...]] | None = None,
        said: tuple[Words, ...] = (),
        offered: Mapping[str, tuple[Option, ...]] | None = None,
    ) -> None:
        self.form = form
        self.typed = typed
        self.once = once
        self.problems = problems or {}
        self.said = said
        self.offered = offered or {}

    def given(self) -> Given:
        """In words of the core."""
        return given_of(self.form.fields.values(), self.typed)

    def unread(self) -> "Filled":
        """With what is wrong with what could not be read."""
        return self.refused(Invalid(self.given().unread))

    def refused(self, invalid: Invalid) -> "Filled":
        """With what the core says is wrong, at its field, or above the form where it has none."""
        at: dict[str, list[Words]] = {}
        for attribute, problems in invalid.problems.items():
            name = attribute if attribute in self.form.fields else attribute.partition(".")[0]
            at.setdefault(name, []).extend(self._sentences(attribute, name, problems))
        said = [words for name, found in at.items() if name not in self.form.fields for words in found]
        return Filled(self.form, self.typed, self.once, {name: tuple(found) for name, found in at.items()}, tuple(said))

    def wrong_at(self, name: str, *words: Words) -> "Filled":
        """With what the page itself says is wrong with a field."""
        return Filled(self.form, self.typed, self.once, {**self.problems, name: words}, self.said, self.offered)

    def saying(self, *said: Words) -> "Filled":
        """With what is to be said about the whole of it."""
        return Filled(self.form, self.typed, self.once, self.problems, said)

    def having(self, name: str, typed: Any) -> "Filled":
        """With something else typed into a field."""
        return Filled(self.form, {**self.typed, name: typed}, self.once, self.problems, self.said, self.offered)

    def telling(self, problems: Mapping[str, tuple[Words, ...]]) -> "Filled":
        """With more that is said at fields."""
        both = {n: (*self.problems.get(n, ()), *problems.get(n, ())) for n in (*self.problems, *problems)}
        return Filled(self.form, self.typed, self.once, both, self.said, self.offered)

    def with_once(self, once: str) -> "Filled":
        """Without one its verb is done as often as it is sent."""
        return Filled(self.form, self.typed, once, self.problems, self.said, self.offered)

    def of(self, form: Form) -> "Filled":
        """With fields of the same names that have more to choose from."""
        return Filled(form, self.typed, self.once, self.problems, self.said, self.offered)

    def offering(self, name: str, options: Iterable[Option]) -> "Filled":
        """With records to choose from, for whoever has no script that offers them."""
        return Filled(
            self.form, self.typed, self.once, self.problems, self.said, {**self.offered, name: tuple(options)}
        )

    def __getitem__(self, name: str) -> Box:
        field, typed = self.form.fields[name], self.typed[name]
        rows = tuple(self._rows(field, typed or [])) if isinstance(field, Lines) else ()
        return Box(field, name, typed, self.problems.get(name, ()), rows, self.offered.get(name, ()))

    @property
    def wrong(self) -> list[Wrong]:
        """Everything that is wrong, in the order of the page."""
        above = [Wrong("", "", words) for words in self.said]
        fields = self.form.fields.values()
        return above + [Wrong(f.name, f.label, words) for f in fields for words in self.problems.get(f.name, ())]

    def _sentences(self, attribute: str, name: str, problems: Any) -> Iterator[Words]:
        """What is wrong within lines is said with the name of the column."""
        field = self.form.fields.get(name)
        inner = attribute.removeprefix(f"{name}.")
        labels = {column.name: column.label for column in field.columns} if isinstance(field, Lines) else {}
        for problem in problems:
            words = sentence(problem)
            yield f"{labels[inner]}: {words}" if inner in labels else words

    def _rows(self, field: Lines, typed: list[dict[str, Any]]) -> Iterator[dict[str, Box]]:
        for place, row in enumerate([*typed, *[{}] * field.spare]):
            unread = given_of(field.columns, row).unread if self.problems else {}
            yield {
                column.name: Box(
                    column,
                    f"{field.name}-{place}-{column.name}",
                    row.get(column.name, ""),
                    tuple(sentence(problem) for problem in unread.get(column.name, ())),
                )
                for column in field.columns
            }


NOTHING = Form()
"""For a verb that is only to be confirmed."""


def _of(values: Any, name: str, first: Mapping[str, Any]) -> Any:
    if name in first or values is None:
        return first.get(name)
    return values.get(name) if isinstance(values, Mapping) else getattr(values, name)
