"""What KSeF itself lets a firm do in a while lowers our own limits, each sort of calls by its own."""

import functools
from typing import get_args

import pytest
from ksef_client import KsefClient
from ksef_client.openapi_models import SetRateLimitsRequest

from faktura.core.ksef.pace import PUBLISHED, Sort, limit_of
from faktura.outside.ksef.allowed import GROUPS, limits_of
from faktura.outside.ksef.tests.conftest import Connected

GROUP_OF = {"session": "onlineSession", "batch": "batchSession", "session_misc": "sessionMisc", "send": "invoiceSend"}


def lower(group: str, client: KsefClient, access: str) -> None:
    """Have the double let a firm make fewer calls of a group."""
    limits = client.rate_limits.get_rate_limits(access).to_dict()
    limits[group] = {"perSecond": 1, "perMinute": 2, "perHour": 3}
    client.testdata.set_rate_limits(SetRateLimitsRequest.from_dict({"rateLimits": limits}), access_token=access)


@pytest.mark.parametrize("sort", GROUP_OF)
def test_a_limit_that_ksef_lowers_holds_for_the_calls_that_it_is_of_and_no_others(firm: Connected, sort: Sort) -> None:
    firm.connect_by_certificate()
    firm.line().call("other", functools.partial(lower, GROUP_OF[sort]))

    named = limits_of(firm.line())

    lowered = {one for one in PUBLISHED if limit_of(one, named) != PUBLISHED[one]}
    assert lowered == {sort}
    assert limit_of(sort, named).per_hour == 3


def test_of_each_sort_of_calls_but_signing_in_ksef_says_a_limit() -> None:
    assert {sort for sort, _ in GROUPS} == {*get_args(Sort)} - {"sign_in"}
