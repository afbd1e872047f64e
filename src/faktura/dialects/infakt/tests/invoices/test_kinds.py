"""What all kinds of documents have, stands in one list."""

from faktura.dialects.infakt.door.application import ISSUED
from faktura.dialects.infakt.invoices import fields
from faktura.dialects.infakt.invoices.fields import OF_SOME
from tests import needs

pytestmark = needs.ONE_ENGINE


def test_a_common_field_is_every_kind_s_unless_it_is_said_to_be_of_some() -> None:
    common = {field.name for field in fields._COMMON}  # noqa: SLF001 (the list itself)
    shown = [{field.name for field in resource.shape.fields} for resource in ISSUED]

    assert {name for name in common if not all(name in names for names in shown)} == OF_SOME


def test_a_field_that_no_kind_names_follows_the_one_before_it() -> None:
    made = [field.name for field in fields.fields("id", "number", "notes")]

    assert made[:4] == ["id", "uuid", "number", "currency"]
    assert made.index("kind") == made.index("notes") + 1
    assert OF_SOME.isdisjoint(made)
