"""The pages as one WSGI application: every page is closed to whoever is not signed in, but for those named open."""

from flask import Flask
from flask_wtf import CSRFProtect

from faktura.web.contacts import contacts
from faktura.web.documents import invoices, public
from faktura.web.door import bodies, cookies, errors, headers, languages, names, people
from faktura.web.door.database import lend
from faktura.web.door.lists import IdConverter
from faktura.web.people import access, consent, home, sign_in
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
    for part in (sign_in, home, consent, access, contacts, invoices, public):
        app.register_blueprint(part.pages)
    return app
