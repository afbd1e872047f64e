"""What contacts and documents hold and what is searched for: Czech words in ever other combinations."""

from collections.abc import Sequence
from decimal import Decimal

from faktura.store.search import folded

_FIRST = """
    Jan Petr Josef Pavel Martin Tomáš Jiří Zdeněk Marie Jana Eva Hana Anna Lenka Kateřina Lucie
"""
_LAST = """
    Novák Svoboda Novotný Dvořák Černý Procházka Kučera Veselý Horák Němec Pokorný Pospíšil Marek Hájek
    Jelínek Král Růžička Beneš Fiala Sedláček Doležal Zeman Kolář Navrátil Čermák Vaněk Urban Blažek Kříž
    Kratochvíl Kovář Bartoš Vlček Polák Musil Kopecký Šimek Konečný Malý Čech Holub Štěpánek Staněk Kadlec
    Dostál Soukup Mareš Šťastný
"""
_TRADE = """
    Stavby Pekárna Zahrady Tiskárna Doprava Účetnictví Lékárna Truhlářství Kavárna Reality Elektro Autodíly
    Papír Textil Knihy Sklo Ocel Nábytek Software Reklama Úklid Vinařství Mlékárna Sport Hračky Optika Klenoty
    Potraviny
"""
_TOWN = """
    Praha Brno Ostrava Plzeň Liberec Olomouc Zlín Pardubice Kladno Most Opava Jihlava Teplice Karviná Děčín
    Přerov Mladá%Boleslav Prostějov Třebíč Znojmo Kolín Příbram Písek Trutnov Tábor Chrudim Beroun Kroměříž
"""

PIECES = 4

FIRST = _FIRST.split()
LAST = _LAST.split()
TRADE = _TRADE.split()
TOWN = _TOWN.split()
UNITS = ("ks", "h", "m", "")

MOST_LINES = 20


def fields_of(n: int) -> dict[str, object]:
    """Every attribute that a client may set, different for each n."""
    first, last = FIRST[n % 16], LAST[n // 7 % 48]
    trade, town = TRADE[n // 11 % 28], TOWN[n // 3 % 28].replace("%", " ")
    number = 10_000_000 + n * 7_919 % 89_999_999
    host = f"{folded(trade)}-{n % 9973}.example"
    return {
        "name": f"{trade} {last} {town} s.r.o.",
        "custom_id": f"SHOP-{n:07}",
        "role": "both",
        "full_name": f"{first} {last}",
        "email": f"{folded(first)}.{folded(last)}@{host}",
        "email_copy": f"fakturace@{host}",
        "phone": f"+420 {600_000_000 + n}",
        "web": f"https://www.{host}",
        "street": f"{last}ova {n % 2000}/{n % 30}",
        "city": town,
        "postcode": f"{10_000 + n % 69_999}",
        "country": "CZ",
        "has_delivery_address": True,
        "delivery_name": f"Sklad {trade}",
        "delivery_street": f"U Skladu {n % 100}",
        "delivery_city": town,
        "delivery_postcode": f"{10_000 + n % 59_999}",
        "delivery_country": "CZ",
        "due_days": 14,
        "currency": "CZK",
        "language": "cs",
        "private_note": f"Volat po desáté, slevu má {n % 30} %, jedná {first} {last}.",
        "registration_no": str(number),
        "vat_no": f"CZ{number}",
        "local_vat_no": f"SK{number}",
        "legal_form": "112",
        "vat_mode": "vat_payer",
        "bank_account": f"{number}/2010",
        "iban": f"CZ65201000000000{number}",
        "bic": "FIOBCZPPXXX",
        "variable_symbol": str(number),
        "update_from_registry": "on",
        "attach_invoice_pdf": "on",
        "attach_estimate_pdf": "off",
        "send_reminders": "on",
        "custom_email_text": "Dobrý den, v příloze posíláme fakturu #no#.",
        "overdue_email_text": "Dobrý den, faktura #no# je po splatnosti.",
        "invoice_from_proforma_email_text": "Dobrý den, děkujeme za zálohu.",
        "thank_you_email_text": "Dobrý den, děkujeme za platbu.",
        "custom_estimate_email_text": "Dobrý den, posíláme nabídku.",
        "invoice_history": "recent",
    }


def count_of_lines(n: int) -> int:
    """One to twenty, as many documents of each."""
    return 1 + n % MOST_LINES


def lines_of(n: int) -> list[dict[str, object]]:
    """What the lines of a document say, different for the next few hundred."""
    return [_line_of(n + n * place + place) for place in range(count_of_lines(n))]


def _line_of(n: int) -> dict[str, object]:
    return {
        "name": f"{TRADE[n % 28]}, práce a materiál {n % 997}",
        "quantity": Decimal(1 + n % 12),
        "unit": UNITS[n % 4],
        "entered": Decimal(1_990 + n * 733 % 900_000) / 100,
        "vat_rate": Decimal((21, 21, 12)[n % 3]),
    }


def searched_words(numbers: Sequence[int]) -> list[str]:
    """What people type of these contacts, each text once.

    A surname or a trade and a town, with two figures of some number; a registration number; an e-mail address up to the
    number in its host.
    """
    wanted = []
    for n in numbers:
        fields = fields_of(n)
        trade, last, *_ = str(fields["name"]).split()
        number = str(fields["registration_no"])
        wanted += [f"{last} {number[-4:-2]}", f"{trade} {fields['city']} {number[-2:]}", number]
        wanted += [str(fields["email"]).removesuffix(".example"), f"{fields['full_name']} {number[-3:-1]}"]
    return list(dict.fromkeys(wanted))


def name_parts(numbers: Sequence[int]) -> list[str]:
    """Pieces of the names of these contacts, each once: up to 19 letters from somewhere within, mostly 8 and more."""
    names = [(n, str(fields_of(n)["name"])) for n in numbers]
    pieces = (
        name[(n * 31 + 3 * k) % 13 :][: 8 + (n // 5 + k) % 12].strip() for k in range(PIECES) for n, name in names
    )
    return list(dict.fromkeys(pieces))


def tax_numbers(numbers: Sequence[int]) -> list[str]:
    return [str(fields_of(n)["vat_no"])[2:] for n in numbers]
