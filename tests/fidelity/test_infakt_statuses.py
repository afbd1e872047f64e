"""Facts of inFakt's contract about what each endpoint answers: to a good request, to a bad one, to a stranger."""

import functools
from typing import Any

from falcon import testing

from tests import needs
from tests.fidelity.house import Values
from tests.fidelity.infakt_house import Infakt, one, path_of
from tests.fidelity.infakt_samples import LEAST, SAMPLES, least_inside
from tests.fidelity.manifest import driven

pytestmark = [needs.INFAKT, needs.ONE_ENGINE]

Check = dict[str, Any]

by_facts = functools.partial(driven, "infakt", __file__)

NO_KEY = "Musisz podać klucz API."
WRONG_KEY = "Klucz API który podałeś jest nieprawidłowy."
NOT_FOUND = "Zasób którego szukasz nie został znaleziony."

JSON = "application/json; charset=utf-8"
LETTER: Values = {"print_type": "original", "recipient": "klient@example.com"}


def noun_of(path: str) -> str:
    """The wrapper key of what stands below the path."""
    first = path.removeprefix("/async").split("/")[1].removesuffix(".json").removesuffix("s")
    return first if first in SAMPLES else ""


def error(answer: testing.Result, status: int) -> Any:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == JSON
    return answer.json["error"]


@by_facts("test_without_a_key")
def test_without_a_key(infakt: Infakt, check: Check) -> None:
    answer = infakt.gallery.ask(check["method"], infakt.at(check["path"]), key=None)
    assert error(answer, 401) == NO_KEY


@by_facts("test_with_an_unknown_key")
def test_with_an_unknown_key(infakt: Infakt, check: Check) -> None:
    answer = infakt.gallery.ask(check["method"], infakt.at(check["path"]), key="f" * 40)
    assert error(answer, 401) == WRONG_KEY


@by_facts("test_without_the_scope")
def test_without_the_scope(infakt: Infakt, check: Check) -> None:
    """Every other scope does not help."""
    everything = [scope for scope in infakt.dialect.key_scopes if scope not in check["scopes"]]
    key = infakt.key_with(*everything)
    assert error(infakt.gallery.ask(check["method"], infakt.at(check["path"]), key=key), 401)


@by_facts("test_with_the_scope_alone")
def test_with_the_scope_alone(infakt: Infakt, check: Check) -> None:
    """Whoever is let in is told that the record is not there, or that something has to be sent."""
    key = infakt.key_with(check["scope"])
    answer = infakt.gallery.ask(check["method"], infakt.at(check["path"], "missing"), key=key)
    assert answer.status_code != 401, answer.text


@by_facts("test_of_a_foreign_record")
def test_of_a_foreign_record(infakt: Infakt, check: Check) -> None:
    answer = infakt.gallery.ask(check["method"], infakt.at(check["path"], "elsewhere"), sent_to(check))
    assert error(answer, 404) == NOT_FOUND


@by_facts("test_of_a_missing_record")
def test_of_a_missing_record(infakt: Infakt, check: Check) -> None:
    answer = infakt.gallery.ask(check["method"], infakt.at(check["path"], "missing"), sent_to(check))
    assert error(answer, 404) == NOT_FOUND


@by_facts("test_under_another_suffix")
def test_under_another_suffix(infakt: Infakt, check: Check) -> None:
    path = infakt.at(check["path"]).removesuffix(".json")
    for suffix in ("", ".xml"):
        assert error(infakt.gallery.ask(check["method"], path + suffix), 406)


@by_facts("test_of_a_garbled_body")
def test_of_a_garbled_body(infakt: Infakt, check: Check) -> None:
    answer = infakt.gallery.ask(check["method"], infakt.at(check["path"]), raw=b'{"client": {')
    assert error(answer, 400)


@by_facts("test_of_a_missing_wrapper")
def test_of_a_missing_wrapper(infakt: Infakt, check: Check) -> None:
    answer = infakt.gallery.ask(check["method"], infakt.at(check["path"]), {"other": {}})
    assert error(answer, 400)


@by_facts("test_of_a_wrong_type")
def test_of_a_wrong_type(infakt: Infakt, check: Check) -> None:
    """The sentence names the parameter."""
    noun, *path = check["of"].split(".")
    sent = {check["attribute"]: check["sent"]}
    body = {noun: LEAST[noun] | ({path[0]: [least_inside(noun, path[0]) | sent]} if path else sent)}
    named = "".join(f"[{name}]" for name in (*path, check["attribute"]))
    assert f"{noun}{named}" in error(infakt.workshop.ask("POST", f"{path_of(noun)}.json", body), 400)


@by_facts("test_in_maintenance")
def test_in_maintenance(infakt: Infakt, check: Check) -> None:
    infakt.service.modes.read_only = True
    try:
        answer = infakt.gallery.ask(check["method"], infakt.at(check["path"]), sent_to(check))
    finally:
        infakt.service.modes.read_only = False
    assert error(answer, 503)


@by_facts("test_success")
def test_success(infakt: Infakt, check: Check) -> None:
    answer = asked_well(infakt, check["method"], check["path"])
    assert answer.status_code == check["status"], answer.text
    if check["type"] is None:
        assert answer.content == b""
    else:
        assert answer.headers["content-type"] == check["type"]


@by_facts("test_of_an_empty_wrapper")
def test_of_an_empty_wrapper(infakt: Infakt, check: Check) -> None:
    """Neither PUT nor PATCH changes anything then."""
    noun = check["of"]
    record = infakt.gallery.get(one(noun, infakt.records[noun][0]))
    for method in ("PUT", "PATCH"):
        answer = infakt.gallery.ask(method, f"{one(noun, record)}.json", {noun: {}})
        assert (answer.status_code, answer.json) == (200, record)


@by_facts("test_deleted")
def test_deleted(infakt: Infakt, check: Check) -> None:
    """What was deleted is neither found nor listed."""
    noun, caller = check["of"], infakt.workshop
    record = caller.create(noun, caller.least(noun, {}))
    assert caller.ask("DELETE", f"{one(noun, record)}.json").status_code == 204
    assert caller.ask("GET", f"{one(noun, record)}.json").status_code == 404
    assert caller.get(path_of(noun), **{"q[id_eq]": record["id"]})["entities"] == []


@by_facts("test_either_id")
def test_either_id(infakt: Infakt, check: Check) -> None:
    record = infakt.gallery.get(one(check["of"], infakt.records[check["of"]][0]))
    for named in (record["uuid"], record["id"]):
        assert infakt.gallery.get(f"{path_of(check['of'])}/{named}") == record


@by_facts("test_action_that_is_not_there")
def test_action_that_is_not_there(infakt: Infakt, check: Check) -> None:
    """What has no cross in section 2."""
    address = one(check["of"], infakt.records[check["of"]][0])
    answer = infakt.gallery.ask(check["method"], f"{check.get('under', '')}{address}/{check['action']}.json")
    assert error(answer, 404) == NOT_FOUND


def sent_to(check: Check) -> Values | None:
    """What the endpoint would take."""
    noun = noun_of(check["path"])
    return {noun: LEAST[noun]} | LETTER if noun and check["method"] != "GET" else None


def asked_well(infakt: Infakt, method: str, path: str) -> testing.Result:
    """A request that has all it needs; what changes something is done to a record of its own."""
    caller, noun, last = infakt.workshop, noun_of(path), path.rpartition("/")[2].removesuffix(".json")
    if "{ticket}" in path:
        return infakt.gallery.ask(method, infakt.at(path), key=None)
    if not noun or "{reference}" in path or "{attachment_id}" in path or last == "attachments":
        body = {"uuids": [infakt.records["invoice"][0]["uuid"]]} if last == "pdf_many" else None
        return infakt.gallery.ask(method, infakt.at(path), body)
    if "{" not in path:
        return caller.ask(method, path, {noun: caller.least(noun, {})} if method == "POST" else None)
    record = caller.create(noun, caller.least(noun, {}))
    address = path.format(**{"uuid": record["id"], **record})
    if "share_links" in path and (method, last) != ("POST", "share_links"):
        caller.ask("POST", f"{one(noun, record)}/share_links.json")
    sent = {noun: {}} if method == "PUT" else LETTER if last == "deliver_via_email" else None
    return caller.ask(method, address, sent, query="document_type=original" if last == "pdf" else "")
