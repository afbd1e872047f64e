"""Records requests to one version of the program and compares what this tree answers to them: `make same`."""

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.recorded.comparing import Difference, differences, told
from tests.recorded.exchanges import Exchange
from tests.recorded.history import History
from tests.recorded.versions import HERE, HOST, Version, sandbox_of, unpacked
from tests.running import free_port


def main(options: list[str]) -> int:
    asked = _read(options)
    port = asked.port or free_port()
    with tempfile.TemporaryDirectory(prefix="faktura-") as name:
        folder = Path(name)
        before = unpacked(asked.against, folder)
        _say(f"{asked.requests:,} requests to {asked.against}, seed {asked.seed}")
        recorded, done = record(before, folder / "before", port, asked.seed, asked.requests)
        _say(_counted(recorded, done))
        found = compare(recorded, HERE, folder / "after", port, asked.seed)
    for one in found[: asked.show]:
        _say(told(one, f"http://{HOST}:{port}") + "\n")
    _say(f"{len(recorded):,} requests, {len(found):,} answered otherwise by this tree than by {asked.against}")
    return 1 if found else 0


def record(version: Version, folder: Path, port: int, seed: str, requests: int) -> tuple[list[Exchange], set[str]]:
    """What was asked and answered, and the operations that were done."""
    with sandbox_of(version, folder, port, seed) as standing:
        history = History(standing, random.Random(seed))
        return history.live(requests), history.done


def compare(recorded: list[Exchange], version: Version, folder: Path, port: int, seed: str) -> list[Difference]:
    with sandbox_of(version, folder, port, seed) as standing:
        return [*differences(recorded, standing.lines)]


def _counted(recorded: list[Exchange], done: set[str]) -> str:
    statuses = Counter(one.got.status for one in recorded)
    methods = Counter(one.sent.method for one in recorded)
    return f"{len(done)} operations done; {dict(sorted(statuses.items()))}; {dict(methods.most_common())}"


def _read(options: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make same", description=__doc__)
    parser.add_argument("--against", required=True, help="the commit that is asked first")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--show", type=int, default=20, help="so many differences are shown")
    parser.add_argument("--port", type=int, default=0)
    return parser.parse_args(options)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
