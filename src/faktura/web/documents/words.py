"""What stands on a document's page beside its own data, in the languages in which customers read it."""

import functools
from collections.abc import Mapping

from faktura.outputs.words.labels import LANGUAGES, labels_in, printed_language


@functools.cache
def words_in(language: str) -> Mapping[str, str]:
    """By name: what is printed on documents, and what only their pages say."""
    place = LANGUAGES.index(printed_language(language))
    return {**labels_in(language), **{name: told[place] for name, told in WORDS.items()}}


WORDS = {
    # What became of it
    "is_open": ("Čeká na platbu", "Čaká na platbu", "Do zapłaty", "Awaiting payment", "Offen"),
    "is_sent": ("Čeká na platbu", "Čaká na platbu", "Do zapłaty", "Awaiting payment", "Offen"),
    "is_overdue": ("Po splatnosti", "Po splatnosti", "Po terminie", "Overdue", "Überfällig"),
    "is_paid": ("Zaplaceno", "Zaplatené", "Zapłacono", "Paid", "Bezahlt"),
    "is_cancelled": ("Stornováno", "Stornované", "Anulowano", "Cancelled", "Storniert"),
    "is_uncollectible": ("Po splatnosti", "Po splatnosti", "Po terminie", "Overdue", "Überfällig"),
    # Rates without percents
    "no_rate_exempt": ("osvobozeno", "oslobodené", "zw.", "exempt", "befreit"),
    "no_rate_not_subject": ("mimo DPH", "mimo DPH", "np.", "outside VAT", "nicht steuerbar"),
    "no_rate_reverse_charge": ("přenesená", "prenesená", "oo", "reverse charge", "Reverse Charge"),
    # The page
    "skip": ("Přejít k obsahu", "Prejsť na obsah", "Przejdź do treści", "Skip to content", "Zum Inhalt"),
    "lines": ("Položky", "Položky", "Pozycje", "Items", "Positionen"),
    "payment": ("Platba", "Platba", "Płatność", "Payment", "Zahlung"),
    "scan": (
        "Zaplaťte naskenováním kódu v aplikaci své banky.",
        "Zaplaťte naskenovaním kódu v aplikácii svojej banky.",
        "Zapłać, skanując kod w aplikacji swojego banku.",
        "Pay by scanning the code in the application of your bank.",
        "Zahlen Sie, indem Sie den Code mit der App Ihrer Bank scannen.",
    ),
    "attachments": ("Přílohy", "Prílohy", "Załączniki", "Attachments", "Anhänge"),
    "pdf": ("Stáhnout PDF", "Stiahnuť PDF", "Pobierz PDF", "Download PDF", "PDF herunterladen"),
}
