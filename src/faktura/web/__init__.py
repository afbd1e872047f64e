"""The pages for people: sign-in, consent, their accounts, contacts and documents."""

from faktura.web.door.application import application

__all__ = ["application"]
