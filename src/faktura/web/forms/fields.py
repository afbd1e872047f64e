"""Kinds of fields: how each takes what was typed, reads it into a value of the core, and shows a value in its place."""

import datetime as dt
import mimetypes
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import KW_ONLY, dataclass
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple, cast

from flask import request
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict

from faktura.core.documents.attachments import LONGEST_FILENAME, GivenFile
from faktura.core.errors import Code, Given, Problem
from faktura.core.texts import as_seen
from faktura.web.forms.numbers import NoNumber, number_in, typed_number

Words = str | LazyString

LONGEST_WHOLE = 9
LONGEST_ID = 10


class Unread(ValueError):  # noqa: N818 (says what was typed)
    """What was typed is no value of this kind."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Field:
    """A field of a form; it is called as the attribute of the core that it is about.

    `autocomplete` is one of HTML's names for what browsers know, `mode` of its keyboards. In the `first` one
    the caret stands when the page is opened.
    """

    sort: ClassVar[str] = "text"
    mode: ClassVar[str] = ""

    name: str
    label: Words
    _: KW_ONLY
    hint: Words = ""
    required: bool = False
    autocomplete: str = ""
    first: bool = False

    def take(self, posted: MultiDict[str, str]) -> Any:
        """What was typed, or None where the page has no such field."""
        return posted.get(self.name)

    def value(self, typed: Any) -> Any:
        """An empty field has no value, which is a None.

        Raises:
            Unread: it is of another kind.

        """
        return self.read(typed.strip()) if typed.strip() else None

    def read(self, typed: str) -> Any:
        return typed

    def show(self, value: Any) -> Any:
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Text(Field):
    """A line of text; `type` is HTML's, such as "email" or "tel"."""

    _: KW_ONLY
    type: str = "text"
    longest: int | None = None


@dataclass(frozen=True)
class Paragraphs(Field):
    """A text of several lines."""

    sort: ClassVar[str] = "paragraphs"

    def read(self, typed: str) -> str:
        return typed.replace("\r\n", "\n")


@dataclass(frozen=True)
class Money(Field):
    """An amount, a quantity or a rate."""

    mode: ClassVar[str] = "decimal"

    def read(self, typed: str) -> Decimal:
        try:
            return number_in(typed)
        except NoNumber:
            raise Unread("not_a_number") from None

    def show(self, value: Decimal | None) -> str:
        return "" if value is None else typed_number(Decimal(value))


@dataclass(frozen=True)
class Whole(Field):
    """A whole number, not below zero."""

    mode: ClassVar[str] = "numeric"

    def read(self, typed: str) -> int:
        if not (typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_WHOLE):
            raise Unread("not_a_number")
        return int(typed)


_DAY = re.compile(r"(?P<day>\d{1,2})[./]\s*(?P<month>\d{1,2})[./]\s*(?P<year>\d{4})", re.ASCII)


@dataclass(frozen=True)
class Date(Field):
    """A day: as browsers send it, or as people write it where the browser knows no such field."""

    sort: ClassVar[str] = "date"

    def read(self, typed: str) -> dt.date:
        written = _DAY.fullmatch(typed)
        try:
            if written:
                return dt.date(int(written["year"]), int(written["month"]), int(written["day"]))
            return dt.date.fromisoformat(typed)
        except ValueError:
            raise Unread("not_a_date") from None


@dataclass(frozen=True)
class Choice(Field):
    """One of a list: values and what they are called, asked for in the language of the page.

    `empty` is what it says where nothing is chosen; without it something always is.
    """

    sort: ClassVar[str] = "choice"

    _: KW_ONLY
    options: Callable[[], Iterable[tuple[str, Words]]]
    empty: Words | None = None


@dataclass(frozen=True)
class ChoiceOfId(Choice):
    """A record out of a short list, by its id."""

    def read(self, typed: str) -> int:
        if not (typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_ID):
            raise Unread("not_in_list")
        return int(typed)


class Picked(NamedTuple):
    """A record that is chosen, and what it is called."""

    id: str
    words: str


@dataclass(frozen=True)
class Pick(Field):
    """A record out of any number; `endpoint` offers some that fit, and never all.

    Where none fits, one can be added in place: what was typed is the name of a new one, for which `new` is the field.

    The id is in a hidden field that a script fills, and empties where other words are typed. Where none runs, the words
    that were chosen are sent beside those that were typed, and the form that comes back offers what fits these:
    `Filled.offering`.
    """

    sort: ClassVar[str] = "pick"

    _: KW_ONLY
    endpoint: str
    new: str = ""

    def take(self, posted: MultiDict[str, str]) -> Picked:
        """Of what is offered the one that is ticked; what was chosen before is not meant by other words."""
        words, chosen = posted.get(f"{self.name}-words", ""), posted.get(f"{self.name}-chosen")
        *_, last = ("", *posted.getlist(self.name))
        other = chosen is not None and words != chosen and len(posted.getlist(self.name)) == 1
        return Picked("" if other else last, words)

    def value(self, typed: Any) -> int | None:
        if not typed.id:
            if typed.words.strip():
                raise Unread("not_in_list")
            return None
        if not (typed.id.isascii() and typed.id.isdecimal() and len(typed.id) <= LONGEST_ID):
            raise Unread("not_in_list")
        return int(typed.id)

    def show(self, value: Any) -> Picked:
        """Of a record, by its id and its name."""
        return Picked("", "") if value is None else Picked(str(value.id), value.name)


@dataclass(frozen=True)
class Several(Field):
    """Any of a list, each a box to tick; the template says what there is to choose."""

    sort: ClassVar[str] = "several"

    def take(self, posted: MultiDict[str, str]) -> list[str]:
        return posted.getlist(self.name)

    def value(self, typed: Any) -> tuple[str, ...]:
        return tuple(dict.fromkeys(typed))

    def show(self, value: Any) -> list[str]:
        return list(value or ())


@dataclass(frozen=True)
class YesNo(Field):
    """A box to tick; one that is not ticked is sent by no browser."""

    sort: ClassVar[str] = "yes_no"

    def take(self, posted: MultiDict[str, str]) -> str:
        return "yes" if posted.get(self.name) else ""

    def value(self, typed: Any) -> bool:
        return bool(typed)

    def show(self, value: Any) -> str:
        return "yes" if value else ""


class Uploaded(NamedTuple):
    """A file that came with a form."""

    name: str
    content: bytes

    @property
    def filename(self) -> str:
        """As the browser called it, without the way to it and what cannot be seen."""
        return as_seen(self.name.replace("\\", "/").rpartition("/")[2]).strip()[-LONGEST_FILENAME:] or "file"

    @property
    def attached(self) -> GivenFile:
        """To lie beside a document; its type follows from its name alone, for it is always downloaded."""
        content_type = mimetypes.guess_type(self.filename)[0] or "application/octet-stream"
        return GivenFile(self.filename, content_type, self.content)


@dataclass(frozen=True)
class File(Field):
    """A file; `accept` says of which sorts. No browser keeps it where the form comes back.

    The view has to say how large it may be: `takes_up_to` of `door/bodies.py`.
    """

    sort: ClassVar[str] = "file"

    _: KW_ONLY
    accept: str = ""

    def take(self, posted: MultiDict[str, str]) -> Uploaded | None:  # noqa: ARG002 (files come beside)
        file = request.files.get(self.name)
        if file is None or not file.filename:
            return None
        with closing(file):
            return Uploaded(file.filename, file.read())

    def value(self, typed: Any) -> Uploaded:
        return cast("Uploaded", typed)

    def show(self, value: Any) -> None:  # noqa: ARG002 (there is nothing to show)
        return None


@dataclass(frozen=True)
class Lines(Field):
    """Rows of fields, sent as `lines-0-name`, `lines-1-name` …; one in which nothing was typed is left out.

    The value is a `Given` for each row, in their order. `spare` rows stand empty at the end. Where a column has a value
    before anything is typed, `telling` names those by which a row is seen to be empty.
    """

    sort: ClassVar[str] = "lines"

    _: KW_ONLY
    columns: tuple[Field, ...]
    telling: tuple[str, ...] = ()
    spare: int = 1
    most: int = 1000

    def take(self, posted: MultiDict[str, str]) -> list[dict[str, Any]]:
        key = re.compile(rf"{re.escape(self.name)}-(\d{{1,4}})-(\w+)", re.ASCII)
        rows: dict[int, MultiDict[str, str]] = defaultdict(MultiDict)
        for name, text in posted.items():
            if found := key.fullmatch(name):
                rows[int(found[1])].add(found[2], text)
        places = sorted(rows)[: self.most + 1]
        return [{column.name: column.take(rows[place]) for column in self.columns} for place in places]

    def value(self, typed: Any) -> list[Given]:
        return [given_of(self.columns, row) for row in typed if self.is_something(row)]

    def is_something(self, row: Mapping[str, Any]) -> bool:
        """Whether anything was typed into it."""
        return any(row.get(name) for name in self.telling or row)

    def show(self, value: Any) -> list[dict[str, Any]]:
        rows = value or ()
        return [{column.name: column.show(_of(row, column.name)) for column in self.columns} for row in rows]


def given_of(fields: Iterable[Field], typed: Mapping[str, Any]) -> Given:
    """Values by attribute, together with what could not be read."""
    given = Given()
    for field in fields:
        if (text := typed.get(field.name)) is None:
            continue
        try:
            given[field.name] = field.value(text)
        except Unread as unread:
            given.unread[field.name] = [Problem(unread.code)]
    return given


def _of(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, Mapping) else getattr(row, name)
