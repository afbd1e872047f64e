"""The README's own commands, run as they stand there."""

import json
import re
import resource
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import typer.main

from faktura.commands import cli
from faktura.outputs.tests.documents import codes_on, text_of
from faktura.settings import table
from tests import needs
from tests.running import NOTHING, PROGRAM, environment, free_port, running
from tests.sandboxes import Sandbox

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
PRINTED_ADDRESS = "http://127.0.0.1:8000"


def block_with(text: str) -> str:
    blocks: list[str] = [block for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if text in block]
    assert len(blocks) == 1
    return blocks[0]


@pytest.fixture
def folder(sandbox: Sandbox, tmp_path: Path) -> Path:
    """The data of a running sandbox is where the README has it."""
    (tmp_path / "sandbox").symlink_to(sandbox.data)
    return tmp_path


def run_in_shell(commands: str, folder: Path, *, typed: str = "", settings: Mapping[str, str] = NOTHING) -> list[str]:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],  # noqa: S607 (the shell of the README)
        cwd=folder,
        env={**environment(), **settings},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.replace("}{", "}\n{").replace("][", "]\n[").splitlines() if line]


@needs.FAKTUROID
def test_the_five_lines_work_when_pasted(folder: Path) -> None:
    lines = block_with("/user.json").splitlines()
    asked = [f"{line}; echo" if line.startswith("curl") else line for line in lines]

    answers = [json.loads(line) for line in run_in_shell("\n".join(asked), folder)]

    me, second_page, found, created = answers
    assert me["default_account"] == "applecorp"
    assert second_page
    assert all("praha" in json.dumps(subject, ensure_ascii=False).lower() for subject in found)
    assert created["name"] == "Žlutý kůň s.r.o."


@needs.FAKTUROID
def test_the_invoice_of_the_readme_is_issued_paid_and_printed_when_pasted(folder: Path) -> None:
    signing_in = "\n".join(line for line in block_with("/user.json").splitlines() if not line.startswith("curl"))

    (payment,) = run_in_shell(f"{signing_in}\n{block_with('faktura.pdf')}", folder)

    assert json.loads(payment)["amount"] == "280.0"
    assert (folder / "faktura.pdf").read_bytes().startswith(b"%PDF-")


@needs.FAKTUROID
def test_the_line_for_the_control_address_works_when_pasted(sandbox: Sandbox, tmp_path: Path) -> None:
    command = block_with("contact_limit").replace(PRINTED_ADDRESS, sandbox.server.url)
    assert sandbox.server.url in command

    (answer,) = run_in_shell(command, tmp_path)

    state = json.loads(answer)
    assert state["read_only"] is True
    assert state["rate_limits"]["fakturoid"] == {"all": 3}
    assert state["accounts"]["applecorp"]["contact_limit"] == 5


def test_the_lines_for_the_box_of_letters_work_when_pasted(sandbox: Sandbox, tmp_path: Path) -> None:
    commands = block_with("fail_next_mail").replace(PRINTED_ADDRESS, sandbox.server.url)

    state, box = map(json.loads, run_in_shell(commands, tmp_path))

    assert state["fail_next_mail"].startswith("550 ")
    assert box["mails"] == []


@pytest.fixture
def fresh_clone(tmp_path: Path) -> Path:
    """A folder in which `make setup` is done."""
    (tmp_path / ".venv").symlink_to(PROGRAM.parent.parent)
    (tmp_path / "Makefile").write_text("setup:\n")
    return tmp_path


@needs.FAKTUROID
@needs.INFAKT
def test_every_command_for_real_works_as_pasted(fresh_clone: Path) -> None:
    """With the keys that they print both doors are open, and with the password the pages.

    From nothing to a printed invoice and a copy of the books it took 47 s while five others had the two processors too.
    """
    commands = block_with("faktura serve\n").replace("faktura serve\n", "")
    printed = run_in_shell(commands, fresh_clone, typed="dlouhé heslo pro Jana\n")
    told = dict(line.split("=") for line in printed if line.startswith("client_"))
    keys = {"CLIENT_ID": told["client_id"], "CLIENT_SECRET": told["client_secret"], "API_KEY": printed[-1]}

    settings = {"FAKTURA_DATABASE_URL": f"sqlite:///{fresh_clone / 'faktura.sqlite'}"}
    with running(fresh_clone, "serve", settings=settings, by_itself=True) as server:
        asked = block_with("X-inFakt-ApiKey").replace(PRINTED_ADDRESS, server.url).replace("\ncurl", "; echo\ncurl")
        token, clients = (json.loads(line) for line in run_in_shell(asked, fresh_clone, settings=keys))
        assert token["token_type"] == "Bearer"
        assert clients["entities"] == []
        issuing = block_with("prvni.json").replace(PRINTED_ADDRESS, server.url)
        run_in_shell(issuing, fresh_clone, settings=keys)
        run_in_shell(f'PATH="$PWD/.venv/bin:$PATH"\n{block_with("db backup")}', fresh_clone)
    assert list(fresh_clone.glob("faktura-20*.sqlite"))
    invoice = json.loads((fresh_clone / "prvni.json").read_text())
    assert invoice["number"].startswith("FV20")
    assert invoice["number"].endswith("-0144")
    assert (invoice["iban"], invoice["total"]) == ("CZ6508000000192000145399", "280.0")
    pdf = (fresh_clone / "prvni.pdf").read_bytes()
    for said in ("12345679", "CZ12345679", "Dlouhá 1", "110 00 Praha", "19-2000145399/0800", "87654326", "280,00"):
        assert said in text_of(pdf), said
    [code] = codes_on(pdf)
    assert "ACC:CZ6508000000192000145399" in code
    assert "AM:280.00" in code


@needs.FAKTUROID
def test_from_a_fresh_clone_the_first_answer_costs_less_than_a_minute(tmp_path: Path) -> None:
    """In seconds of the processor, which others on the machine do not lengthen much; libraries are installed already.

    Nothing of it is compiled or kept by an earlier run: the folder and the home are new.
    """
    clone, port = tmp_path / "clone", free_port()
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)  # noqa: S607 (the git of the README)
    (clone / ".venv").symlink_to(PROGRAM.parent.parent)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    fresh = {"HOME": str(tmp_path), "PYTHONPATH": str(clone / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    start = f'make --old-file=.venv/runtime.stamp run ARGS="--data ./sandbox --port {port}"'
    assert block_with("make run     #")
    lines = [
        line for line in block_with("/user.json").splitlines() if not line.startswith("curl") or "user.json" in line
    ]
    script = f"{start} >/dev/null & until curl -s -o /dev/null localhost:{port}/healthz; do sleep 0.1; done\n"
    [answer] = run_in_shell(
        "\n".join([script, *lines, "; echo", "kill %1; wait"]).replace("\n; ", "; "), clone, settings=fresh
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    assert json.loads(answer)["default_account"] == "applecorp"
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 60


def test_every_setting_is_documented() -> None:
    assert table() in README


def test_every_command_of_the_readme_exists() -> None:
    groups = "db|ksef|account|bank|series|reminders|user|session|application|consent|key|mail"
    lines = re.findall(rf"faktura ((?:{groups}) [\w-]+|serve|worker|sandbox|invite)", README)
    assert len(set(lines)) > 6
    for line in lines:
        command: Any = typer.main.get_command(cli.app)
        for word in line.split():
            assert word in command.commands, line
            command = command.commands[word]
