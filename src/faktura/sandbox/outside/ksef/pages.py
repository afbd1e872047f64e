"""The pages that codes on prints lead to: is the invoice in KSeF, and did its issuer sign it."""

import base64
import datetime as dt
from html import escape

from faktura.sandbox.outside.ksef.calls import Answer
from faktura.sandbox.outside.ksef.held import Stored
from faktura.sandbox.outside.ksef.keys import is_signed, read_certificate
from faktura.sandbox.outside.ksef.system import Asked, System


def invoice(system: System, asked: Asked) -> Answer:
    """Code I: the seller, the day in the order of day, month and year, and the digest of the file."""
    tax_no, day, digest = asked.path
    stored = _with_digest(system, digest)
    if stored is None or stored.facts.seller.value != tax_no or _spelled(stored.facts.issued_on) != day:
        return _page("Faktury nie znaleziono w KSeF", "Nie ma jej w systemie lub kod jest uszkodzony.", 404)
    facts = stored.facts
    text = f"{facts.number}, {facts.seller.name}, {facts.gross} {facts.currency}. Numer KSeF: {stored.ksef_number}"
    return _page("Faktura znajduje się w KSeF", text)


def certificate(system: System, asked: Asked) -> Answer:
    """Code II: whose certificate signed the address, of an invoice that may not be in KSeF yet."""
    *_, seller, serial, digest, signature = asked.path
    known = system.held.certificates.get(serial)
    address = f"{system.base}/qr/certificate/{'/'.join(asked.path[:-1])}".partition("://")[2]
    if known is None or known.sort != "Offline" or known.tax_no != seller:
        return _page("Certyfikat nie jest znany", "Nie jest to certyfikat typu Offline tego sprzedawcy.", 404)
    if not is_signed(read_certificate(known.der), _unpacked(signature), address.encode()):
        return _page("Podpis jest nieprawidłowy", "Kod został zmieniony lub podpisany innym kluczem.", 404)
    if known.revoked or asked.now >= known.ends:
        return _page("Certyfikat jest nieważny", "Wygasł lub został unieważniony.", 404)
    there = "Faktura jest już w KSeF." if _with_digest(system, digest) else "Faktury jeszcze nie ma w KSeF."
    return _page("Certyfikat wystawcy jest ważny", there)


def _with_digest(system: System, text: str) -> Stored | None:
    return system.held.with_digest(base64.b64encode(_unpacked(text)).decode())


def _unpacked(text: str) -> bytes:
    """From letters of addresses; nothing where it is none."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def _spelled(day: dt.date) -> str:
    return f"{day:%d-%m-%Y}"


def _page(title: str, text: str, status: int = 200) -> Answer:
    page = (
        f'<!doctype html><html lang="pl"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p></html>"
    )
    return Answer(status, page.encode(), "text/html; charset=utf-8")
