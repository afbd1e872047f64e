"""Where KSeF is: each of its environments, or a double of it."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Environment = Literal["production", "demo", "test"]


class Addresses(NamedTuple):
    """Of the API (without its version), of the pages behind the codes on prints, and of what says when KSeF is down."""

    api_url: str
    qr_url: str
    status_url: str


MINISTRYS: Mapping[Environment, Addresses] = {
    "production": Addresses(
        "https://api.ksef.mf.gov.pl", "https://qr.ksef.mf.gov.pl", "https://api-latarnia.ksef.mf.gov.pl"
    ),
    "demo": Addresses(
        "https://api-demo.ksef.mf.gov.pl", "https://qr-demo.ksef.mf.gov.pl", "https://api-latarnia-test.ksef.mf.gov.pl"
    ),
    "test": Addresses(
        "https://api-test.ksef.mf.gov.pl", "https://qr-test.ksef.mf.gov.pl", "https://api-latarnia-test.ksef.mf.gov.pl"
    ),
}


def addresses_of(environment: Environment, double: str = "") -> Addresses:
    """Those of the ministry, or where all of them are found below the address of a double."""
    if double:
        return Addresses(double, f"{double}/qr", f"{double}/latarnia")
    return MINISTRYS[environment]
