"""What lies in the sandbox's folder."""

DATABASE = "faktura.sqlite"
EXAMPLE = "example.sqlite"
"""The database as it was first, which a reset goes back to."""

MANIFEST = "sandbox.json"
LOCK = "lock"

CA = "ca.pem"
CA_KEY = "ca.key"
CHAIN = "server.pem"
KEY = "server.key"
