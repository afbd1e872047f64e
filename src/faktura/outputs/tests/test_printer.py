"""Printing in processes of their own: they start when needed, are replaced, do not hang on, and end with the server."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from faktura.outputs.pdf import compose
from faktura.outputs.printed import Code, PrintedDocument
from faktura.outputs.printer import NotPrinted, Printer, TookTooLong
from faktura.outputs.tests.documents import document, line

PATIENCE = 10


@pytest.fixture
def printer() -> Iterator[Printer]:
    opened = Printer()
    yield opened
    opened.close()


STRANGERS: set[int] = set()
"""Processes that printed for other tests already."""


@pytest.fixture(autouse=True)
def strangers() -> Iterator[None]:
    STRANGERS.update(children_of(os.getpid()))
    yield
    STRANGERS.clear()


def children_of(process: int) -> list[int]:
    """Processes that print, that live, and that a thread of this one started for the test at hand."""
    found = [
        int(child)
        for task in Path(f"/proc/{process}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    own = (child for child in found if child not in STRANGERS)
    return [child for child in own if b"printing_process" in Path(f"/proc/{child}/cmdline").read_bytes()]


def is_alive(process: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_until_gone(process: int) -> None:
    """Whoever adopted it may not have noticed yet that it ended."""
    deadline = time.monotonic() + PATIENCE
    while is_alive(process):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_process_starts_with_the_first_document_and_prints_the_next_one_too(printer: Printer) -> None:
    assert children_of(os.getpid()) == []
    assert printer.render_pdf(document()) == compose(document())
    [process] = children_of(os.getpid())
    assert printer.render_pdf(document(number="2")) == compose(document(number="2"))
    assert children_of(os.getpid()) == [process]


def test_a_killed_process_is_replaced(printer: Printer) -> None:
    printer.render_pdf(document())
    [killed] = children_of(os.getpid())
    os.kill(killed, signal.SIGKILL)

    assert printer.render_pdf(document()) == compose(document())
    [replaced] = children_of(os.getpid())
    assert replaced != killed


def test_a_process_that_nobody_needs_ends_and_another_starts_when_there_is_something_to_print() -> None:
    with contextlib.closing(Printer(idle=0.05)) as printer:
        printer.render_pdf(document())
        deadline = time.monotonic() + PATIENCE
        while children_of(os.getpid()):
            assert time.monotonic() < deadline
            time.sleep(0.01)

        assert printer.render_pdf(document()) == compose(document())


def test_a_document_that_takes_too_long_is_given_up_and_the_next_one_is_printed() -> None:
    endless = document(lines=tuple(line() for _ in range(20_000)))
    printer = Printer(processes=1, seconds=1)
    with contextlib.closing(printer):
        with pytest.raises(TookTooLong):
            printer.render_pdf(endless)
        assert printer.render_pdf(document()) == compose(document())


def test_a_document_that_cannot_be_printed_is_refused_and_the_process_prints_on(printer: Printer) -> None:
    printer.render_pdf(document())
    before = children_of(os.getpid())
    with pytest.raises(NotPrinted):
        printer.render_pdf(document(codes=(Code("x" * 10_000),)))
    printer.render_pdf(document())

    assert children_of(os.getpid()) == before


def test_many_threads_share_few_processes(printer: Printer) -> None:
    made: dict[int, bytes] = {}

    def make(number: int) -> None:
        made[number] = printer.render_pdf(document(number=str(number)))

    threads = [threading.Thread(target=make, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(children_of(os.getpid())) <= 2
    assert made == {number: compose(document(number=str(number))) for number in range(12)}


def test_a_file_is_kept_under_its_key_until_it_is_forgotten(printer: Printer) -> None:
    asked: list[str] = []

    def make() -> PrintedDocument:
        asked.append("once")
        return document()

    assert printer.pdf_of(("a", 1), make) == printer.pdf_of(("a", 1), make)
    assert len(asked) == 1
    printer.pdf_of(("a", 2), make)
    assert len(asked) == 2
    printer.forget()
    printer.pdf_of(("a", 1), make)
    assert len(asked) == 3


def test_files_that_nobody_asked_for_lately_make_room_for_others() -> None:
    size = len(compose(document()))
    printer = Printer(most_bytes=int(2.5 * size))
    asked: list[int] = []

    def ask(key: int) -> None:
        def make() -> PrintedDocument:
            asked.append(key)
            return document()

        printer.pdf_of(key, make)

    with contextlib.closing(printer):
        for key in (1, 2, 1, 3, 1, 2):
            ask(key)

    assert asked == [1, 2, 3, 2]


def test_closing_ends_the_processes_and_nothing_is_printed_any_more(printer: Printer) -> None:
    printer.render_pdf(document())
    [process] = children_of(os.getpid())
    printer.close()

    wait_until_gone(process)
    with pytest.raises(NotPrinted):
        printer.render_pdf(document())


def test_a_printer_that_nobody_holds_ends_its_processes() -> None:
    printer = Printer()
    printer.render_pdf(document())
    [process] = children_of(os.getpid())
    del printer

    wait_until_gone(process)


SERVER = """
import sys, time
from faktura.outputs.printer import Printer
from faktura.outputs.tests.documents import document
printer = Printer()
printer.render_pdf(document())
print("printed", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_of_a_server_that_was_ended(number: signal.Signals) -> None:
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(  # noqa: S603 (Python itself)
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"printed\n"
        [process] = children_of(server.pid)
        server.send_signal(number)

    wait_until_gone(process)


def test_what_ends_the_server_lets_a_process_finish(printer: Printer) -> None:
    printer.render_pdf(document())
    [process] = children_of(os.getpid())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(process, number)

    printer.render_pdf(document())
    assert children_of(os.getpid()) == [process]


def test_passwords_of_the_server_are_not_handed_on(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKTURA_SMTP_URL", "smtp://user:secret@host")
    printer.render_pdf(document())
    [process] = children_of(os.getpid())

    assert b"secret" not in Path(f"/proc/{process}/environ").read_bytes()
