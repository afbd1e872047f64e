"""One WSGI application: every dialect found, by path and by Host header, then the pages for people."""

import functools
import gc
import importlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import msgspec

from faktura.dialects import Dialect, WsgiApplication, installed
from faktura.store.turns import WouldWait, here
from faktura.structs import know_structs
from faktura.wire import docs_markdown, docs_page
from faktura.wire.safety import NOT_STORED, OF_PAGES, headers_of_files
from faktura.wire.service import Service

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)
"""What anybody could send; where proxies stand before the server, the request has been put right before."""

PANEL = "/sandbox/panel"
"""A page below the control address."""

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
MARKDOWN = "text/markdown; charset=utf-8"


class Mount(NamedTuple):
    """Requests below a path prefix go to an application, which sees what follows it."""

    prefix: str
    serve: WsgiApplication


class WhenAsked:
    """An application that is built for its first request, on a thread that may wait."""

    def __init__(self, build: Callable[[], WsgiApplication]) -> None:
        self._build = build
        self._built: WsgiApplication | None = None
        self._building = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if self._built is None:
            if here.must_not_wait:
                raise WouldWait
            with self._building:
                if self._built is None:
                    self._built = self._build()
        answer: Iterable[bytes] = self._built(environ, start_response)
        return answer


class Page(NamedTuple):
    """An answer of this module itself."""

    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    status: str = "200 OK"


def application(
    service: Service,
    control: WsgiApplication | None = None,
    ready: Callable[[], list[str]] = list,
) -> WsgiApplication:
    """The whole program as one application; `control` is the sandbox's, served at /sandbox.

    `ready` says what is wrong, for /readyz. Each door is built for the first who asks there.

    A dialect answers at its mounts at every host, and at its clients' own prefixes where the Host is one of its hosts
    and known to the service. Whatever nobody takes goes to the pages.
    """
    dialects = [(dialect, WhenAsked(partial(dialect.application, service))) for dialect in installed()]
    everywhere = [Mount(prefix, serve) for dialect, serve in dialects for prefix in dialect.mounts]
    if control is not None:
        everywhere.append(Mount("/sandbox", control))
    by_host = {
        host: [*own, *everywhere]
        for host in service.known_hosts
        if (
            own := [Mount(prefix, serve) for d, serve in dialects for prefix in d.hosts.get(host.partition(":")[0], ())]
        )
    }
    pages = dict(_pages(service, [dialect for dialect, _ in dialects], ready, is_sandbox=control is not None))
    rest = WhenAsked(partial(_pages_for_people, service))

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        for header in FORWARDED:
            environ.pop(header, None)
        path: str = environ["PATH_INFO"]
        for prefix, taker in by_host.get(environ.get("HTTP_HOST", ""), everywhere):
            if _is_below(path, prefix) and not (taker is control and _is_below(path, PANEL)):
                if taker is control and here.must_not_wait:
                    raise WouldWait
                environ["SCRIPT_NAME"] = prefix
                environ["PATH_INFO"] = path[len(prefix) :]
                of_taker: Iterable[bytes] = taker(environ, start_response)
                return of_taker
        if here.must_not_wait:
            raise WouldWait
        page = pages.get(path)
        if page is not None and environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            return _answer(page(environ), environ, start_response)
        of_rest: Iterable[bytes] = rest(environ, start_response)
        return of_rest

    return serve


def _pages_for_people(service: Service) -> WsgiApplication:
    """They are imported where they are built: a third of a start, for which no program waits."""
    pages = importlib.import_module("faktura.web")
    know_structs()
    built: WsgiApplication = pages.application(service)
    # As with all that was made before: it stays.
    gc.freeze()
    return built


def _is_below(path: str, prefix: str) -> bool:
    return path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in {"/", ""}


def hosts_of(dialects: Iterable[Dialect], port: int) -> frozenset[str]:
    """The Host headers under which clients with a hard-coded host come; some spell out the port that is understood."""
    names = {host for dialect in dialects for host in dialect.hosts}
    return frozenset(names | {f"{name}:{spelled}" for name in names for spelled in (port, 80, 443)})


def _pages(
    service: Service, dialects: Sequence[Dialect], ready: Callable[[], list[str]], *, is_sandbox: bool
) -> Iterator[tuple[str, Callable[[Environ], Page]]]:
    yield "/readyz", _readiness(ready)
    yield "/llms.txt", _where_to_read(service, dialects, is_sandbox=is_sandbox)
    for dialect in dialects:
        yield f"/{dialect.name}/openapi.json", _document(service, dialect, JSON, msgspec.json.encode)
        yield f"/{dialect.name}/docs.md", _document(service, dialect, MARKDOWN, _as_markdown)
        yield f"/{dialect.name}/docs", _documentation(dialect)
        for name, content_type in docs_page.FILES.items():
            yield f"/{dialect.name}/docs/{name}", _static(name, content_type)


def _readiness(ready: Callable[[], list[str]]) -> Callable[[Environ], Page]:
    """Whether the process can read, write and print; /healthz, which needs no thread, says only that it lives."""

    def page(_: Environ) -> Page:
        wrong = ready()
        body = msgspec.json.encode({"status": "unavailable" if wrong else "ok", "wrong": wrong})
        return Page(JSON, body, (NOT_STORED,), status="503 Service Unavailable" if wrong else "200 OK")

    return page


def _where_to_read(service: Service, dialects: Sequence[Dialect], *, is_sandbox: bool) -> Callable[[Environ], Page]:
    """For agents: https://llmstxt.org."""
    apis = [docs_markdown.Api(dialect.name, dialect.title) for dialect in dialects]

    def page(environ: Environ) -> Page:
        base = service.base_url(environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""))
        return Page(MARKDOWN, docs_markdown.llms_txt(base, apis, is_sandbox=is_sandbox).encode())

    return page


def _document(
    service: Service, dialect: Dialect, content_type: str, spell: Callable[[dict[str, Any]], bytes]
) -> Callable[[Environ], Page]:
    """Written once for each address that the server is known by."""

    @functools.lru_cache(maxsize=16)
    def written(address: str) -> bytes:
        return spell(dialect.openapi(address))

    def page(environ: Environ) -> Page:
        base = service.base_url(environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""))
        return Page(content_type, written(base + dialect.mounts[0]))

    return page


def _as_markdown(document: dict[str, Any]) -> bytes:
    return docs_markdown.markdown(document).encode()


def _documentation(dialect: Dialect) -> Callable[[Environ], Page]:
    """Every address in it is relative, so that it works at every host."""
    body = docs_page.docs_page(dialect.title, "openapi.json", "docs").encode()
    page = Page(HTML, body, (("Content-Security-Policy", docs_page.CONTENT_SECURITY_POLICY), *OF_PAGES))
    return lambda _: page


def _static(name: str, content_type: str) -> Callable[[Environ], Page]:
    return lambda _: Page(content_type, docs_page.static_file(name) or b"", (("Cache-Control", "max-age=3600"),))


def _answer(page: Page, environ: Environ, start_response: StartResponse) -> list[bytes]:
    about = ("Content-Type", page.content_type), ("Content-Length", str(len(page.body)))
    start_response(page.status, [*about, *headers_of_files(environ), *page.headers])
    return [page.body]


def behind_proxies(app: WsgiApplication, count: int) -> WsgiApplication:
    """The application behind so many proxies in a row, each of which tells in X-Forwarded headers whom it serves."""
    from werkzeug.middleware.proxy_fix import ProxyFix  # noqa: PLC0415 (not without a proxy)

    fixed: WsgiApplication = ProxyFix(app, x_for=count, x_proto=count, x_host=count)
    return fixed
