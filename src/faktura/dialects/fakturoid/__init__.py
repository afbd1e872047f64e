"""Fakturoid API v3."""

from faktura.dialects import Dialect
from faktura.dialects.fakturoid.application import NAME, application

DIALECT = Dialect(
    name=NAME,
    title="Fakturoid API v3",
    mounts=("/fakturoid/api/v3",),
    hosts={"app.fakturoid.cz": ("/api/v3",)},
    rate_limits={"all": 200},
    application=application,
    openapi=lambda _address: {},
)
