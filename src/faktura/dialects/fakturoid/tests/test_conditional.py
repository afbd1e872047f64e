"""An extra that no peer has: single records carry an ETag, and `If-Match` keeps one client from undoing another."""

from faktura.dialects.fakturoid.tests.conftest import Desk


def test_every_single_record_carries_a_tag_that_changes_with_it(desk: Desk) -> None:
    created = desk.client.post("/subjects.json", {"name": "Karel"})
    path = f"/subjects/{created.json['id']}.json"
    read = desk.client.get(path)
    changed = desk.client.patch(path, {"name": "Karel II."})

    assert created.headers["ETag"] == read.headers["ETag"]
    assert changed.headers["ETag"] == desk.client.get(path).headers["ETag"] != read.headers["ETag"]
    assert desk.client.get("/account.json").headers["ETag"]
    assert desk.client.get(f"/invoices/{desk.issue()['id']}.json").headers["ETag"]


def test_a_change_is_refused_where_the_record_is_another_by_now(desk: Desk) -> None:
    path = f"/invoices/{desk.issue()['id']}.json"
    tag = desk.client.get(path).headers["ETag"]
    assert desk.client.patch(path, {"note": "První"}, headers={"If-Match": tag}).status_code == 200

    for method, body in (("PATCH", {"note": "Druhý"}), ("DELETE", None)):
        late = desk.client.call(method, path, body, headers={"If-Match": tag})
        assert (late.status_code, late.json["error"]) == (412, "precondition_failed")
    assert desk.client.get(path).json["note"] == "První"
    fresh = desk.client.get(path).headers["ETag"]
    assert desk.client.delete(path, headers={"If-Match": f'"x", {fresh}'}).status_code == 204


def test_what_is_done_to_a_record_keeps_the_condition_as_well(desk: Desk) -> None:
    path = f"/invoices/{desk.issue()['id']}"
    tag = desk.client.get(f"{path}.json").headers["ETag"]
    desk.client.patch(f"{path}.json", {"note": "Text"})

    for action in ("payments.json", "message.json"):
        assert desk.client.post(f"{path}/{action}", {}, headers={"If-Match": tag}).status_code == 412
    fired = desk.client.post(f"{path}/fire.json", {"event": "lock"}, headers={"If-Match": tag})
    assert fired.status_code == 412


def test_what_an_account_says_for_a_subject_changes_its_tag(desk: Desk) -> None:
    path = f"/subjects/{desk.subject_id}.json"
    tag = desk.client.get(path).headers["ETag"]
    desk.set_account(update_contacts_from_registry=True)

    assert desk.client.get(path, headers={"If-None-Match": tag}).status_code == 200
    assert desk.client.patch(path, {"city": "Brno"}, headers={"If-Match": tag}).status_code == 200
