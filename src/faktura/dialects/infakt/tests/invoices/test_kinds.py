"""What all kinds of documents have, stands in one list."""

from faktura.dialects.infakt.door.application import ISSUED
from faktura.dialects.infakt.invoices import corrective_oss_invoices, fields, margin_invoices, oss_invoices
from faktura.dialects.infakt.invoices.fields import OF_SOME
from tests import needs

pytestmark = needs.ONE_ENGINE

OF_THEIR_OWN = (
    margin_invoices.RESOURCE,
    oss_invoices.RESOURCE,
    corrective_oss_invoices.RESOURCE,
)
"""What shows no VAT, or that of another country, names all of its fields itself."""


def test_a_common_field_is_every_kind_s_unless_it_is_said_to_be_of_some() -> None:
    common = {field.name for field in fields._COMMON}  # noqa: SLF001 (the list itself)
    shown = [{field.name for field in resource.shape.fields} for resource in ISSUED if resource not in OF_THEIR_OWN]

    assert {name for name in common if not all(name in names for names in shown)} == OF_SOME


def test_a_field_that_no_kind_names_follows_the_one_before_it() -> None:
    common = [field.name for field in fields._COMMON if field.name not in OF_SOME]  # noqa: SLF001 (the list itself)

    made = [field.name for field in fields.fields("advance_date", common[2])]

    assert made == [*common[:2], "advance_date", *common[2:]]
