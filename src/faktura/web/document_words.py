"""What stands on documents beside their own data, in the languages in which customers read them."""

import functools
from collections.abc import Mapping

LANGUAGES = ("cs", "sk", "pl", "en", "de")


@functools.cache
def words_in(language: str) -> Mapping[str, str]:
    """By name; a document in a language that is not here is read in English."""
    place = LANGUAGES.index(shown_language(language))
    return {name: told[place] for name, told in WORDS.items()}


def shown_language(language: str) -> str:
    return language if language in LANGUAGES else "en"


WORDS = {
    # Kinds
    "invoice": ("Faktura", "Faktúra", "Faktura", "Invoice", "Rechnung"),
    "proforma": ("Zálohová faktura", "Zálohová faktúra", "Faktura pro forma", "Proforma invoice", "Proforma-Rechnung"),
    "correction": ("Opravný doklad", "Opravný doklad", "Faktura korygująca", "Credit note", "Korrekturrechnung"),
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
    # What became of it
    "open": ("Čeká na platbu", "Čaká na platbu", "Do zapłaty", "Awaiting payment", "Offen"),
    "sent": ("Čeká na platbu", "Čaká na platbu", "Do zapłaty", "Awaiting payment", "Offen"),
    "overdue": ("Po splatnosti", "Po splatnosti", "Po terminie", "Overdue", "Überfällig"),
    "paid": ("Zaplaceno", "Zaplatené", "Zapłacono", "Paid", "Bezahlt"),
    "cancelled": ("Stornováno", "Stornované", "Anulowano", "Cancelled", "Storniert"),
    "uncollectible": ("Po splatnosti", "Po splatnosti", "Po terminie", "Overdue", "Überfällig"),
    "was_cancelled": (
        "Tento doklad byl stornován a neplatí.",
        "Tento doklad bol stornovaný a neplatí.",
        "Ten dokument został anulowany i jest nieważny.",
        "This document was cancelled and is not valid.",
        "Dieses Dokument wurde storniert und ist ungültig.",
    ),
    "do_not_pay": (
        "Neplaťte, již uhrazeno.",
        "Neplaťte, už uhradené.",
        "Nie płacić, już opłacono.",
        "Do not pay, already paid.",
        "Nicht zahlen, bereits beglichen.",
    ),
    # Parties
    "seller": ("Dodavatel", "Dodávateľ", "Sprzedawca", "Seller", "Verkäufer"),
    "buyer": ("Odběratel", "Odberateľ", "Nabywca", "Buyer", "Käufer"),
    "delivery": ("Dodací adresa", "Dodacia adresa", "Adres dostawy", "Delivery address", "Lieferadresse"),
    "registration_no": ("IČO", "IČO", "REGON", "Registration no.", "Reg.-Nr."),
    "vat_no": ("DIČ", "IČ DPH", "NIP", "VAT no.", "USt-IdNr."),
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
    # Lines and sums
    "lines": ("Položky", "Položky", "Pozycje", "Items", "Positionen"),
    "name": ("Popis", "Popis", "Nazwa", "Description", "Bezeichnung"),
    "quantity": ("Množství", "Množstvo", "Ilość", "Quantity", "Menge"),
    "unit_price": ("Cena za jednotku", "Jednotková cena", "Cena jedn.", "Unit price", "Einzelpreis"),
    "discount": ("Sleva", "Zľava", "Rabat", "Discount", "Rabatt"),
    "vat_rate": ("DPH", "DPH", "VAT", "VAT", "USt."),
    "before_correction": ("Před opravou", "Pred opravou", "Przed korektą", "Before correction", "Vor Korrektur"),
    "after_correction": ("Po opravě", "Po oprave", "Po korekcie", "After correction", "Nach Korrektur"),
    "exempt": ("osvobozeno", "oslobodené", "zw.", "exempt", "befreit"),
    "not_subject": ("mimo DPH", "mimo DPH", "np.", "outside VAT", "nicht steuerbar"),
    "reverse_charge": ("přenesená", "prenesená", "oo", "reverse charge", "Reverse Charge"),
    "vat_summary": ("Přehled DPH", "Prehľad DPH", "Zestawienie VAT", "VAT summary", "Umsatzsteuer"),
    "net": ("Bez DPH", "Bez DPH", "Netto", "Without VAT", "Netto"),
    "gross": ("S DPH", "S DPH", "Brutto", "With VAT", "Brutto"),
    "rounding": ("Zaokrouhlení", "Zaokrúhlenie", "Zaokrąglenie", "Rounding", "Rundung"),
    "total": ("Celkem", "Celkom", "Razem", "Total", "Gesamt"),
    "deducted": ("Odečtené zálohy", "Odpočítané zálohy", "Rozliczone zaliczki", "Advances deducted", "Anzahlungen"),
    "already_paid": ("Zaplaceno", "Zaplatené", "Zapłacono", "Paid", "Bezahlt"),
    "left_to_pay": ("Zbývá uhradit", "Zostáva uhradiť", "Do zapłaty", "Left to pay", "Zu zahlen"),
    "left_to_return": ("K vrácení", "Na vrátenie", "Do zwrotu", "To be returned", "Zu erstatten"),
    "exchange_rate": ("Kurz", "Kurz", "Kurs", "Exchange rate", "Wechselkurs"),
    "customer_pays_vat": (
        "Daň odvede zákazník.",
        "Prenesenie daňovej povinnosti.",
        "Odwrotne obciążenie.",
        "Reverse charge: the customer accounts for the VAT.",
        "Steuerschuldnerschaft des Leistungsempfängers.",
    ),
    "split_payment": (
        "Rozdělená platba",
        "Rozdelená platba",
        "Mechanizm podzielonej płatności",
        "Split payment mechanism",
        "Split-Payment-Verfahren",
    ),
    # Payment
    "payment": ("Platba", "Platba", "Płatność", "Payment", "Zahlung"),
    "method": ("Způsob platby", "Spôsob platby", "Sposób płatności", "Payment method", "Zahlungsart"),
    "account_number": ("Číslo účtu", "Číslo účtu", "Numer konta", "Account no.", "Kontonummer"),
    "bank_name": ("Banka", "Banka", "Bank", "Bank", "Bank"),
    "variable_symbol": (
        "Variabilní symbol",
        "Variabilný symbol",
        "Tytuł przelewu",
        "Payment reference",
        "Verwendungszweck",
    ),
    "scan": (
        "Zaplaťte naskenováním kódu v aplikaci své banky.",
        "Zaplaťte naskenovaním kódu v aplikácii svojej banky.",
        "Zapłać, skanując kod w aplikacji swojego banku.",
        "Pay by scanning the code in the application of your bank.",
        "Zahlen Sie, indem Sie den Code mit der App Ihrer Bank scannen.",
    ),
    "qr": ("QR kód platby", "QR kód platby", "Kod QR płatności", "QR code of the payment", "QR-Code der Zahlung"),
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
    # The page
    "skip": ("Přejít k obsahu", "Prejsť na obsah", "Przejdź do treści", "Skip to content", "Zum Inhalt"),
    "attachments": ("Přílohy", "Prílohy", "Załączniki", "Attachments", "Anhänge"),
    "pdf": ("Stáhnout PDF", "Stiahnuť PDF", "Pobierz PDF", "Download PDF", "PDF herunterladen"),
}
