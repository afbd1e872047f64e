"""The forms of a page as a browser without scripts sends them, with something typed into every field of text."""

from html.parser import HTMLParser
from typing import Any, NamedTuple

TYPED = {"text", "email", "tel", "url", "search", "date", "number"}


class TypedForm(NamedTuple):
    action: str
    """Empty for the address of the page itself."""

    fields: list[tuple[str, str]]
    typed: dict[str, str]
    shown: dict[str, str]
    """What stood in those fields before."""


def forms_of(page: str) -> list[TypedForm]:
    """Those that are posted."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[TypedForm] = []
        self._open: TypedForm | None = None
        self._select = self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea and self._open is not None:
            self._open.shown[self._textarea] += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values: dict[str, Any] = dict(attrs)
        if tag == "form" and values.get("method") == "post":
            self._open = TypedForm(values.get("action", ""), [], {}, {})
            self.forms.append(self._open)
        if self._open is None:
            return
        name, sort = values.get("name"), values.get("type", "text")
        typed = sort in TYPED and name and not {"readonly", "hidden"} & values.keys()
        if tag == "textarea" or (tag == "input" and typed):
            self._type(str(name), values.get("value") or "")
            self._textarea = str(name) if tag == "textarea" else ""
        elif tag == "input" and name and (sort == "hidden" or (sort in {"checkbox", "radio"} and "checked" in values)):
            self._open.fields.append((name, values.get("value") or ("" if sort == "hidden" else "on")))
        elif tag == "select":
            self._select = str(name)
        elif tag == "option" and self._select and "selected" in values:
            self._open.fields.append((self._select, values.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def _type(self, name: str, shown: str) -> None:
        assert self._open is not None
        words = f'Příliš <žluťoučký> & "kůň" {name}'
        self._open.fields.append((name, words))
        self._open.typed[name] = words
        self._open.shown[name] = shown
