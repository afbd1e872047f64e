"""A form that stood open while somebody else saved: what they changed is taken over, or said beside what was typed."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext

from faktura.core.documents.merge import Merged
from faktura.core.documents.record import Draft
from faktura.web.documents.editor import with_a_spare_line
from faktura.web.forms.fields import Choice, Words
from faktura.web.forms.form import Filled


def met(filled: Filled, fresh: Filled, was: Draft, merged: Merged) -> Filled:
    """The form with what somebody else changed since; where both changed the same, it says so.

    `fresh` is the form of what there is now, `was` what the one saw who typed.
    """
    mine = {*merged.given, *merged.given.unread, "draft"} - {"lines"}
    typed = {name: filled.typed[name] if name in mine else there for name, there in fresh.typed.items()}
    typed["lines"] = list(_rows(with_a_spare_line(filled), fresh, merged, {line.id for line in was.lines}))
    both = Filled(filled.form, typed, filled.once, filled.problems, filled.said)
    return both.telling({**{name: (_now(fresh, name),) for name in merged.theirs}, **_lines_now(fresh, was, merged)})


def _rows(filled: Filled, fresh: Filled, merged: Merged, before: set[int]) -> Iterator[dict[str, Any]]:
    """Those that were typed otherwise than they were, of the others what there is now; then what was added since."""
    typed, there = filled.typed["lines"], {row["id"]: row for row in fresh.typed["lines"]}
    mine = {str(line.get("id")) for line in merged.given.get("lines", ()) if len(line) > 1}
    gone = {str(line_id) for line_id, line in merged.lines.items() if line is None}
    for row in typed:
        if row["id"] in gone:
            yield row | {"id": ""}
        elif not row["id"] or row["id"] in mine:
            yield row
        elif row["id"] in there:
            yield there[row["id"]]
    ids = {row["id"] for row in typed}
    yield from (row for line_id, row in there.items() if line_id not in ids and int(line_id) not in before)


def _now(fresh: Filled, name: str) -> Words:
    box = fresh[name]
    words = dict(box.field.options()).get(box.typed, box.typed) if isinstance(box.field, Choice) else box.typed
    return gettext("Now it is “%(value)s”; what you typed stands here.", value=getattr(words, "words", words))


def _lines_now(fresh: Filled, was: Draft, merged: Merged) -> Mapping[str, tuple[Words, ...]]:
    rows = {row["id"]: row for row in fresh.typed["lines"]}
    names = {line.id: line.name for line in was.lines}
    said = [_line_now(names[line_id], rows.get(str(line_id))) for line_id in merged.lines]
    return {"lines": tuple(said)} if said else {}


def _line_now(name: str, row: Mapping[str, str] | None) -> Words:
    if row is None:
        return gettext("“%(name)s” was taken away.", name=name)
    now = f"{row['name']}, {row['quantity']} {row['unit']} × {row['unit_price']}"
    return gettext("“%(name)s” is “%(now)s” now; what you typed stands here.", name=name, now=now)
