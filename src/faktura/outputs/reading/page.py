"""A document as a page of its own that needs nothing else: plain HTML, for whoever opens the file."""

from collections.abc import Iterable, Iterator
from html import escape

from faktura.outputs.reading.sheet import PartyText, Sheet
from faktura.outputs.reading.tongue import Fact

STYLE = (
    "body{font:1em/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%;margin:1em 0}"
    "th,td{text-align:left;padding:.3em .6em;border-bottom:1px solid #ccc;vertical-align:top}"
)


def page_of(sheet: Sheet, facts: Iterable[Fact] = ()) -> str:
    """All that the sheet says, in its order; further `facts` stand among its own."""
    title = escape(f"{sheet.title} {sheet.number}".strip())
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    body = "\n".join(_body(sheet, tuple(facts)))
    return f'<!DOCTYPE html>\n<html lang="{sheet.language}"><head>{head}</head><body>\n{body}\n</body></html>\n'


def _body(sheet: Sheet, facts: tuple[Fact, ...]) -> Iterator[str]:
    yield f"<h1>{escape(sheet.title)} {escape(sheet.number)}</h1>"
    yield from (f"<p><strong>{escape(warning)}</strong></p>" for warning in sheet.warnings)
    yield from map(_party, sheet.parties)
    yield _list((*sheet.facts, *facts, *sheet.payment))
    if sheet.note:
        yield f"<p>{_in_lines(sheet.note)}</p>"
    yield _table(sheet.table.labels, (row.cells for row in sheet.table.rows))
    for rates in sheet.rate_tables:
        yield f"<h2>{escape(rates.heading)}</h2>"
        yield _table(rates.labels, rates.rows)
    yield _list((*sheet.sums, sheet.remaining))
    yield from (f"<p>{_in_lines(remark)}</p>" for remark in (*sheet.remarks, sheet.footer) if remark)


def _party(party: PartyText) -> str:
    lines = "<br>".join(map(escape, (party.name, *party.address)))
    return f"<h2>{escape(party.heading)}</h2><p>{lines}</p>{_list(party.facts)}"


def _list(facts: Iterable[Fact]) -> str:
    return _table((), facts)


def _table(labels: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{_in_lines(label)}</th>" for label in labels)
    body = "".join(f"<tr>{''.join(f'<td>{_in_lines(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{f'<tr>{head}</tr>' if head else ''}{body}</table>"


def _in_lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
