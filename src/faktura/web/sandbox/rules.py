"""The fault rules that the panel adds by one press, each as the JSON that a program may send itself."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from flask_babel import gettext


class CommonRule(NamedTuple):
    """A button, and the JSON that it sends."""

    label: str
    terms: str


def common() -> list[CommonRule]:
    webhook = {"doors": ["webhooks"], "count": 1}
    busy = {"status": 503, "headers": {"Retry-After": "1"}}
    return [
        _rule(gettext("Answer the next request with 503"), count=1, fault=busy),
        _rule(gettext("Let one request in ten fail"), share=0.1, fault={"status": 500}),
        _rule(gettext("Lose the answer to the next POST"), method="POST", count=1, fault={"lost": True}),
        _rule(gettext("Cut the next answer in its middle"), count=1, fault={"cut": "body"}),
        _rule(gettext("Let every request wait for two seconds"), fault={"latency_ms": 2000}),
        _rule(gettext("Send the next webhook twice"), **webhook, fault={"duplicate": 2}),
        _rule(gettext("Send the next webhook after the one that follows"), **webhook, fault={"out_of_order": True}),
    ]


def rule_of(form: Mapping[str, str]) -> Any:
    """What a button or the field of the panel asks for.

    Raises:
        ValueError: it is no JSON.

    """
    try:
        return msgspec.json.decode(form.get("rule", ""))
    except msgspec.DecodeError as wrong:
        raise ValueError(str(wrong)) from None


def _rule(label: str, **terms: Any) -> CommonRule:
    return CommonRule(label, msgspec.json.encode(terms).decode())
