"""What the sandbox tells of this dialect: credentials of the Czech example firm."""

from collections.abc import Mapping
from typing import Any

from faktura.core.people.applications import register_application
from faktura.dialects import Example

REDIRECT_URI = "http://127.0.0.1:3000/callback"


def sandbox(examples: Mapping[str, Example], known: Mapping[str, Any]) -> dict[str, Any]:
    """The dialect's part of sandbox.json; credentials that are `known` from an earlier start are kept."""
    example = examples["CZ"]
    integration = known.get("integration", {})
    _, client_id, secret = register_application(
        example.office, example.owner, "Sandbox", "personal", known=_credentials(known)
    )
    _, integration_id, integration_secret = register_application(
        example.office,
        example.owner,
        "Sandbox integration",
        "integration",
        (REDIRECT_URI,),
        known=_credentials(integration),
    )
    return {
        "client_id": client_id,
        "client_secret": secret,
        "slug": example.account.slug,
        "foreign_slug": example.foreign_account.slug,
        "integration": {
            "client_id": integration_id,
            "client_secret": integration_secret,
            "redirect_uri": REDIRECT_URI,
        },
    }


def curl(part: Mapping[str, Any]) -> str:
    """An access token for the owner of the example firm."""
    credentials = f"{part['client_id']}:{part['client_secret']}"
    return f"-A 'Me (me@example.com)' -u {credentials} -d grant_type=client_credentials {part['base_url']}/oauth/token"


def _credentials(known: Mapping[str, Any]) -> tuple[str, str] | None:
    return (known["client_id"], known["client_secret"]) if "client_id" in known else None
