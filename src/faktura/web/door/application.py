"""The pages as one WSGI application: every page is closed to whoever is not signed in, but for those named open."""

import importlib
import pkgutil

from flask import Blueprint, Flask

import faktura.web
from faktura.web.door import (
    addresses,
    bodies,
    books,
    compiled,
    cookies,
    errors,
    expired_forms,
    frame,
    headers,
    languages,
    lists,
    names,
    people,
    static_files,
    unbroken,
)
from faktura.web.door.database import lend
from faktura.web.people import sign_in_again
from faktura.wire.service import Service


def application(service: Service) -> Flask:
    """The service's key signs cookies; every process that serves the same people needs the same one."""
    app = Flask("faktura.web", static_folder=None)
    app.config.update(
        SECRET_KEY=service.secret_key,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.url_map.strict_slashes = False
    app.url_map.converters |= {"id": lists.IdConverter, "account": lists.SlugConverter}
    lend(app, service)
    addresses.set_up(app)
    app.session_interface = cookies.Cookies()
    app.jinja_env.bytecode_cache = compiled.BesideTemplates()
    static_files.set_up(app)
    languages.set_up(app)
    unbroken.set_up(app)
    names.set_up(app)
    books.set_up(app)
    frame.set_up(app)
    lists.set_up(app)
    errors.set_up(app)
    bodies.set_up(app)
    sign_in_again.set_up(app)
    people.set_up(app)
    expired_forms.set_up(app)
    headers.set_up(app)
    for pages in blueprints():
        app.register_blueprint(pages)
    return app


def blueprints() -> list[Blueprint]:
    """The pages of every noun: they are found by being there."""
    names = [m.name for m in pkgutil.walk_packages(faktura.web.__path__, "faktura.web.") if ".tests" not in m.name]
    found = (getattr(importlib.import_module(name), "pages", None) for name in names)
    return list(dict.fromkeys(pages for pages in found if isinstance(pages, Blueprint)))
