"""How each service lets a program in, and what is written there where that is allowed."""

import base64
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from faktura.fidelity.parity.sides import Side, Unreached


class Service(NamedTuple):
    """By which host its contract is found, what is asked for at the terminal, and a record to write and remove."""

    real_url: str
    asks: tuple[str, ...]
    sign_in: Callable[[Side, Mapping[str, str]], dict[str, str]]
    records: str
    record: Mapping[str, Any]
    change: Mapping[str, Any]
    change_method: str


def with_client(side: Side, secrets: Mapping[str, str]) -> dict[str, str]:
    """By client credentials.

    Raises:
        Unreached: it gives no token for them.

    """
    pair = base64.b64encode(f"{secrets['client_id']}:{secrets['client_secret']}".encode()).decode()
    grant = {"grant_type": "client_credentials"}
    reply = side.ask("POST", "/oauth/token", grant, {"Authorization": f"Basic {pair}"})
    if not isinstance(reply.body, dict) or not isinstance(reply.body.get("access_token"), str):
        message = f"The {side.name} gives no token for these credentials: it answers {reply.status}."
        raise Unreached(message)
    return {"Authorization": f"Bearer {reply.body['access_token']}"}


def with_key(side: Side, secrets: Mapping[str, str]) -> dict[str, str]:  # noqa: ARG001 (nothing is asked)
    return {"X-inFakt-ApiKey": secrets["api_key"]}


NAME = "faktura parity"
"""Of what is written, so that whoever finds it knows where it comes from."""

SERVICES: Mapping[str, Service] = {
    "fakturoid": Service(
        "https://app.fakturoid.cz/api/v3",
        ("client_id", "client_secret"),
        with_client,
        "/accounts/{slug}/subjects",
        {"name": NAME},
        {"note": NAME},
        "PATCH",
    ),
    "infakt": Service(
        "https://api.infakt.pl/api/v3",
        ("api_key",),
        with_key,
        "/clients",
        {"client": {"company_name": NAME}},
        {"client": {"city": NAME}},
        "PUT",
    ),
}
