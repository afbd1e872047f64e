"""Facts of inFakt's contract about lists: what is searched, sorted, cut and left out."""

import functools
import operator
from collections.abc import Callable, Mapping
from typing import Any

from tests import needs
from tests.fidelity.infakt_house import Infakt, one, path_of
from tests.fidelity.manifest import driven

pytestmark = [needs.INFAKT, needs.ONE_ENGINE]

Check = dict[str, Any]

by_facts = functools.partial(driven, "infakt", __file__)

FITS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "cont": lambda value, asked: asked.casefold() in value.casefold(),
    "lt": operator.lt,
    "gt": operator.gt,
    "lteq": operator.le,
    "gteq": operator.ge,
}


def found(infakt: Infakt, path: str, **parameters: Any) -> list[int]:
    return [row["id"] for row in infakt.listed(path, **parameters)]


DECIMALS = {"discount", "rate", "flat_rate_tax_symbol", "quantity"}
"""Numbers that are shown as texts."""


def asked_for(values: list[Any], modifier: str, rows: int) -> Any:
    """A value that finds some rows and leaves out others; or a part of one."""
    parts = [value[1:-1] or value for value in values] if modifier == "cont" else values
    return next(part for part in parts if 0 < sum(FITS[modifier](value, part) for value in values) < rows)


@by_facts("test_search")
def test_search(infakt: Infakt, check: Check) -> None:
    """What fits is found, and what does not is left out; there is some of both."""
    attribute, modifier = check["attribute"], check["modifier"]
    number = float if attribute in DECIMALS else lambda value: value
    rows = {row["id"]: row[attribute] for row in infakt.listed(check["path"])}
    told = {row: number(value) for row, value in rows.items() if value not in {None, ""}}
    asked = asked_for([*told.values()], modifier, len(rows))
    expected = {row for row, value in told.items() if FITS[modifier](value, asked)}
    spelled = str(asked).lower() if isinstance(asked, bool) else asked

    assert {*found(infakt, check["path"], **{f"q[{attribute}_{modifier}]": spelled})} == expected


@by_facts("test_search_for_null")
def test_search_for_null(infakt: Infakt, check: Check) -> None:
    attribute = check["attribute"]
    rows = {row["id"]: row[attribute] for row in infakt.listed(check["path"])}
    without = {row for row, value in rows.items() if value is None}
    assert set() < without < rows.keys()

    assert {*found(infakt, check["path"], **{f"q[{attribute}_null]": "true"})} == without
    assert {*found(infakt, check["path"], **{f"q[{attribute}_null]": "false"})} == rows.keys() - without


@by_facts("test_order")
def test_order(infakt: Infakt, check: Check) -> None:
    """Both ways, and upwards where no way is named."""
    attribute = check["attribute"]
    rows = {row["id"]: row[attribute] for row in infakt.listed(check["path"])}
    upwards, named, downwards = (
        [
            float(rows[row]) if attribute in DECIMALS else rows[row]
            for row in found(infakt, check["path"], order=f"{attribute}{way}")
            if rows[row] not in {None, ""}
        ]
        for way in ("", " asc", " desc")
    )
    assert len({*upwards}) > 1

    assert upwards == named == sorted(upwards)
    assert downwards == sorted(upwards, reverse=True)


@by_facts("test_part")
def test_part(infakt: Infakt, check: Check) -> None:
    """Of one record and of each of a list; what only one record shows is not in the list."""
    noun, attribute = check["of"], check["attribute"]
    for record in infakt.records[noun]:
        whole = infakt.asked(one(noun, record))
        assert infakt.asked(one(noun, record), fields=attribute) == {name: whole[name] for name in ("id", attribute)}
    rows = infakt.listed(path_of(noun))
    parts = infakt.asked(path_of(noun), fields=attribute, limit=100)["entities"]
    assert parts == [{name: row[name] for name in ("id", attribute) if name in row} for row in rows]


@by_facts("test_part_of_a_row")
def test_part_of_a_row(infakt: Infakt, check: Check) -> None:
    path, attribute = check["path"], check["attribute"]
    rows = infakt.listed(path)[:100]
    parts = infakt.asked(path, fields=attribute, limit=100)["entities"]
    assert parts == [{name: row[name] for name in ("id", attribute)} for row in rows]


@by_facts("test_part_inside")
def test_part_inside(infakt: Infakt, check: Check) -> None:
    """`fields=services(name)`."""
    noun, inside, attribute = check["of"], check["inside"], check["attribute"]
    record = infakt.records[noun][0]
    whole = infakt.asked(one(noun, record))[inside]
    part = infakt.asked(one(noun, record), fields=f"{inside}({attribute})")[inside]
    assert whole != []
    assert part == [{name: line[name] for name in ("id", attribute) if name in line} for line in whole]


@by_facts("test_not_listed")
def test_not_listed(infakt: Infakt, check: Check) -> None:
    noun, attribute = check["of"], check["attribute"]
    assert [row for row in infakt.listed(path_of(noun)) if attribute in row] == []
    assert attribute in infakt.asked(one(noun, infakt.records[noun][0]))


@by_facts("test_envelope")
def test_envelope(infakt: Infakt, check: Check) -> None:
    page = infakt.asked(infakt.at(check["path"]), limit=1)
    assert list(page) == ["metainfo", "entities"]
    assert list(page["metainfo"]) == ["count", "total_count", "next", "previous"]
    assert page["metainfo"]["count"] == len(page["entities"])
    assert [type(page["metainfo"][name]) for name in ("total_count", "next", "previous")] == [int, str, str]


@by_facts("test_cut")
def test_cut(infakt: Infakt, check: Check) -> None:
    """`offset` and `limit` choose the page."""
    path = infakt.at(check["path"])
    whole = infakt.asked(path, limit=100)["entities"]
    assert len(whole) > 1
    assert infakt.asked(path, limit=1)["entities"] == whole[:1]
    assert infakt.asked(path, limit=1, offset=1)["entities"] == whole[1:2]


@by_facts("test_bad_page")
def test_bad_page(infakt: Infakt, check: Check) -> None:
    for value in ("-1", "x"):
        answer = infakt.gallery.ask("GET", f"{infakt.at(check['path'])}.json", query=f"{check['name']}={value}")
        assert answer.status_code == 400


@by_facts("test_default_order")
def test_default_order(infakt: Infakt, check: Check) -> None:
    """Somebody without a company stands among companies by a name that is not in the column."""
    rows = [row[check["attribute"]] for row in infakt.listed(check["path"]) if row[check["attribute"]] is not None]
    assert len({*rows}) > 1
    assert rows == sorted(rows, reverse=check.get("downwards", False))


@by_facts("test_unknown_search")
def test_unknown_search(infakt: Infakt, check: Check) -> None:
    """The whole list is answered."""
    whole = found(infakt, check["path"])
    assert whole != []
    assert found(infakt, check["path"], **{check["parameter"]: check.get("value", "x")}) == whole


@by_facts("test_search_by_digits")
def test_search_by_digits(infakt: Infakt, check: Check) -> None:
    """The key is no attribute: it finds a tax number in whatever spelling, with or without its country."""
    noun, attribute, key = check["of"], check["attribute"], check["key"]
    expected = {row["id"] for row in infakt.listed(path_of(noun)) if row[attribute] == "525-224-84-81"}
    assert expected != set()
    for asked in ("5252248481", "525 224 84 81", "PL5252248481"):
        assert {*found(infakt, path_of(noun), **{f"q[{key}_eq]": asked})} == expected
