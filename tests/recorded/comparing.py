"""Where the answers of two versions differ, said so that somebody can look into it."""

import difflib
import json
import shlex
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.recorded.exchanges import Exchange, Got, Lines, Sent

LONGEST = 160
MOST_LINES = 12


class Difference(NamedTuple):
    number: int
    sent: Sent
    before: Got
    after: Got


def differences(exchanges: Sequence[Exchange], lines: Lines) -> Iterator[Difference]:
    """Send the same bytes in the same order."""
    for number, (sent, got) in enumerate(exchanges, 1):
        before, after = got.comparable, lines.send(sent).comparable
        if before != after:
            yield Difference(number, sent, before, after)


def told(one: Difference, address: str) -> str:
    """The request as a line for the shell, and every line of the answer that differs."""
    unlike = difflib.unified_diff(_lines(one.before), _lines(one.after), n=0, lineterm="")
    shown = [line[:LONGEST] for line in unlike if not line.startswith(("---", "+++", "@@"))]
    more = [f"… and {len(shown) - MOST_LINES} lines more"] if len(shown) > MOST_LINES else []
    return "\n".join([f"{one.number}. {curl(one.sent, address)}", *shown[:MOST_LINES], *more])


def curl(sent: Sent, address: str) -> str:
    head = "-I" if sent.method == "HEAD" else f"-X {sent.method}"
    headers = (f"-H {shlex.quote(f'{name}: {value}')}" for name, value in sent.headers if name != "Content-Length")
    body = [f"--data-raw {shlex.quote(sent.body.decode(errors='replace'))}"] if sent.body else []
    return " ".join(["curl -i", head, *headers, *body, shlex.quote(address + sent.path)])


def _lines(got: Got) -> list[str]:
    head = [str(got.status), *(f"{name}: {value}" for name, value in got.headers)]
    try:
        body = json.dumps(json.loads(got.body), indent=1, ensure_ascii=False)
    except ValueError:
        body = got.body.decode(errors="backslashreplace")
    # Where two JSON texts say the same, it is their spelling that differs.
    return [*head, *body.splitlines(), f"({len(got.body)} bytes, {hash(got.body) & 0xFFFF:04x})"]
