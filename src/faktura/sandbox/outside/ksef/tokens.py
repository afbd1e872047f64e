"""Tokens of KSeF: given, listed, revoked; a token is told once only."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from faktura.sandbox.outside.ksef.calls import DONE, Answer, Refused, not_allowed, not_valid, spelled, told
from faktura.sandbox.outside.ksef.held import Token
from faktura.sandbox.outside.ksef.signing_in import digest_of_token
from faktura.sandbox.outside.ksef.system import Asked, System, page_of
from faktura.store.chance import SYSTEM

Right = Literal[
    "InvoiceRead",
    "InvoiceWrite",
    "CredentialsRead",
    "CredentialsManage",
    "SubunitManage",
    "EnforcementOperations",
    "Introspection",
    "CollectiveIdentifierManage",
]


class Generating(msgspec.Struct):
    permissions: Annotated[list[Right], Meta(min_length=1)]
    description: Annotated[str, Meta(min_length=5, max_length=256)]


def given(system: System, tax_no: str, rights: Sequence[str], description: str) -> tuple[str, str]:
    """Its reference and itself."""
    now = system.now()
    name = system.reference("EC", now)
    token = f"{name}|nip-{tax_no}|{SYSTEM.digits('ksef token', 32)}"
    made = Token(name, tax_no, digest_of_token(token), tuple(rights), description, now)
    system.held.add(system.held.tokens, name, made)
    return name, token


def generate(system: System, asked: Asked) -> Answer:
    if asked.who.method == "Token":
        detail = "Ta operacja nie jest dostępna dla użytej metody uwierzytelnienia."
        raise not_allowed("auth-method-not-allowed", detail, authenticationMethodCategory="Token")
    wanted = asked.call.read(Generating)
    if missing := [one for one in wanted.permissions if one not in asked.who.rights]:
        raise Refused(26001, "Nie można nadać tokenowi uprawnień których nie posiadasz.", *missing)
    name, token = given(system, asked.tax_no, wanted.permissions, wanted.description)
    return told({"referenceNumber": name, "token": token}, 202)


def list_tokens(system: System, asked: Asked) -> Answer:
    call = asked.call
    known = [one for one in system.held.tokens.values() if one.tax_no == asked.tax_no]
    if wanted := call.query.get("status"):
        known = [one for one in known if _status(one) in wanted]
    if text := call.first("description"):
        known = [one for one in known if text in one.description]
    rows, token = page_of(known[::-1], call, most=100)
    return told({"continuationToken": token, "tokens": [_shown(one) for one in rows]})


def show(system: System, asked: Asked) -> Answer:
    return told(_shown(_found(system, asked)))


def revoke(system: System, asked: Asked) -> Answer:
    _found(system, asked).revoked = True
    return DONE


def _found(system: System, asked: Asked) -> Token:
    found = system.held.tokens.get(asked.path[0])
    if found is None or found.tax_no != asked.tax_no:
        raise not_valid(f"Token o numerze referencyjnym {asked.path[0]} nie istnieje.")
    return found


def _status(one: Token) -> str:
    return "Revoked" if one.revoked else "Active"


def _shown(one: Token) -> dict[str, Any]:
    return {
        "referenceNumber": one.reference,
        "authorIdentifier": {"type": "Nip", "value": one.tax_no},
        "contextIdentifier": {"type": "Nip", "value": one.tax_no},
        "description": one.description,
        "requestedPermissions": one.rights,
        "dateCreated": spelled(one.created_at),
        "lastUseDate": one.used_at and spelled(one.used_at),
        "status": _status(one),
        "statusDetails": [],
    }
