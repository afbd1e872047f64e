"""The names of events that programs are told of (2.18.1)."""

from collections.abc import Mapping

_LIFE = ("created", "updated", "removed")
_MONEY = ("overdue", "paid", "payment_added", "payment_removed")

BY_NOUN: Mapping[str, tuple[str, ...]] = {
    "invoice": (
        *_LIFE,
        "restored",
        *_MONEY,
        "sent",
        "locked",
        "unlocked",
        "cancelled",
        "cancellation_removed",
        "uncollectible",
        "uncollectible_removed",
    ),
    "generator": (*_LIFE, "restored"),
    "recurring_generator": (*_LIFE, "restored", "invoice_created", "paused"),
    "expense": (*_LIFE, "restored", *_MONEY, "locked", "unlocked"),
    "inbox_file": (*_LIFE, "removed_all", "ocr_processing_failed", "ocr_processing_rejected", "ocr_processed"),
    "inventory_item": (*_LIFE, "archived", "unarchived"),
    "inventory_move": _LIFE,
    "subject": _LIFE,
}

EVENTS = tuple(f"{noun}_{happened}" for noun, names in BY_NOUN.items() for happened in names)
"""All that one may subscribe to; what does not happen here yet is told to nobody."""
