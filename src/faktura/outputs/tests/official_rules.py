"""The official rules of EN 16931, asked in a process of their own: what runs them may end the process that it is in."""

import contextlib
import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from lxml import etree

Syntax = Literal["UBL", "CII"]

PATIENCE = 60
"""Seconds, of which a busy machine needs some to read the rules."""

_FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"


class OfficialRules:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def failed(self, syntax: Syntax, content: bytes) -> list[str]:
        """The rules that the file breaks, each with what it says."""
        self._connection.send((syntax, content))
        assert self._connection.poll(PATIENCE), "the rules do not answer"
        report = etree.fromstring(self._connection.recv())
        return [f"{found.get('id')}: {''.join(found.itertext()).strip()}" for found in report.iter(_FAILED)]


@contextlib.contextmanager
def official_rules(folder: Path) -> Iterator[OfficialRules]:
    """The rules that lie in the folder."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, folder), daemon=True)
    process.start()
    theirs.close()
    try:
        yield OfficialRules(ours)
    finally:
        ours.close()
        process.join(PATIENCE)
        assert process.exitcode == 0


def _serve(connection: Connection, folder: Path) -> None:
    """One processor for all: more than one, in several threads, end the process."""
    from saxonche import PySaxonProcessor  # noqa: PLC0415 (only here)

    with PySaxonProcessor(license=False) as processor:
        compiler = processor.new_xslt30_processor()
        files = {syntax: folder / f"EN16931-{syntax}-validation.xslt" for syntax in ("UBL", "CII")}
        rules = {syntax: compiler.compile_stylesheet(stylesheet_file=str(file)) for syntax, file in files.items()}
        while True:
            try:
                syntax, content = connection.recv()
            except EOFError:
                return
            document = processor.parse_xml(xml_text=content.decode())
            connection.send(rules[syntax].transform_to_string(xdm_node=document).encode())
