"""Which dialects a test is about: where the folder of one is missing it is not collected, which is no skip."""

import pytest

from faktura.dialects import installed

FAKTUROID = pytest.mark.needs("fakturoid")
INFAKT = pytest.mark.needs("infakt")
EACH_DIALECT = pytest.mark.parametrize("dialect", installed(), ids=lambda dialect: dialect.name)
