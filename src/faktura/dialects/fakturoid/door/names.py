"""Names of at least two characters (1.3.1)."""

from faktura.core.errors import Given, Problem

SHORTEST_NAME = 2


def check_name(given: Given) -> None:
    """Here a name has two characters at least, and an empty one misses that too."""
    name = given.get("name", "-" * SHORTEST_NAME) or ""
    if len(name) < SHORTEST_NAME and "name" not in given.unread:
        blank = [] if name.strip() else [Problem("blank")]
        given.unread["name"] = [*blank, Problem("too_short", SHORTEST_NAME)]
