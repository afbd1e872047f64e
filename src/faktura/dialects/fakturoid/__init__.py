"""Fakturoid API v3."""

from faktura.dialects import Dialect
from faktura.dialects.fakturoid.door.application import NAME, application
from faktura.dialects.fakturoid.door.openapi import openapi
from faktura.dialects.fakturoid.door.secrets import gave_out, secret_of
from faktura.dialects.fakturoid.sandbox import curl, sandbox
from faktura.dialects.fakturoid.webhooks.tell import TELLER

DIALECT = Dialect(
    name=NAME,
    title=TELLER.title,
    mounts=(TELLER.path,),
    hosts={"app.fakturoid.cz": ("/api/v3",)},
    rate_limits={"all": 200},
    application=application,
    openapi=openapi,
    secret_of=secret_of,
    gave_out=gave_out,
    sandbox=sandbox,
    curl=curl,
    tell=TELLER,
)
