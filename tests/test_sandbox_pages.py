"""Every example of docs/sandbox, and of KSeF, run as it stands there, each page against a sandbox of its own."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import needs
from tests.running import PROGRAM, environment, running

pytestmark = [needs.FAKTUROID, needs.INFAKT]

README = Path(__file__).parent.parent / "docs" / "sandbox" / "README.md"
PAGES = [*sorted(README.parent.glob("*.md")), README.parent.parent / "ksef.md"]
END = "\x1e"
"""Stands behind what a command printed, with the status that it ended with."""


class Example(NamedTuple):
    """A command of a shell, and what it prints, where that is shown."""

    command: str
    shown: str


def examples(page: str) -> Iterator[Example]:
    """Lines of ```console after `$ ` (`> ` goes on), with what is shown below, and files of ```python and ```js."""
    for number, (language, block) in enumerate(
        re.findall(r"^```(console|python|js)\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    ):
        if language == "python":
            runs = (
                "python -m pytest -q -p no:cacheprovider" if re.search(r"^def test_", block, re.MULTILINE) else "python"
            )
            yield _file(f"test_example_{number}.py", block, runs)
        elif language == "js":
            yield _file(f"example_{number}.mjs", block, "node" if shutil.which("node") else ":")
        else:
            for prompt in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command = re.match(r".*\n(?:> .*\n)*", prompt)
                assert command
                yield Example(command[0].replace("\n> ", "\n").rstrip(), prompt.removeprefix(command[0]))


def _file(name: str, text: str, runs: str) -> Example:
    return Example(f"cat > {name} << 'END OF FILE'\n{text}END OF FILE\n{runs} {name}", "")


def variables(page: str) -> str:
    """What the page exports, and what the first one has a shell read from sandbox.json."""
    [block] = re.findall(r"```sh\n(of\(\).*?)```", README.read_text(), re.DOTALL)
    exported = re.findall(r"```sh\n(export .*?)```", page, re.DOTALL)
    return "\n".join(["set -a", *exported, block, "set +a\n"])


def options(page: str) -> list[str]:
    """Those with which the page starts its sandbox."""
    [*lines] = re.findall(r'^make run ARGS="--data ./sandbox(.*)"', page, re.MULTILINE)
    return lines[0].split() if lines else []


def fits(shown: str, printed: str) -> bool:
    """Whether it is what was shown, in which `…` stands for anything; space between words counts nothing."""
    pattern = ".*".join(re.escape(re.sub(r"\s", "", part)) for part in shown.split("…"))
    return re.fullmatch(pattern, re.sub(r"\s", "", printed)) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_example_of_a_page_does_what_it_shows(page: Path, tmp_path: Path) -> None:
    text = page.read_text()
    shown = [*examples(text)]
    script = variables(text) + "".join(f"{one.command}\nprintf '{END}%s{END}' $?\n" for one in shown)
    path = os.pathsep.join([str(PROGRAM.parent), str(Path(sys.executable).parent), os.environ["PATH"]])
    with running(tmp_path, "sandbox", "--data", str(tmp_path / "sandbox"), *options(text)):
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
    if failed or len(results) < len(shown):
        pytest.fail("\n".join([*failed, done.stderr]), pytrace=False)


def test_an_answer_fits_what_is_shown_only_where_the_rest_is_equal() -> None:
    assert fits('{"a": 1, …}\n', '{"a":1,"b":[2]}')
    assert fits("204", "204")
    assert not fits('{"a": 1}', '{"a":1,"b":2}')
    assert not fits('{"a": 2, …}', '{"a":1,"b":2}')
