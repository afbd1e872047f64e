"""The pages for people: sign-in, consent, their accounts and contacts."""

from faktura.web.application import application

__all__ = ["application"]
