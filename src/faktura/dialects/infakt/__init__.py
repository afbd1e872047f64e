"""inFakt API v3."""

from faktura.dialects import Dialect
from faktura.dialects.infakt.door.application import application, do_task, why_not
from faktura.dialects.infakt.door.door import NAME
from faktura.dialects.infakt.door.openapi import openapi
from faktura.dialects.infakt.door.secrets import gave_out, secret_of
from faktura.dialects.infakt.sandbox import EVERYTHING, READING, curl, sandbox
from faktura.dialects.infakt.webhooks import TELLER

DIALECT = Dialect(
    name=NAME,
    title="inFakt API v3",
    mounts=("/infakt/v3", "/infakt/api/v3"),
    hosts=dict.fromkeys(("api.infakt.pl", "api.sandbox-infakt.pl"), ("/v3", "/api/v3")),
    rate_limits={"get": 300, "other": 150, "ksef_lists": 6},
    application=application,
    openapi=openapi,
    secret_of=secret_of,
    gave_out=gave_out,
    sandbox=sandbox,
    curl=curl,
    key_scopes=EVERYTHING,
    reading_scopes=READING,
    do_task=do_task,
    why_not=why_not,
    tell=TELLER,
)
