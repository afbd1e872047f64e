"""Printing in processes of their own: they start when needed, are replaced, do not hang on, and end with the server."""

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faktura.outputs.printing.pdf import compose
from faktura.outputs.printing.press import NotPrinted, TookTooLong
from faktura.outputs.printing.printed import PrintedDocument
from faktura.outputs.printing.printer import Printer, TooMuch
from faktura.outputs.reading.facts import Code
from faktura.outputs.tests.documents import document, line
from tests.running import printing_below

PATIENCE = 60

KEYS = itertools.count()


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


def printed(printer: Printer, content: PrintedDocument, account_id: int = 1) -> bytes:
    return printer.submit(account_id, next(KEYS), lambda: content).result(PATIENCE)


def children_of(process: int) -> list[int]:
    """Processes that print and that this one started for the test at hand."""
    return [child for child in printing_below({process}) if child not in STRANGERS]


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
    assert printed(printer, document()) == compose(document())
    [process] = children_of(os.getpid())
    assert printed(printer, document(number="2")) == compose(document(number="2"))
    assert children_of(os.getpid()) == [process]


def test_a_printing_process_loads_nothing_that_keeps_books_and_no_font_that_is_not_looked_into() -> None:
    loaded = "import sys, faktura.outputs.printing.printing_process; print(*sys.modules)"

    modules = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-I", "-c", loaded], check=True, capture_output=True, text=True
    ).stdout.split()

    assert "faktura.outputs.printing.pdf" in modules
    assert not {"sqlalchemy", "fontTools", "segno", "faktura.store"}.intersection(modules)


def test_a_killed_process_is_replaced(printer: Printer) -> None:
    printed(printer, document())
    [killed] = children_of(os.getpid())
    os.kill(killed, signal.SIGKILL)

    assert printed(printer, document()) == compose(document())
    [replaced] = children_of(os.getpid())
    assert replaced != killed


def test_a_process_that_nobody_needs_ends_and_another_starts_when_there_is_something_to_print() -> None:
    with contextlib.closing(Printer(idle=0.05)) as printer:
        printed(printer, document())
        deadline = time.monotonic() + PATIENCE
        while children_of(os.getpid()):
            assert time.monotonic() < deadline
            time.sleep(0.01)

        assert printed(printer, document()) == compose(document())


def test_a_document_that_takes_too_long_is_given_up_and_the_next_one_is_printed() -> None:
    endless = document(lines=tuple(line() for _ in range(20_000)))
    printer = Printer(processes=1, seconds=1)
    with contextlib.closing(printer):
        with pytest.raises(TookTooLong):
            printed(printer, endless)
        assert printed(printer, document()) == compose(document())


def test_a_document_that_cannot_be_printed_is_refused_and_the_process_prints_on(printer: Printer) -> None:
    printed(printer, document())
    before = children_of(os.getpid())
    with pytest.raises(NotPrinted):
        printed(printer, document(codes=(Code("x" * 10_000),)))
    printed(printer, document())

    assert children_of(os.getpid()) == before


def test_many_threads_share_few_processes(printer: Printer) -> None:
    made: dict[int, bytes] = {}

    def make(number: int) -> None:
        made[number] = printed(printer, document(number=str(number)), account_id=number)

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

    first, again = (printer.submit(1, ("a", 1), make).result(PATIENCE) for _ in range(2))
    assert first == again
    assert len(asked) == 1
    printer.submit(1, ("a", 2), make).result(PATIENCE)
    assert len(asked) == 2
    printer.forget()
    printer.submit(1, ("a", 1), make).result(PATIENCE)
    assert len(asked) == 3


def test_files_that_nobody_asked_for_lately_make_room_for_others() -> None:
    size = len(compose(document()))
    printer = Printer(most_bytes=int(2.5 * size))
    asked: list[int] = []

    def ask(key: int) -> None:
        def make() -> PrintedDocument:
            asked.append(key)
            return document()

        printer.submit(1, key, make).result(PATIENCE)

    with contextlib.closing(printer):
        for key in (1, 2, 1, 3, 1, 2):
            ask(key)

    assert asked == [1, 2, 3, 2]


def test_closing_ends_the_processes_and_nothing_is_printed_any_more(printer: Printer) -> None:
    printed(printer, document())
    [process] = children_of(os.getpid())
    printer.close()

    wait_until_gone(process)
    with pytest.raises(NotPrinted):
        printed(printer, document())


def test_a_printer_that_nobody_holds_ends_its_processes() -> None:
    printer = Printer()
    printed(printer, document())
    [process] = children_of(os.getpid())
    del printer

    wait_until_gone(process)


SERVER = """
import sys, time
from faktura.outputs.printing.printer import Printer, TooMuch
from faktura.outputs.tests.documents import document
printer = Printer()
printer.submit(1, "key", document).result()
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
    printed(printer, document())
    [process] = children_of(os.getpid())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(process, number)

    printed(printer, document())
    assert children_of(os.getpid()) == [process]


def test_passwords_of_the_server_are_not_handed_on(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKTURA_SMTP_URL", "smtp://user:secret@host")
    printed(printer, document())
    [process] = children_of(os.getpid())

    assert b"secret" not in Path(f"/proc/{process}/environ").read_bytes()


class Slow:
    """Documents that are made when the test says so; `begun` has the names of those whose turn came."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.may_go_on = threading.Event()

    def wait_until_begun(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self.begun:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def make(self, name: str) -> Callable[[], PrintedDocument]:
        def make() -> PrintedDocument:
            self.begun.append(name)
            assert self.may_go_on.wait(PATIENCE)
            return document()

        return make


def test_accounts_take_turns() -> None:
    slow = Slow()
    with contextlib.closing(Printer(processes=1)) as printer:
        printer.submit(9, "9", slow.make("9"))
        slow.wait_until_begun()
        names = ["1a", "1b", "1c", "1d", "2a", "3a", "3b"]
        files = [printer.submit(int(name[0]), name, slow.make(name)) for name in names]
        slow.may_go_on.set()
        for file in files:
            file.result(PATIENCE)

    assert slow.begun == ["9", "1a", "2a", "3a", "1b", "3b", "1c", "1d"]


def test_one_account_has_one_document_printed_at_a_time_and_leaves_room_for_others(printer: Printer) -> None:
    slow = Slow()
    files = [printer.submit(1, name, slow.make(name)) for name in ("1a", "1b")]

    assert printed(printer, document(), account_id=2) == compose(document())
    assert slow.begun == ["1a"]
    slow.may_go_on.set()
    assert [file.result(PATIENCE) for file in files] == [compose(document())] * 2


def test_what_is_asked_for_while_it_is_printed_is_printed_once(printer: Printer) -> None:
    slow = Slow()
    first, again = (printer.submit(1, "same", slow.make(name)) for name in ("first", "again"))
    slow.may_go_on.set()

    assert first.result(PATIENCE) == again.result(PATIENCE)
    assert slow.begun == ["first"]


def test_many_are_joined_in_their_order_while_others_stand_between_them() -> None:
    slow = Slow()
    with contextlib.closing(Printer(processes=1)) as printer:
        printer.submit(9, "9", slow.make("9"))
        slow.wait_until_begun()
        asked = [(name, slow.make(name)) for name in ("a", "b", "c")]
        whole = printer.submit_many(1, "whole", asked, lambda files: b"+".join(f[:5] for f in files))
        other = printer.submit(2, "other", slow.make("other"))
        slow.may_go_on.set()

        assert whole.result(PATIENCE) == b"%PDF-+%PDF-+%PDF-"
        assert other.result(PATIENCE) == compose(document())
        assert printer.submit_many(1, "whole", [], lambda _: b"").result(0) == b"%PDF-+%PDF-+%PDF-"
    assert slow.begun == ["9", "a", "other", "b", "c"]


def test_of_many_of_which_one_cannot_be_printed_there_is_no_file(printer: Printer) -> None:
    asked = [("good", document), ("bad", lambda: document(codes=(Code("x" * 10_000),)))]
    with pytest.raises(NotPrinted):
        printer.submit_many(1, "whole", asked, b"".join).result(PATIENCE)


def test_a_document_may_take_long_where_the_machine_is_busy_with_others() -> None:
    """Processor time is what counts: here the process has none for longer than it may use."""
    long = document(lines=tuple(line() for _ in range(500)))
    with contextlib.closing(Printer(processes=1, seconds=2)) as printer:
        printed(printer, document())
        [process] = children_of(os.getpid())
        began = ticks_of(process)
        file = printer.submit(1, "long", lambda: long)
        while ticks_of(process) < began + 5:
            time.sleep(0.005)
        os.kill(process, signal.SIGSTOP)
        time.sleep(3)
        assert not file.done()
        os.kill(process, signal.SIGCONT)

        assert file.result(PATIENCE) == compose(long)


def ticks_of(process: int) -> int:
    """Processor time, in hundredths of a second."""
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(told[11]) + int(told[12])


def test_an_account_that_had_its_share_of_an_hour_printed_waits_and_others_do_not() -> None:
    with contextlib.closing(Printer(hourly=0.001)) as printer:
        kept = printer.submit(1, "first", document).result(PATIENCE)
        with pytest.raises(TooMuch):
            printed(printer, document())

        assert printed(printer, document(), account_id=2) == kept
        assert printer.submit(1, "first", document).result(PATIENCE) == kept


def test_an_account_may_have_a_share_of_its_own() -> None:
    with contextlib.closing(Printer(hourly=0.001)) as printer:
        printer.submit(1, "first", document).result(PATIENCE)
        printer.submit(1, "second", document, 600).result(PATIENCE)
        with pytest.raises(TooMuch):
            printer.submit(1, "third", document, 0.001).result(PATIENCE)


def test_what_waits_when_the_printer_is_closed_is_not_printed(printer: Printer) -> None:
    slow = Slow()
    files = [printer.submit(account_id, account_id, slow.make("")) for account_id in range(5)]
    printer.close()
    slow.may_go_on.set()

    for file in files:
        with pytest.raises(NotPrinted):
            file.result(PATIENCE)


@pytest.mark.parametrize("name", ["typst", "msgspec", "struct", "faktura"])
def test_nothing_of_the_folder_that_the_server_was_started_in_is_executed(
    printer: Printer, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'executed')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    assert printed(printer, document()) == compose(document())
    assert not (tmp_path / "executed").exists()
