"""The pages as one WSGI application: every page is closed to whoever is not signed in, but for those named open."""

from flask import Flask
from flask_wtf import CSRFProtect

from faktura.web import (
    access,
    bodies,
    consent,
    contacts,
    cookies,
    errors,
    headers,
    home,
    invoices,
    languages,
    names,
    people,
    public_invoice,
    sign_in,
)
from faktura.web.database import lend
from faktura.web.lists import IdConverter
from faktura.wire.service import Service


def application(service: Service) -> Flask:
    """The service's key signs cookies; every process that serves the same people needs the same one."""
    app = Flask("faktura.web")
    app.config.update(
        SECRET_KEY=service.secret_key,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.url_map.converters["id"] = IdConverter
    lend(app, service)
    app.session_interface = cookies.Cookies()
    languages.set_up(app)
    names.set_up(app)
    errors.set_up(app)
    bodies.set_up(app)
    people.set_up(app)
    CSRFProtect(app)
    headers.set_up(app)
    for part in (sign_in, home, consent, access, contacts, invoices, public_invoice):
        app.register_blueprint(part.pages)
    return app
