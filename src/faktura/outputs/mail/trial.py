"""A letter to oneself: what was said to the mail server and by it, step by step."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from faktura.outputs.mail.box import Post
from faktura.outputs.mail.letters import Undelivered, send
from faktura.outputs.mail.personal import test_letter

DEADLINE = 15.0
"""Seconds that somebody waits before a page."""

FIRST_REFUSAL = 400
LONGEST = 1000


class Step(NamedTuple):
    """The verb of SMTP, empty for the greeting, and the last line of the answer; no answer came where it is empty."""

    verb: str
    answer: str

    @property
    def is_well(self) -> bool:
        return self.answer[:3].isdecimal() and int(self.answer[:3]) < FIRST_REFUSAL


class Trial(NamedTuple):
    """How it went; `why` is what was wrong where the letter was not taken."""

    steps: tuple[Step, ...]
    taken: bool
    why: str


def try_out(server: Post, recipient: str, reference: str, now: dt.datetime, deadline: float = DEADLINE) -> Trial:
    """Send the letter; whatever goes wrong is the result."""
    said: list[str] = []
    try:
        send(server, test_letter(recipient, reference, now), said.append, deadline)
    except Undelivered as error:
        return Trial(steps_of(said), taken=False, why=str(error)[:LONGEST])
    return Trial(steps_of(said), taken=True, why="")


def steps_of(said: Iterable[str]) -> tuple[Step, ...]:
    """What was overheard, an answer to each verb; the secrets of a sign-in belong to its verb."""
    steps: list[Step] = []
    for line in said:
        side, _, words = line.partition(" ")
        verb = words.partition(" ")[0]
        if side == ">" and verb.isalpha():
            steps.append(Step(verb.upper(), ""))
        elif side == "<":
            begun = steps.pop() if steps else Step("", "")
            steps.append(begun._replace(answer=words[:LONGEST]))
    return tuple(steps)
