"""Which dialects a test is about: where the folder of one is missing it is not collected, which is no skip.

What only spells, before the store is asked or after it has answered, is tested on one engine (`ONE_ENGINE`).
"""

import pytest

from faktura.dialects import installed

FAKTUROID = pytest.mark.needs("fakturoid")
INFAKT = pytest.mark.needs("infakt")
ONE_ENGINE = pytest.mark.one_engine
EACH_DIALECT = pytest.mark.parametrize("dialect", installed(), ids=lambda dialect: dialect.name)
