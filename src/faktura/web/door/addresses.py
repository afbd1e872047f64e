"""Addresses as a browser has them, also where all pages lie below a path of the host, as those of a world do."""

from typing import Any

from flask import Flask, Request, request

from faktura.web.door.database import service


def set_up(app: Flask) -> None:
    app.request_class = Asked


class Asked(Request):
    """A request whose path is the whole one, so that an answer can lead there; routes look at what WSGI says."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.path = self.root_path.rstrip("/") + self.path


def site() -> str:
    """What addresses begin with that are sent to somebody."""
    return service().pages_url(request.scheme, request.host)


def origin() -> str:
    """The same, for what `url_for` gives to follow."""
    return without_root(site())


def without_root(address: str) -> str:
    """An address of ours without the path that all pages lie below, which `url_for` begins with."""
    return address.removesuffix(request.root_path.rstrip("/"))
