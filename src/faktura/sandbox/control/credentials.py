"""What of a request is a secret, and the name that it has in a line for the shell instead."""

CREDENTIALS = {"bearer": "$TOKEN", "basic": "$CREDENTIALS"}


def masked(name: str, value: str) -> str:
    """The value of a header as it may be shown; its name is in small letters."""
    if name in {"authorization", "proxy-authorization"}:
        scheme, separator, _ = value.partition(" ")
        return f"{scheme} {CREDENTIALS.get(scheme.lower(), '$SECRET')}" if separator else "$SECRET"
    if name.endswith("apikey"):
        return "$API_KEY"
    if name == "cookie":
        return "$COOKIE"
    if name == "set-cookie":
        cookie, _, attributes = value.partition(";")
        return f"{cookie.partition('=')[0]}=$COOKIE;{attributes}"
    return value
