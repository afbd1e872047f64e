"""A box that letters are put into where none may go out: the mail server of a sandbox."""

import threading
from collections.abc import Callable
from typing import NamedTuple

from faktura.outputs.mail.server import MailServer

MOST = 200
MOST_BYTES = 32 * 1024 * 1024

TAKEN = "250 2.0.0 Kept in the box of the sandbox"


class Kept(NamedTuple):
    """A letter as it was handed over, and what was answered to it: a refused one is kept, too."""

    id: int
    content: bytes
    answer: str

    @property
    def taken(self) -> bool:
        return self.answer.startswith("2")


class MailBox:
    """The last letters, of so many bytes together.

    `refusal` is what the next one is answered with; `answer_to` what a letter is answered with for its content.
    """

    host = "sandbox"
    sender = "sandbox@faktura.example"
    sender_name = "faktura"

    def __init__(self, answer_to: Callable[[bytes], str] = lambda _: "") -> None:
        self._answer_to = answer_to
        self.refusal: str | None = None
        self._kept: list[Kept] = []
        self._number = 0
        self._changing = threading.Lock()

    @property
    def letters(self) -> list[Kept]:
        """The newest first."""
        with self._changing:
            return self._kept[::-1]

    def take(self, content: bytes) -> tuple[int, bytes]:
        """Keep a letter, and answer as SMTP does."""
        with self._changing:
            answer, self.refusal = self.refusal or self._answer_to(content) or TAKEN, None
            self._number += 1
            self._kept.append(Kept(self._number, content, answer))
            while len(self._kept) > MOST or sum(len(kept.content) for kept in self._kept) > MOST_BYTES:
                del self._kept[0]
        code, _, text = answer.partition(" ")
        return int(code), text.encode()

    def keep(self) -> tuple[str | None, tuple[Kept, ...], int]:
        """The letters, their numbering, and what the next one is answered with."""
        with self._changing:
            return self.refusal, tuple(self._kept), self._number

    def bring_back(self, kept: tuple[str | None, tuple[Kept, ...], int]) -> None:
        with self._changing:
            self.refusal, letters, self._number = kept
            self._kept = list(letters)


Post = MailServer | MailBox
"""What a letter is handed to."""
