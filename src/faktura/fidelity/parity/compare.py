"""One comparison: both sides are signed in to, walked, and left as they were."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from faktura.dialects import installed
from faktura.fidelity.manifest import Contract
from faktura.fidelity.parity.report import Parity, parity
from faktura.fidelity.parity.services import SERVICES
from faktura.fidelity.parity.sides import Side, Unreached
from faktura.fidelity.parity.walk import Pair, Walk


class Wanted(NamedTuple):
    """Which account is compared, and how."""

    dialect: str
    slug: str
    real_url: str
    seed: int
    pause: float
    write: bool


def compare(wanted: Wanted, secrets: Mapping[str, str], told: Mapping[str, Any]) -> Parity:
    """Walk both; `secrets` are those of the real account, `told` is what sandbox.json says of the double.

    Raises:
        Unreached: one of both does not answer, or lets nobody in.

    """
    dialect = next((one for one in installed() if one.name == wanted.dialect), None)
    if dialect is None or wanted.dialect not in told:
        message = f"This installation does not speak {wanted.dialect}."
        raise Unreached(message)
    service, part = SERVICES[wanted.dialect], told[wanted.dialect]
    double = Side("double", part["base_url"], ca_file=told.get("ca_file"))
    real = Side("real account", wanted.real_url, wanted.pause)
    double.headers, real.headers = service.sign_in(double, part), service.sign_in(real, secrets)
    walk = Walk(Contract(dialect), Pair(double, real, (part.get("slug", ""), wanted.slug)), wanted.seed)
    compared = [*walk.reading(), *(walk.writing(service) if wanted.write else ())]
    return parity(dialect.title, urlsplit(wanted.real_url).hostname or "", wanted.seed, compared, wrote=wanted.write)
