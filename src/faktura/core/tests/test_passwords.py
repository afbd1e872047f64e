"""Which passwords are refused."""

import pytest

from faktura.core.people.passwords import WeakPassword, hash_good_password
from tests.firm import PASSWORD


def refusal(password: str) -> str:
    try:
        hash_good_password(password, "jan.novak@mojefirma.cz", "Jan Novák")
    except WeakPassword as weak:
        return weak.reason
    return ""


@pytest.mark.parametrize("password", ["", "short", "123456789", "kx7#mQ9vL", "ž" * 9])
def test_a_password_of_less_than_ten_characters_is_too_short(password: str) -> None:
    assert refusal(password) == "too_short"


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "qwertyuiop",
        "password123",
        "P@ssw0rd123",
        "iloveyou1234",
        "aaaaaaaaaaaa",
        "abcdefghijkl",
        "jan.novak@mojefirma.cz",
        "JAN.NOVAK2026",
        "mojefirma2026",
        "Jan Novák 1",
        "faktura2026",
        "28.11.2026",
    ],
)
def test_what_many_choose_or_a_person_is_called_is_easily_guessed(password: str) -> None:
    assert refusal(password) == "easily_guessed"


@pytest.mark.parametrize("password", [PASSWORD, "dlouhé heslo", "kx7#mQ9vLp", "1234567890" + "žluťoučký kůň" * 20])
def test_whatever_else_is_good_whichever_characters_it_has(password: str) -> None:
    assert refusal(password) == ""
