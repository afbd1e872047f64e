"""Every example of docs/sandbox, run as it stands there, each page against a sandbox of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import needs
from tests.running import PROGRAM, environment, running

pytestmark = [needs.FAKTUROID, needs.INFAKT]

PAGES = sorted((Path(__file__).parent.parent / "docs" / "sandbox").glob("*.md"))
END = "\x1e"
"""Stands behind what a command printed, with the status that it ended with."""


class Example(NamedTuple):
    """A command of a shell, and what it prints, where that is shown."""

    command: str
    shown: str


def examples(page: str) -> Iterator[Example]:
    """Lines of ```console after `$ ` (`> ` goes on), with what is shown below them, and files of ```python."""
    for number, (language, block) in enumerate(
        re.findall(r"^```(console|python)\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    ):
        if language == "python":
            runs = "-m pytest -q -p no:cacheprovider" if re.search(r"^(async )?def test_", block, re.MULTILINE) else ""
            file = f"test_example_{number}.py"
            yield Example(f"cat > {file} << 'END OF FILE'\n{block}END OF FILE\npython {runs} {file}", "")
        else:
            for prompt in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command = re.match(r".*\n(?:> .*\n)*", prompt)
                assert command
                yield Example(command[0].replace("\n> ", "\n").rstrip(), prompt.removeprefix(command[0]))


def variables() -> str:
    """What the first page has a shell read from sandbox.json."""
    [block] = re.findall(r"```sh\n(of\(\).*?)```", PAGES[0].read_text(), re.DOTALL)
    return f"set -a\n{block}set +a\n"


def fits(shown: str, printed: str) -> bool:
    """Whether it is what was shown, in which `…` stands for anything; space between words counts nothing."""
    pattern = ".*".join(re.escape(re.sub(r"\s", "", part)) for part in shown.split("…"))
    return re.fullmatch(pattern, re.sub(r"\s", "", printed)) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_example_of_a_page_does_what_it_shows(page: Path, tmp_path: Path) -> None:
    shown = [*examples(page.read_text())]
    script = variables() + "".join(f"{one.command}\nprintf '{END}%s{END}' $?\n" for one in shown)
    path = os.pathsep.join([str(PROGRAM.parent), str(Path(sys.executable).parent), os.environ["PATH"]])
    with running(tmp_path, "sandbox", "--data", str(tmp_path / "sandbox")):
        done = subprocess.run(
            ["bash", "-uo", "pipefail"],  # noqa: S607 (the shell of the pages)
            input=script,
            cwd=tmp_path,
            env={**environment(), "PATH": path, "PYTHONWARNINGS": ""},
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    parts = done.stdout.split(END)
    results = [*zip(parts[0::2], parts[1::2], strict=False)]
    failed = [
        f"$ {one.command}\n{printed}\n({status}, shown was: {one.shown})"
        for one, (printed, status) in zip(shown, results, strict=False)
        if status != "0" or (one.shown and not fits(one.shown, printed))
    ]
    assert shown
    assert "\n".join(failed) == "", done.stderr
    assert len(results) == len(shown), done.stderr


def test_an_answer_fits_what_is_shown_only_where_the_rest_is_equal() -> None:
    assert fits('{"a": 1, …}\n', '{"a":1,"b":[2]}')
    assert fits("204", "204")
    assert not fits('{"a": 1}', '{"a":1,"b":2}')
    assert not fits('{"a": 2, …}', '{"a":1,"b":2}')
