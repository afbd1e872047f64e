"""What lies in the sandbox's folder."""

DATABASE = "faktura.sqlite"
EXAMPLE = "example.sqlite"
"""The database as it was first, which a reset goes back to."""

MANIFEST = "sandbox.json"

WORLDS = "worlds"
"""Both the folder of throw-away worlds, each of which has the files above in one of its own, and their addresses."""

KEPT = "kept"
"""The folder of database files that worlds were kept in."""

PLAN = "world.json"
"""How a world was ordered."""

LOCK = "lock"

CA = "ca.pem"
CA_KEY = "ca.key"
CHAIN = "server.pem"
KEY = "server.key"
