"""A process that knows the official rules: reads files until there are none, and answers with what they break.

It has one processor, since several in one process end it, and compiles the rules once.
"""

import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from lxml import etree

from faktura.outputs.e_invoices.official_rules import RulesOf, files_in
from faktura.outputs.printing.frames import Gone, Tag, receive, send
from faktura.xml import careful

Ask = Callable[[bytes], str]
"""What the rules report of a file, as SVRL."""

_FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"


def main(folder: Path, idle: float) -> None:
    """Answer until nobody asked for `idle` seconds; the first answer says that it has begun."""
    # A file of somebody's is not left in one of the kernel's.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library might write to the standard output is no answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    rules = _compiled(folder)
    try:
        send(answers, "seconds", f"{time.process_time():.3f}".encode())
        while select.select([sys.stdin], [], [], idle)[0]:
            _, question = receive(sys.stdin.buffer)
            send(answers, *_answer(rules, question))
    except Gone:
        return


def _compiled(folder: Path) -> Mapping[RulesOf, Ask]:
    from saxonche import PySaxonProcessor  # noqa: PLC0415 (whoever names this module's words need not have it)

    processor = PySaxonProcessor(license=False)
    compiler = processor.new_xslt30_processor()

    def ask(rules: Any) -> Ask:
        return lambda text: str(rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=text.decode())))

    return {of: ask(compiler.compile_stylesheet(stylesheet_file=str(file))) for of, file in files_in(folder).items()}


def _answer(rules: Mapping[RulesOf, Ask], question: bytes) -> tuple[Tag, bytes]:
    syntax, content = msgspec.msgpack.decode(question, type=tuple[RulesOf, bytes])
    try:
        report = rules[syntax](_plain(content))
    except Exception as problem:  # noqa: BLE001 (the next file may well be read)
        return "refused", f"{type(problem).__name__}: {problem}".encode()
    failed = etree.fromstring(report.encode(), careful()).iter(_FAILED)
    return "file", msgspec.msgpack.encode([_sentence(found) for found in failed])


def _plain(content: bytes) -> bytes:
    """The file without what would have the processor read anything else, in one encoding.

    Raises:
        ValueError: it has a document type, which may declare entities.

    """
    root = etree.fromstring(content, careful())
    if root.getroottree().docinfo.doctype:
        raise ValueError("it has a document type")
    plain: bytes = etree.tostring(root, encoding="utf-8")
    return plain


def _sentence(failed: Any) -> str:
    """The name of the rule, once, and what it says."""
    rule, words = failed.get("id", ""), " ".join("".join(failed.itertext()).split())
    return f"{rule}: {words.removeprefix(f'[{rule}]').lstrip('- ')}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
