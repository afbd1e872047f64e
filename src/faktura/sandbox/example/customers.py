"""Who buys from the example firms over years: made-up houses, with numbers whose check digits are right."""

from collections.abc import Mapping
from typing import NamedTuple

from faktura.core.errors import Given

HABITS: tuple[tuple[int, int], ...] = ((-4, 0), (-1, 3), (0, 5), (0, 5), (4, 30))
"""How many days after an invoice is due customers pay, at the least and at the most: one in five is late."""


class Customers(NamedTuple):
    """Words of a country: each sort of house by each of the names is one of them."""

    sorts: tuple[str, ...]
    names: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]


IN: Mapping[str, Customers] = {
    "CZ": Customers(
        ("Penzion", "Kavárna", "Restaurace", "Cukrárna", "Hostinec", "Hotel", "Statek", "Bistro", "Vinárna", "Jídelna"),
        ("U Dubu", "Pod Lipou", "Na Kopci", "U Splavu", "Zlatý klas", "Stará pošta", "Modrá hvězda", "Nad Řekou"),
        (("Třeboň", "37901"), ("Telč", "58856"), ("Litomyšl", "57001"), ("Mikulov", "69201"), ("Kutná Hora", "28401")),
    ),
    "PL": Customers(
        (
            "Pensjonat",
            "Kawiarnia",
            "Restauracja",
            "Cukiernia",
            "Gospoda",
            "Hotel",
            "Piekarnia",
            "Bistro",
            "Bar",
            "Dwór",
        ),
        ("Pod Dębem", "Pod Lipą", "Na Wzgórzu", "Złoty Kłos", "Stara Poczta", "Niebieska", "Nad Rzeką", "U Młynarza"),
        (("Sandomierz", "27-600"), ("Kazimierz", "24-120"), ("Zamość", "22-400"), ("Chełmno", "86-200")),
    ),
}


def customer(country: str, place: int) -> Given:
    """What is said of the so many-th customer that came: no two are the same before there are eighty.

    Only those who pay late are reminded before they have to.
    """
    words = IN[country]
    sort, name = place % len(words.sorts), (place // len(words.sorts) + 5 * place) % len(words.names)
    city, postcode = words.towns[place % len(words.towns)]
    number = (
        {"registration_no": _ico(2700000 + 137 * place)} if country == "CZ" else {"vat_no": _nip(525200000 + place)}
    )
    address = {"street": f"Jabloňová {place + 1}", "city": city, "postcode": postcode, "country": country}
    email = f"ucetni{place + 1}@zakaznik.example" if country == "CZ" else f"ksiegowosc{place + 1}@klient.example"
    known = {"name": f"{words.sorts[sort]} {words.names[name]}", "email": email, **address, **number}
    early = "inherit" if habit_of(place) == HABITS[-1] else "off"
    return Given({**known, "send_due_date_reminders": early})


def habit_of(place: int) -> tuple[int, int]:
    return HABITS[place % len(HABITS)]


def _ico(digits: int) -> str:
    """Seven digits with the eighth that checks them."""
    rest = sum(int(digit) * weight for digit, weight in zip(f"{digits:07}", range(8, 1, -1), strict=True)) % 11
    return f"{digits:07}{(11 - rest) % 10}"


def _nip(digits: int) -> str:
    """Nine digits, the next that can be checked, with the tenth that checks them."""
    rest = sum(int(digit) * weight for digit, weight in zip(str(digits), (6, 5, 7, 2, 3, 4, 5, 6, 7), strict=True)) % 11
    return f"{digits}{rest}" if rest < len(str(digits)) + 1 else _nip(digits + 1_000)
