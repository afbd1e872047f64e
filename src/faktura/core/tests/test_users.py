"""Passwords."""

from argon2 import extract_parameters
from argon2.low_level import Type

from faktura.core.people.users import NOBODYS_HASH, hash_password


def test_a_password_is_kept_as_a_costly_argon2id_hash_with_a_salt_of_its_own() -> None:
    first, second = hash_password("correct horse"), hash_password("correct horse")

    assert first != second
    assert "correct" not in first
    parameters = extract_parameters(first)
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2


def test_a_password_for_nobody_takes_as_long_to_look_at_as_one_for_somebody() -> None:
    assert extract_parameters(NOBODYS_HASH) == extract_parameters(hash_password("correct horse"))
