"""What a firm may: how often it asks, how much it sends, by which rights; and the settings of a test environment."""

from typing import Annotated, Any, Literal
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec import Meta

from faktura.sandbox.outside.ksef.calls import SET, Answer, not_valid, spelled, told
from faktura.sandbox.outside.ksef.certificates import MOST_CERTIFICATES, MOST_ENROLMENTS
from faktura.sandbox.outside.ksef.limits import NOT_CHANGED, PUBLISHED, Limit
from faktura.sandbox.outside.ksef.standing import TaxNo
from faktura.sandbox.outside.ksef.system import Asked, System

SESSION = {"maxInvoiceSizeInMB": 1, "maxInvoiceWithAttachmentSizeInMB": 3, "maxInvoices": 10_000}

MOST_IN_COLLECTIVE = 5000

Times = Annotated[int, Meta(ge=0, le=1_000_000)]


class Wanted(msgspec.Struct, rename="camel"):
    per_second: Times
    per_minute: Times
    per_hour: Times


class RateLimits(msgspec.Struct, rename="camel"):
    rate_limits: dict[str, Wanted]


class Identified(msgspec.Struct):
    type: Literal["Nip", "Pesel", "Fingerprint"]
    value: str


class Firm(msgspec.Struct):
    type: Literal["Nip"]
    value: TaxNo


class Permission(msgspec.Struct, rename="camel"):
    permission_type: str
    description: str = ""


class Granting(msgspec.Struct, rename="camel"):
    context_identifier: Firm
    authorized_identifier: Identified
    permissions: list[Permission] = []


class Blocking(msgspec.Struct, rename="camel"):
    context_identifier: Firm


def rate_limits(system: System, asked: Asked) -> Answer:
    limits = system.held.calls.limits_of(asked.tax_no)
    return told({name: limit.shown() for name, limit in limits.items()})


def set_rate_limits(system: System, asked: Asked) -> Answer:
    wanted = asked.call.read(RateLimits).rate_limits
    if unknown := wanted.keys() - PUBLISHED.keys() | wanted.keys() & set(NOT_CHANGED):
        raise not_valid(f"Nieznane limity: {', '.join(sorted(unknown))}.")
    limits = {name: Limit(one.per_second, one.per_minute, one.per_hour) for name, one in wanted.items()}
    for opening in ("onlineSession", "batchSession"):
        if opening in limits:
            limits[f"{opening}Close"] = limits[opening]
    system.held.calls.own[asked.tax_no] = limits
    return SET


def usual_rate_limits(system: System, asked: Asked) -> Answer:
    system.held.calls.own.pop(asked.tax_no, None)
    return SET


def context_limits(_system: System, _asked: Asked) -> Answer:
    collective = {"maxInvoices": MOST_IN_COLLECTIVE}
    return told({"onlineSession": SESSION, "batchSession": SESSION, "collectiveIdentifier": collective})


def subject_limits(_system: System, _asked: Asked) -> Answer:
    shown = {"maxEnrollments": MOST_ENROLMENTS}, {"maxCertificates": MOST_CERTIFICATES}
    return told(dict(zip(("enrollment", "certificate"), shown, strict=True)))


def own_rights(system: System, asked: Asked) -> Answer:
    """Of who signed in; the owner's are named apart."""
    has = system.rights_of(asked.tax_no, asked.who.rights)
    rows = [
        {
            "id": str(uuid5(NAMESPACE_URL, f"{asked.tax_no} {one}")),
            "contextIdentifier": {"type": "Nip", "value": asked.tax_no},
            "permissionScope": one,
            "description": "Uprawnienie właścicielskie",
            "permissionState": "Active",
            "startDate": spelled(asked.who.started_at),
            "canDelegate": False,
        }
        for one in has
    ]
    return told({"permissions": rows, "ownerPermissions": list(has), "hasMore": False})


def grant(system: System, asked: Asked) -> Answer:
    wanted = asked.call.read(Granting)
    rights = tuple(one.permission_type for one in wanted.permissions)
    system.held.grants[wanted.context_identifier.value, wanted.authorized_identifier.value] = rights
    return SET


def take_back(system: System, asked: Asked) -> Answer:
    wanted = asked.call.read(Granting)
    system.held.grants.pop((wanted.context_identifier.value, wanted.authorized_identifier.value), None)
    return SET


def block(system: System, asked: Asked) -> Answer:
    system.held.blocked.add(asked.call.read(Blocking).context_identifier.value)
    return SET


def unblock(system: System, asked: Asked) -> Answer:
    system.held.blocked.discard(asked.call.read(Blocking).context_identifier.value)
    return SET


def taken_as_said(_system: System, asked: Asked) -> Answer:
    """Subjects and persons need not be made: every firm is there."""
    asked.call.read(dict[str, Any])
    return SET
