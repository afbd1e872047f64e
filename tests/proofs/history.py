"""What a run of the proofs is made with: its length, and the seed that every chance in it comes from."""

import os
import secrets

LONG = os.environ.get("FAKTURA_PROVE") == "1"

SEED = int(os.environ.get("FAKTURA_SEED") or secrets.randbelow(10**9))
# Processes that pytest divides the proofs among get the same one.
os.environ["FAKTURA_SEED"] = str(SEED)


def length(short: int, long: int) -> int:
    """How much of something a proof does: `short` in `make test`, `long` in `make prove`."""
    return long if LONG else short
