"""A running sandbox, asked at random what an API document allows and forbids."""

import contextlib
import json
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.proofs.history import LONG, SEED, length
from tests.running import NOTHING, Server, running

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"

EXAMPLES = length(1, 30)
"""At most, for each operation and each way of making them up."""

ONE_OF = length(12, 1)
"""Of so many operations one, which the seed chooses, is sent the edges of its schema too: some 160 requests each."""

PATIENCE = length(600, 1700)
"""Seconds; ten examples of a hundred operations take 70 where nothing else runs."""

# A valid request may break a rule that no schema can tell, such as that an id of the client's own is taken; and the
# contracts have numbers taken as strings and strings as numbers, which the documents do not advertise.
NOT_ASKED = ("positive_data_acceptance", "negative_data_rejection")


class Fuzzed(NamedTuple):
    """A sandbox that limits no rates, and what it told in sandbox.json."""

    server: Server
    told: dict[str, Any]


@contextlib.contextmanager
def unlimited_sandbox(folder: Path) -> Iterator[Fuzzed]:
    with running(folder, "sandbox", "--data", str(folder / "data")) as server:
        limits = server.ask("GET", "/sandbox").json["rate_limits"]
        off = {dialect: dict.fromkeys(kinds) for dialect, kinds in limits.items()}
        assert server.ask("PATCH", "/sandbox", {"rate_limits": off}).status == 200
        yield Fuzzed(server, json.loads((folder / "data" / "sandbox.json").read_bytes()))


def no_answer_lies_outside_the_document(
    server: Server,
    document: str,
    header: str,
    folder: Path,
    *,
    path_parameters: Mapping[str, str] = NOTHING,
    not_asked: tuple[str, ...] = (),
) -> None:
    """Fail where an answer is not as the document says, is a failure, or where an operation was not asked at all."""
    paths = server.ask("GET", document).json["paths"]
    operations = [f"{method.upper()} {path}" for path, item in paths.items() for method in item.keys() - {"parameters"}]
    (folder / "schemathesis.toml").write_text(configuration(sorted(operations), path_parameters))

    ran = subprocess.run(  # noqa: S603 (a program of this environment asks our own server)
        [
            *(SCHEMATHESIS, "--config-file", "schemathesis.toml", "run", f"{server.url}{document}"),
            *("--header", header, "--exclude-checks", ",".join(NOT_ASKED + not_asked)),
            *("--seed", str(SEED if LONG else 1), "--max-examples", str(EXAMPLES), "--no-color"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert ran.returncode == 0, f"FAKTURA_SEED={SEED}\n{ran.stdout}"
    assert f"Tested: {len(operations)}\n" in ran.stdout
    assert "Stateful" in ran.stdout
    assert "Traceback" not in server.log.read_text()


def configuration(operations: list[str], path_parameters: Mapping[str, str]) -> str:
    """Parameters that are known, and which operations are not sent the edges of their schemas.

    Of the failures only 501 is an answer, where the document has it: what is asked for is not built yet.
    """
    edges = random.Random(SEED).sample(operations, -(-len(operations) // ONE_OF))  # noqa: S311 (to be had again)
    parameters = {f"path.{name}": value for name, value in path_parameters.items()}
    others = [name for name in operations if name not in edges]
    lines = ["[checks]", 'not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "501"]']
    lines += ["[parameters]", *(f'"{name}" = "{value}"' for name, value in parameters.items())]
    if others:
        lines += ["[[operations]]", f"include-name = {json.dumps(others)}", "phases.coverage.enabled = false"]
    return "\n".join([*lines, ""])
