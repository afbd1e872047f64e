"""The addresses of pages inside answers (1.4)."""

from urllib.parse import urlencode

import falcon

from faktura.core.invoices.sharing import ShareLink
from faktura.core.people.accounts import Account
from faktura.wire.parameters import Pairs
from faktura.wire.service import Service

DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def list_url(service: Service, request: falcon.Request) -> str:
    """The list that a request asks for, without parameters: always below /api/v3, whichever prefix was called."""
    return f"{api_url(service, request)}{request.path}"


def api_url(service: Service, request: falcon.Request) -> str:
    mount = request.root_path.removesuffix("/v3").removesuffix("/api")
    return f"{service.base_url(*_asked_at(request))}{mount}/api/v3"


def site_url(service: Service, request: falcon.Request) -> str:
    """Where the pages for people are, as seen by whoever asks."""
    return service.pages_url(*_asked_at(request))


def _asked_at(request: falcon.Request) -> tuple[str, str]:
    scheme = request.forwarded_scheme
    return scheme, request.forwarded_host.removesuffix(DEFAULT_PORTS.get(scheme, ""))


def shared_url(service: Service, request: falcon.Request, account: Account, link: ShareLink) -> str:
    """The page of a document that is shared."""
    return f"{site_url(service, request)}/{account.slug}/p/{link.secret}"


def page_url(address: str, pairs: Pairs, offset: int, default_limit: int) -> str:
    """The same request at another offset; its other parameters keep their order, and it always has a limit."""
    names = [name for name, _ in pairs]
    at = names.index("offset") if "offset" in names else len(pairs)
    others = [(n, pair) for n, pair in enumerate(pairs) if pair[0] != "offset"]
    asked = [pair for n, pair in others if n < at] + [("offset", str(offset))] + [pair for n, pair in others if n > at]
    if "limit" not in names:
        asked.append(("limit", str(default_limit)))
    return f"{address}?{urlencode(asked)}"
