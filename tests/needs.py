"""Marks of tests that need a dialect: where its folder is missing they are not collected, which is no skip."""

import pytest

FAKTUROID = pytest.mark.needs("fakturoid")
INFAKT = pytest.mark.needs("infakt")
