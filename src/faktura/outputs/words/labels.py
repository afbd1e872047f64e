"""What is printed beside a document's own data, in the languages that documents are printed in."""

import functools
from collections.abc import Mapping
from typing import NamedTuple

LANGUAGES = ("cs", "sk", "pl", "en", "de")
BILINGUAL = {"pe": ("pl", "en")}
SEPARATOR = " / "


class Habits(NamedTuple):
    """How a language writes dates and numbers: a pattern of CLDR, and a locale of it."""

    date: str
    locale: str


HABITS = {
    "cs": Habits("d. M. yyyy", "cs"),
    "sk": Habits("d. M. yyyy", "sk"),
    "pl": Habits("dd.MM.yyyy", "pl"),
    "en": Habits("d MMM yyyy", "en_GB"),
    "de": Habits("dd.MM.yyyy", "de"),
}


def printed_language(language: str) -> str:
    """The language that numbers, dates and the document as a whole are in."""
    language = BILINGUAL.get(language, (language,))[0]
    return language if language in LANGUAGES else "en"


def habits_of(language: str) -> Habits:
    return HABITS[printed_language(language)]


@functools.cache
def labels_in(language: str) -> Mapping[str, str]:
    """By name; of two languages both stand there, parted by a slash, where they differ."""
    spoken = BILINGUAL.get(language) or (printed_language(language),)
    places = [LANGUAGES.index(one) for one in spoken]
    return {name: SEPARATOR.join(dict.fromkeys(told[place] for place in places)) for name, told in LABELS.items()}


def vat_no_label(language: str, country: str) -> str:
    """What a country calls the number that a payer of VAT has there, said to readers of a language."""
    of_country = "vat_no_pl" if country == "PL" else "vat_no"
    return labels_in(language)[of_country]


def registration_no_label(language: str, country: str) -> str:
    return "REGON" if country == "PL" else labels_in(language)["registration_no"]


LABELS = {
    # Titles
    "invoice": ("Faktura", "Faktúra", "Faktura", "Invoice", "Rechnung"),
    "vat_invoice": (
        "Faktura – daňový doklad",
        "Faktúra – daňový doklad",
        "Faktura VAT",
        "VAT invoice",
        "Rechnung",
    ),
    "margin_invoice": (
        "Faktura – zvláštní režim",
        "Faktúra – úprava zdaňovania prirážky",
        "Faktura VAT marża",
        "Margin scheme invoice",
        "Rechnung – Differenzbesteuerung",
    ),
    "proforma": ("Zálohová faktura", "Zálohová faktúra", "Faktura pro forma", "Proforma invoice", "Proforma-Rechnung"),
    "correction": ("Opravný doklad", "Opravný doklad", "Faktura korygująca", "Credit note", "Korrekturrechnung"),
    "vat_correction": (
        "Opravný daňový doklad",
        "Opravná faktúra",
        "Faktura korygująca",
        "Credit note",
        "Korrekturrechnung",
    ),
    "tax_document": (
        "Daňový doklad k přijaté platbě",
        "Daňový doklad k prijatej platbe",
        "Faktura zaliczkowa",
        "Tax document on a payment received",
        "Anzahlungsrechnung",
    ),
    "final_invoice": (
        "Vyúčtovací faktura",
        "Vyúčtovacia faktúra",
        "Faktura końcowa",
        "Final invoice",
        "Schlussrechnung",
    ),
    "vat_final_invoice": (
        "Vyúčtovací faktura – daňový doklad",
        "Vyúčtovacia faktúra – daňový doklad",
        "Faktura końcowa",
        "Final VAT invoice",
        "Schlussrechnung",
    ),
    # Copies
    "original": ("Originál", "Originál", "Oryginał", "Original", "Original"),
    "copy": ("Kopie", "Kópia", "Kopia", "Copy", "Kopie"),
    "duplicate": ("Duplikát", "Duplikát", "Duplikat", "Duplicate", "Duplikat"),
    "duplicated_on": (
        "Datum vystavení duplikátu",
        "Dátum vystavenia duplikátu",
        "Data wystawienia duplikatu",
        "Date of the duplicate",
        "Datum des Duplikats",
    ),
    "page": ("Strana", "Strana", "Strona", "Page", "Seite"),
    # Parties
    "seller": ("Dodavatel", "Dodávateľ", "Sprzedawca", "Seller", "Verkäufer"),
    "buyer": ("Odběratel", "Odberateľ", "Nabywca", "Buyer", "Käufer"),
    "delivery": ("Dodací adresa", "Dodacia adresa", "Adres dostawy", "Delivery address", "Lieferadresse"),
    "third_party": ("Další subjekt", "Ďalší subjekt", "Podmiot trzeci", "Third party", "Dritter"),
    "registration_no": ("IČO", "IČO", "Nr rejestrowy", "Registration no.", "Reg.-Nr."),
    "vat_no": ("DIČ", "IČ DPH", "Nr VAT", "VAT no.", "USt-IdNr."),
    "vat_no_pl": ("DIČ", "IČ DPH", "NIP", "VAT no.", "USt-IdNr."),
    "local_vat_no": ("DIČ (SK)", "DIČ", "Lokalny numer VAT", "Local VAT no.", "Lokale Steuernummer"),
    "non_vat_payer": (
        "Neplátce DPH",
        "Neplatiteľ DPH",
        "Zwolniony z VAT",
        "Not registered for VAT",
        "Nicht umsatzsteuerpflichtig",
    ),
    # Dates and symbols
    "issued_on": ("Datum vystavení", "Dátum vystavenia", "Data wystawienia", "Date of issue", "Ausstellungsdatum"),
    "taxable_on": (
        "Datum zdanitelného plnění",
        "Dátum dodania",
        "Data sprzedaży",
        "Date of supply",
        "Leistungsdatum",
    ),
    "sold_on": ("Datum prodeje", "Dátum predaja", "Data sprzedaży", "Date of sale", "Verkaufsdatum"),
    "received_on": (
        "Datum přijetí platby",
        "Dátum prijatia platby",
        "Data otrzymania zapłaty",
        "Payment received on",
        "Zahlungseingang",
    ),
    "service_period": ("Období plnění", "Obdobie plnenia", "Okres usługi", "Service period", "Leistungszeitraum"),
    "due_on": ("Datum splatnosti", "Dátum splatnosti", "Termin płatności", "Due date", "Fällig am"),
    "paid_on": ("Zaplaceno dne", "Zaplatené dňa", "Data zapłaty", "Paid on", "Bezahlt am"),
    "order_number": ("Číslo objednávky", "Číslo objednávky", "Numer zamówienia", "Order no.", "Bestellnummer"),
    "corrects": ("Opravuje doklad", "Opravuje doklad", "Koryguje dokument", "Corrects document", "Korrigiert"),
    "reason": ("Důvod opravy", "Dôvod opravy", "Przyczyna korekty", "Reason", "Korrekturgrund"),
    # Payment
    "payment_method": ("Způsob platby", "Spôsob platby", "Sposób płatności", "Payment method", "Zahlungsart"),
    "bank_name": ("Banka", "Banka", "Bank", "Bank", "Bank"),
    "bank_account": ("Číslo účtu", "Číslo účtu", "Numer konta", "Account no.", "Kontonummer"),
    "iban": ("IBAN",) * 5,
    "bic": ("BIC / SWIFT",) * 5,
    "variable_symbol": (
        "Variabilní symbol",
        "Variabilný symbol",
        "Tytuł przelewu",
        "Payment reference",
        "Verwendungszweck",
    ),
    # Lines and sums
    "line_number": ("#", "#", "Lp.", "#", "Pos."),
    "name": ("Popis", "Popis", "Nazwa", "Description", "Bezeichnung"),
    "quantity": ("Množství", "Množstvo", "Ilość", "Quantity", "Menge"),
    "unit_price": ("Cena za j.", "Cena za j.", "Cena netto", "Unit price", "Einzelpreis"),
    "unit_price_untaxed": ("Cena za j.", "Cena za j.", "Cena jedn.", "Unit price", "Einzelpreis"),
    "discount": ("Sleva", "Zľava", "Rabat", "Discount", "Rabatt"),
    "vat_rate": ("DPH", "DPH", "VAT", "VAT", "USt."),
    "net": ("Bez DPH", "Bez DPH", "Netto", "Net", "Netto"),
    "vat": ("Částka DPH", "Suma DPH", "Kwota VAT", "VAT amount", "USt.-Betrag"),
    "gross": ("S DPH", "S DPH", "Brutto", "Gross", "Brutto"),
    "amount": ("Cena", "Cena", "Wartość", "Amount", "Betrag"),
    "before": ("Před opravou", "Pred opravou", "Przed korektą", "Before correction", "Vor Korrektur"),
    "after": ("Po opravě", "Po oprave", "Po korekcie", "After correction", "Nach Korrektur"),
    "vat_summary": ("Rekapitulace DPH", "Rekapitulácia DPH", "Zestawienie VAT", "VAT summary", "Umsatzsteuer"),
    "exchange_rate": ("Kurz", "Kurz", "Kurs", "Exchange rate", "Wechselkurs"),
    "in_total": ("Celkem", "Celkom", "Razem", "Total", "Gesamt"),
    "advances": ("Odečtené zálohy", "Odpočítané zálohy", "Rozliczone zaliczki", "Advances deducted", "Anzahlungen"),
    "net_total": ("Celkem bez DPH", "Celkom bez DPH", "Razem netto", "Total without VAT", "Summe netto"),
    "vat_total": ("DPH celkem", "DPH celkom", "Razem VAT", "Total VAT", "Summe USt."),
    "rounding": ("Zaokrouhlení", "Zaokrúhlenie", "Zaokrąglenie", "Rounding", "Rundung"),
    "total": ("Celkem s DPH", "Celkom s DPH", "Razem brutto", "Total with VAT", "Summe brutto"),
    "total_untaxed": ("Celkem", "Celkom", "Razem", "Total", "Summe"),
    "paid": ("Zaplaceno", "Zaplatené", "Zapłacono", "Paid", "Bezahlt"),
    "to_pay": ("K úhradě", "Na úhradu", "Do zapłaty", "To pay", "Zu zahlen"),
    "to_return": ("K vrácení", "Na vrátenie", "Do zwrotu", "To be returned", "Zu erstatten"),
    "in_words": ("Slovy", "Slovom", "Słownie", "In words", "In Worten"),
    # Sentences
    "do_not_pay": (
        "Neplaťte, již uhrazeno.",
        "Neplaťte, už uhradené.",
        "Nie płacić, już opłacono.",
        "Do not pay, already paid.",
        "Nicht zahlen, bereits beglichen.",
    ),
    "not_a_tax_document": (
        "Toto není daňový doklad.",
        "Toto nie je daňový doklad.",
        "Dokument nie jest fakturą w rozumieniu ustawy o VAT.",
        "This is not a tax document.",
        "Dies ist keine Rechnung im Sinne des Umsatzsteuergesetzes.",
    ),
    "cancelled": (
        "Tento doklad byl stornován a neplatí.",
        "Tento doklad bol stornovaný a neplatí.",
        "Ten dokument został anulowany i jest nieważny.",
        "This document was cancelled and is not valid.",
        "Dieses Dokument wurde storniert und ist ungültig.",
    ),
    "reverse_charge": (
        "Daň odvede zákazník.",
        "Prenesenie daňovej povinnosti.",
        "Odwrotne obciążenie.",
        "Reverse charge.",
        "Steuerschuldnerschaft des Leistungsempfängers.",
    ),
    "split_payment": (
        "Rozdělená platba (split payment)",
        "Rozdelená platba (split payment)",
        "Mechanizm podzielonej płatności",
        "Split payment mechanism",
        "Split-Payment-Verfahren",
    ),
    "seller_signature": ("Vystavil", "Vystavil", "Wystawił(a)", "Issued by", "Ausgestellt von"),
    "buyer_signature": ("Převzal", "Prevzal", "Odebrał(a)", "Received by", "Erhalten von"),
    "logo": ("Logo",) * 5,
    "code": ("QR kód", "QR kód", "Kod QR", "QR code", "QR-Code"),
    # Payment methods
    "bank": ("Převodem", "Prevodom", "Przelew", "Bank transfer", "Überweisung"),
    "cash": ("Hotově", "V hotovosti", "Gotówka", "Cash", "Bar"),
    "cod": ("Dobírka", "Dobierka", "Za pobraniem", "Cash on delivery", "Nachnahme"),
    "card": ("Kartou", "Kartou", "Karta", "Card", "Karte"),
    "paypal": ("PayPal",) * 5,
    "custom": ("Jinak", "Inak", "Inny sposób", "Other", "Sonstige"),
    "barter": ("Barter", "Barter", "Barter", "Barter", "Tausch"),
    "check": ("Šek", "Šek", "Czek", "Cheque", "Scheck"),
    "bill_of_sale": ("Směnka", "Zmenka", "Weksel", "Bill of exchange", "Wechsel"),
    "compensation": ("Zápočet", "Zápočet", "Kompensata", "Set-off", "Verrechnung"),
    "accredited": ("Akreditiv", "Akreditív", "Akredytywa", "Letter of credit", "Akkreditiv"),
    "instalment_sale": ("Na splátky", "Na splátky", "Sprzedaż ratalna", "By instalments", "Ratenzahlung"),
    "payu": ("PayU",) * 5,
    "tpay": ("Tpay",) * 5,
    "przelewy24": ("Przelewy24",) * 5,
    "dotpay": ("Dotpay",) * 5,
    "other": ("Jinak", "Inak", "Inny sposób", "Other", "Sonstige"),
}

METHODS = frozenset(list(LABELS)[list(LABELS).index("bank") :])
"""Ways to pay that have a label."""
