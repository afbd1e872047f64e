"""faktura: one invoicing program that speaks the Fakturoid and the inFakt API."""

__version__ = "0.1.0"
