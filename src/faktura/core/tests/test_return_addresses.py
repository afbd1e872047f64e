"""Where a person may be sent back to after consent."""

import pytest

from faktura.core.people.return_addresses import is_acceptable, leads_to


@pytest.mark.parametrize(
    "address",
    [
        "https://shop.example/callback?from=faktura",
        "https://shop.example:8443",
        "http://127.0.0.1:3000/cb",
        "http://[::1]/cb",
        "http://localhost/cb",
        "com.example.shop:/callback",
        "com.example.shop://callback",
    ],
)
def test_tls_the_machine_itself_and_a_scheme_of_an_app_are_accepted(address: str) -> None:
    assert is_acceptable(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://shop.example/callback",
        "http://127.0.0.1.evil.example/cb",
        "http://localhost@evil.example/cb",
        "https://user:password@shop.example/cb",
        "https://",
        "https:/shop.example",
        "https://shop.example/cb#part",
        "https://shop.example:port/cb",
        "https://[::1/cb",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "shop-app:/callback",
        "//shop.example/cb",
        "/cb",
        "https://shop.example/a b",
        "https://shop.example/ž",
        "",
    ],
)
def test_whatever_else_is_refused(address: str) -> None:
    assert not is_acceptable(address)


def test_addresses_are_compared_exactly_but_for_the_port_of_the_machine_itself() -> None:
    assert leads_to("https://shop.example/cb", "https://shop.example/cb")
    assert leads_to("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb")
    assert leads_to("http://[::1]:3000/cb?a=1", "http://[::1]:49152/cb?a=1")
    for asked in (
        "http://127.0.0.1:49152/other",
        "http://127.0.0.1:49152/cb?a=1",
        "http://[::1]:49152/cb",
        "http://127.0.0.1:99999/cb",
        "https://127.0.0.1/cb",
    ):
        assert not leads_to("http://127.0.0.1/cb", asked), asked
    assert not leads_to("https://shop.example/cb", "https://shop.example:8443/cb")
    assert not leads_to("https://shop.example/cb", "https://shop.example/cb/")
