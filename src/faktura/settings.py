"""Every environment variable: name, type, default, meaning."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

PREFIX = "FAKTURA_"
OFF = "off"

USUAL_PORTS = {"http": 80, "https": 443}

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 (told apart, not bound)
"""What is listened at on all networks, and as what this machine reaches it."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator sets: the attribute `public_url` is the variable FAKTURA_PUBLIC_URL, and so on.

    Lists are separated by commas. A variable that is empty counts as one that is not set.
    """

    database_url: Annotated[
        str, Meta(description="Where data is kept: `sqlite:///` and a file name, or `postgresql://user@host/name`")
    ] = "sqlite:///faktura.sqlite"
    host: Annotated[str, Meta(description="Address to listen at")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535, description="Port to listen at")] = 8000
    public_url: Annotated[
        str,
        Meta(
            pattern=r"^https?://[^/?#]+$",
            description="Address that people and programs reach the server at, without a slash at its end; links begin "
            "with it. Where it is not set, links begin with the address that the server listens at",
        ),
    ] = ""
    known_hosts: Annotated[
        tuple[str, ...],
        Meta(
            description="Further hosts (with the port, where it is not the usual one) that the server is reached at; "
            "links in answers to them begin with them"
        ),
    ] = ()
    proxies: Annotated[
        int,
        Meta(ge=0, description="How many proxies stand before the server, whose X-Forwarded headers are believed"),
    ] = 0
    tls_cert: Annotated[str, Meta(description="File with the certificate chain (PEM); serves HTTPS")] = ""
    tls_key: Annotated[str, Meta(description="File with the key of that certificate (PEM)")] = ""
    secret_key: Annotated[
        str,
        Meta(
            min_length=32,
            description="At least 32 random characters that sign the sessions of the pages and seal the secrets of "
            "webhooks and of KSeF. On SQLite a key is made and kept beside the database file where this is not set; on "
            "PostgreSQL it must be set",
        ),
    ] = ""
    old_secret_keys: Annotated[
        tuple[str, ...],
        Meta(description="The keys before that one: `faktura db rotate-secrets` seals by it what they open"),
    ] = ()
    processes: Annotated[int, Meta(ge=1, description="How many processes serve; with SQLite it is one")] = 1
    threads: Annotated[
        int,
        Meta(ge=1, le=256, description="How many writes a process works on at once; reads have threads of their own"),
    ] = 16
    worker: Annotated[
        bool,
        Meta(
            description="Whether `faktura serve` does the jobs itself; if not, run `faktura worker` as well. A sandbox "
            "then does them where it is asked to, by `POST /sandbox/jobs`"
        ),
    ] = True
    smtp_url: Annotated[
        str,
        Meta(
            pattern=r"^smtps?://",
            description="Mail server that messages go out through, and who they come from: "
            "`smtp://user:password@host:587?from=Name <address>`, with %40 for an @ in the user; `smtps://` encrypts "
            "from the start, `&tls=required` insists on STARTTLS, `&ca_file=` names a file (PEM) with those to "
            "trust. Where it is not set, e-mail is switched off",
        ),
    ] = ""
    cnb_url: Annotated[
        str,
        Meta(
            pattern=r"^(off|https?://[^/?#@]+[^?#]*)$",
            description="Address of the exchange rates of the Czech National Bank; `off` asks nobody",
        ),
    ] = "https://api.cnb.cz/cnbapi"
    nbp_url: Annotated[
        str,
        Meta(
            pattern=r"^(off|https?://[^/?#@]+[^?#]*)$",
            description="The same of Narodowy Bank Polski",
        ),
    ] = "https://api.nbp.pl/api"
    ecb_url: Annotated[
        str,
        Meta(
            pattern=r"^(off|https?://[^/?#@]+[^?#]*)$",
            description="The same of the European Central Bank",
        ),
    ] = "https://www.ecb.europa.eu/stats/eurofxref"
    ares_url: Annotated[
        str,
        Meta(
            pattern=r"^(off|https?://[^/?#@]+[^?#]*)$",
            description="Address of ARES, the Czech registry of firms; `off` asks nobody",
        ),
    ] = "https://ares.gov.cz/ekonomicke-subjekty-v-be/rest"
    crpdph_url: Annotated[
        str,
        Meta(
            pattern=r"^(off|https?://[^/?#@]+[^?#]*)$",
            description="The same of the Czech register of payers of VAT: who is not to be relied on, which bank "
            "accounts are published",
        ),
    ] = "https://adisrws.mfcr.cz/dpr/axis2/services/rozhraniCRPDPH.rozhraniCRPDPHSOAP"
    vies_url: Annotated[
        str,
        Meta(
            pattern=r"^(off|https?://[^/?#@]+[^?#]*)$",
            description="The same of VIES, the VAT numbers of the EU",
        ),
    ] = "https://ec.europa.eu/taxation_customs/vies/rest-api"
    white_list_url: Annotated[
        str,
        Meta(
            pattern=r"^(off|https?://[^/?#@]+[^?#]*)$",
            description="The same of the white list, the Polish register of payers of VAT and their bank accounts",
        ),
    ] = "https://wl-api.mf.gov.pl/api"
    gus_url: Annotated[
        str,
        Meta(
            pattern=r"^(off|https?://[^/?#@]+[^?#]*)$",
            description="The same of GUS BIR, the Polish registry of firms, which is asked where there is a key",
        ),
    ] = "https://wyszukiwarkaregon.stat.gov.pl/wsBIR/UslugaBIRzewnPubl.svc"
    gus_key: Annotated[str, Meta(description="Key to GUS BIR, which is given to each operator by themselves")] = ""
    ksef_url: Annotated[
        str,
        Meta(
            pattern=r"^(off|https?://[^/?#@]+[^?#]*)$",
            description="Address of a double of KSeF, the Polish system of electronic invoices, in place of the "
            "ministry's own addresses; `off` lets nobody connect to it",
        ),
    ] = ""
    rules_dir: Annotated[
        str,
        Meta(
            description="Folder with the official rules of EN 16931 (`EN16931-UBL-validation.xslt` and "
            "`EN16931-CII-validation.xslt`), by which e-invoices are then checked too; they are asked with what "
            "`faktura[einvoice-rules]` installs"
        ),
    ] = ""
    ask_loopback: Annotated[
        bool,
        Meta(
            description="Whether jobs may ask addresses of the machine itself (127.0.0.1, ::1), as tests do; private "
            "networks are never asked"
        ),
    ] = False
    rate_limits: Annotated[
        bool,
        Meta(
            description="Whether requests of the APIs, and those for public pages of documents, are counted and limited"
        ),
    ] = True
    account_requests: Annotated[
        int, Meta(ge=1, description="Requests of the APIs that an account may make in a minute, from all addresses")
    ] = 600
    mails_per_hour: Annotated[
        int, Meta(ge=1, description="Messages that an account may send in an hour; further ones wait")
    ] = 200
    lenient_content_type: Annotated[
        bool,
        Meta(
            description="Whether the Fakturoid API takes a body without a Content-Type for JSON; if not, it is refused "
            "with 415, as one of another type is in any case"
        ),
    ] = False
    print_seconds: Annotated[
        int,
        Meta(ge=1, description="Seconds of processor time that an account may have printed in an hour and process"),
    ] = 600
    log_format: Annotated[
        Literal["text", "json"], Meta(description="How lines of the log, which goes to standard error, are written")
    ] = "text"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Meta(description="The least weight of a line that is written; `debug` is what libraries say of their work"),
    ] = "info"
    log_requests: Annotated[
        bool, Meta(description="Whether each request is logged: method, path, status, milliseconds, never a query")
    ] = False

    @property
    def rate_sources(self) -> dict[str, str]:
        """The addresses of exchange rates that are asked, by bank."""
        sources = {"cnb": self.cnb_url, "nbp": self.nbp_url, "ecb": self.ecb_url}
        return {bank: url for bank, url in sources.items() if url != OFF}

    @property
    def registry_sources(self) -> dict[str, str]:
        """The addresses of registries that are asked, by name."""
        sources = {"ares": self.ares_url, "crpdph": self.crpdph_url, "vies": self.vies_url}
        sources |= {"white_list": self.white_list_url, "gus": self.gus_url if self.gus_key else OFF}
        return {name: url for name, url in sources.items() if url != OFF}

    @property
    def ksef_double(self) -> str | None:
        """The address of a double of KSeF, empty where it is KSeF itself; None where nobody is to reach it."""
        return None if self.ksef_url == OFF else self.ksef_url.rstrip("/")

    @property
    def database_file(self) -> str:
        """The file that an SQLite address names."""
        return self.database_url.partition(":///")[2].partition("?")[0]

    @property
    def own_url(self) -> str:
        """The address that the server listens at, as this machine reaches it."""
        return f"{self._scheme}://{self.with_port(bracketed(ANYWHERE.get(self.host, self.host)))}"

    @property
    def known_url(self) -> str:
        """The address that others know the server by."""
        return self.public_url or self.own_url

    def with_port(self, host: str) -> str:
        """The host as it stands in addresses and Host headers."""
        return host if self.port == USUAL_PORTS[self._scheme] else f"{host}:{self.port}"

    @property
    def _scheme(self) -> str:
        return "https" if self.tls_cert else "http"


class Misset(Exception):  # noqa: N818 (says what a setting is)
    """A variable does not hold what it should; the text says which one and why."""


class Variable(NamedTuple):
    """A line of the table of settings."""

    name: str
    type: str
    default: str
    meaning: str


def bracketed(host: str) -> str:
    """The host as it stands in addresses, where one of IPv6 has colons."""
    return f"[{host}]" if ":" in host else host


def read_settings(environment: Mapping[str, str], **given: object) -> Settings:
    """The settings; what is `given` and not None goes before the environment.

    Raises:
        Misset: a value cannot be read.

    """
    hints = get_type_hints(Settings, include_extras=True)
    values: dict[str, Any] = {}
    for name, annotation in hints.items():
        value = given.get(name)
        if value is None:
            value = _split(annotation, environment.get(variable_name(name), "").strip())
        if value not in ("", []):
            values[name] = _convert(name, annotation, value)
    return Settings(**values)


def variable_name(attribute: str) -> str:
    return PREFIX + attribute.upper()


def variables() -> Iterator[Variable]:
    """The table of settings, in the order of their declaration."""
    hints = get_type_hints(Settings, include_extras=True)
    for field in msgspec.structs.fields(Settings):
        annotation, meta = get_args(hints[field.name])
        yield Variable(variable_name(field.name), _type_name(annotation), _shown(field.default), meta.description)


def table() -> str:
    """The same as a table of Markdown."""
    lines = [f"| `{v.name}` | {v.type} | {v.default} | {v.meaning} |" for v in variables()]
    return "\n".join(["| variable | type | default | meaning |", "|---|---|---|---|", *lines])


def _split(annotation: Any, text: str) -> object:
    if _is_list(get_args(annotation)[0]):
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _convert(name: str, annotation: Any, value: object) -> Any:
    try:
        return msgspec.convert(value, annotation, strict=False)
    except msgspec.ValidationError as error:
        message = f"{variable_name(name)}: {error}"
        raise Misset(message) from None


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is tuple


def _type_name(annotation: Any) -> str:
    if _is_list(annotation):
        return "list"
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(annotation))
    return _TYPE_NAMES[annotation]


_TYPE_NAMES: dict[Any, str] = {str: "text", int: "number", bool: "yes or no"}


def _shown(default: Any) -> str:
    if default in ("", ()):
        return ""
    if isinstance(default, bool):
        return "`true`" if default else "`false`"
    return f"`{default}`"
