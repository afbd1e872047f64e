"""What the walk found, ready to be filed: as Markdown for people and as JSON for programs, without any value."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from faktura import __version__
from faktura.fidelity.parity.walk import Compared


class Parity(msgspec.Struct, frozen=True):
    """A whole walk; `against` is the host of the real service."""

    dialect: str
    version: str
    against: str
    seed: int
    wrote: bool
    compared: list[Compared]

    @property
    def differing(self) -> list[Compared]:
        return [one for one in self.compared if one.differences]


def parity(dialect: str, against: str, seed: int, compared: Sequence[Compared], *, wrote: bool) -> Parity:
    return Parity(dialect, __version__, against, seed, wrote, list(compared))


def write_report(found: Parity, folder: Path, name: str) -> tuple[Path, Path]:
    """The two files.

    Raises:
        OSError: they cannot be written.

    """
    folder.mkdir(parents=True, exist_ok=True)
    text, data = folder / f"parity-{name}.md", folder / f"parity-{name}.json"
    text.write_text(in_words(found), encoding="utf-8")
    data.write_bytes(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    return text, data


def in_words(found: Parity) -> str:
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Parity) -> Iterator[str]:
    sent = [one for one in found.compared if not one.why_not]
    yield f"# {found.dialect}: the double beside a real account"
    yield ""
    yield f"faktura {found.version}, against {found.against}, seed {found.seed}, {_wrote(found)}."
    yield ""
    yield f"{len(sent)} requests compared, {len(found.differing)} differ."
    for title, chosen in (("Differences", found.differing), ("Not compared", [o for o in found.compared if o.why_not])):
        if chosen:
            yield from ("", f"## {title}", "")
        for one in chosen:
            yield f"* section {one.section}, `{one.method} {one.path}`, {one.step}"
            yield from (f"  * {difference}" for difference in one.differences or [one.why_not])


def _wrote(found: Parity) -> str:
    return "a record was written and removed" if found.wrote else "nothing was written"
