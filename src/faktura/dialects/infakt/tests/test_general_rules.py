"""Sections 1.1 to 1.3, 1.8, 1.9 and 30: addresses, keys, bodies, statuses and limits."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.access import end_key
from faktura.core.people.accounts import Account
from faktura.core.people.api_keys import ApiKey
from faktura.core.people.hashes import secret_hash
from faktura.core.people.users import Permission, let_in
from faktura.dialects.infakt import DIALECT
from faktura.dialects.infakt.sandbox import READING
from faktura.dialects.infakt.tests.conftest import Client
from tests import needs

pytestmark = needs.ONE_ENGINE

NOT_FOUND = {"error": "Zasób którego szukasz nie został znaleziony."}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def create(client: Client, **values: Any) -> dict[str, Any]:
    created = client.post("/clients.json", {"client": {"company_name": "Gęśl"} | values})
    assert created.status_code == 201, created.text
    found: dict[str, Any] = created.json
    return found


def sentence(client: Client, method: str, path: str, status: int, body: Any = None, **options: Any) -> str:
    """The one sentence of an error, whose body has nothing but it."""
    answer = client.call(method, path, body, **options)
    assert answer.status_code == status, answer.text
    assert list(answer.json) == ["error"]
    said: str = answer.json["error"]
    assert said
    return said


# 1.1 Addresses


@pytest.mark.parametrize("mount", ["/v3", "/api/v3", "/infakt/v3", "/infakt/api/v3"])
def test_every_prefix_serves_the_same_routes(client: Client, mount: str) -> None:
    created = create(client)

    assert client.get(f"/clients/{created['id']}.json", mount=mount).json == created


def test_the_dialect_is_mounted_at_both_prefixes_by_path_and_by_host() -> None:
    assert DIALECT.mounts == ("/infakt/v3", "/infakt/api/v3")
    assert DIALECT.hosts == dict.fromkeys(("api.infakt.pl", "api.sandbox-infakt.pl"), ("/v3", "/api/v3"))


@pytest.mark.parametrize("path", ["//clients.json", "///clients.json"])
def test_repeated_slashes_are_one(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_slashes_inside_a_path_are_one_too(client: Client) -> None:
    created = create(client)

    assert client.get(f"//clients//{created['id']}.json").json == created


@pytest.mark.parametrize("path", ["/clients", "/clients.xml", "/clients/1", "/clients/1.pdf", "/", "/nothing.csv"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_any_suffix_but_json_is_406(client: Client, method: str, path: str) -> None:
    sentence(client, method, path, 406)


@pytest.mark.parametrize("path", ["/nothing.json", "/clients/1/nothing.json", "/payments.json"])
def test_an_unknown_path_is_404(client: Client, path: str) -> None:
    assert client.get(path).json == NOT_FOUND


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/clients.json"), ("POST", "/clients/1.json")])
def test_a_method_that_a_path_does_not_take_is_404(client: Client, method: str, path: str) -> None:
    answer = client.call(method, path)

    assert (answer.status_code, answer.json) == (404, NOT_FOUND)


def test_options_is_answered_by_the_dialect_too(client: Client) -> None:
    assert client.call("OPTIONS", "/clients.json").status_code == 404


def test_answers_are_json_in_utf_8(client: Client) -> None:
    create(client, company_name="Zażółć gęślą jaźń 🐢")

    answer = client.get("/clients.json")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "Zażółć gęślą jaźń 🐢".encode() in answer.content


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {"Accept": "application/vnd.infakt.v2+json"}},
        {"headers": {"Accept": "text/html"}},
        {"headers": {"X-API-Version": "2"}},
        {"query_string": "page=7&per_page=1"},
    ],
)
def test_version_switches_and_page_numbers_have_no_effect(client: Client, options: dict[str, Any]) -> None:
    made = [create(client)["id"] for _ in range(2)]

    assert [found["id"] for found in client.get("/clients.json", **options).json["entities"]] == made


# 1.2 Keys and scopes


@pytest.mark.parametrize("header", ["X-inFakt-ApiKey", "X-InFakt-ApiKey", "x-infakt-apikey", "X-INFAKT-APIKEY"])
def test_the_key_header_is_read_in_any_case(client: Client, header: str) -> None:
    headers = {"X-inFakt-ApiKey": None, header: client.key}

    assert client.get("/clients.json", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", [{"X-inFakt-ApiKey": None}, {"X-inFakt-ApiKey": ""}])
def test_a_missing_key_is_401(client: Client, headers: dict[str, Any]) -> None:
    assert sentence(client, "GET", "/clients.json", 401, headers=headers) == "Musisz podać klucz API."


@pytest.mark.parametrize("key", ["0" * 40, "klucz", "zażółć".encode().decode("latin-1")])
def test_an_unknown_key_is_401(client: Client, key: str) -> None:
    said = sentence(client, "GET", "/clients.json", 401, headers={"X-inFakt-ApiKey": key})

    assert said == "Klucz API który podałeś jest nieprawidłowy."


def test_a_key_that_was_ended_is_401(client: Client) -> None:
    assert client.get("/clients.json").status_code == 200

    def end(tx: Any) -> None:
        office = Office(tx, client.service.clock.now())
        end_key(office, office.find(ApiKey, hash=secret_hash(client.key)))

    client.service.database.write(end)
    assert client.get("/clients.json").status_code == 401


def test_the_key_may_come_as_a_parameter(client: Client) -> None:
    without = {"X-inFakt-ApiKey": None}
    wrapped = {"client": {"company_name": "Gęśl"}, "api_key": client.key}

    assert client.get("/clients.json", headers=without, query_string=f"api_key={client.key}").status_code == 200
    assert client.post("/clients.json", wrapped, headers=without).status_code == 201
    form = f"api_key={client.key}&client[company_name]=X"
    assert client.post("/clients.json", raw=form, headers=without | FORM).status_code == 201


def test_the_header_counts_where_key_and_parameter_differ(client: Client) -> None:
    assert client.get("/clients.json", query_string="api_key=nonsense").status_code == 200


@pytest.mark.parametrize("key", [["a"], {"a": "b"}, 7])
def test_a_key_that_is_no_text_is_none(client: Client, key: Any) -> None:
    sentence(client, "GET", "/clients.json", 401, {"api_key": key}, headers={"X-inFakt-ApiKey": None})


@pytest.mark.parametrize("permission", ["accountant", "read"])
def test_a_key_of_somebody_who_may_not_write_reads_alone(client: Client, permission: Permission) -> None:
    contact = create(client)
    service, firm = client.service, client.firm

    def work(books: Books) -> None:
        let_in(books, firm.user, permission)

    service.database.write(lambda tx: work(Books(tx, firm.account, None, service.clock.now())))
    assert client.get("/clients.json").status_code == 200
    sentence(client, "POST", "/clients.json", 401, {"client": {"company_name": "Gęśl"}})
    sentence(client, "DELETE", f"/clients/{contact['uuid']}.json", 401)


def test_a_key_without_the_scope_is_401_with_a_sentence(client: Client) -> None:
    created = create(client)
    reader = Client(client.service, client.firm, READING)

    assert reader.get("/clients.json").status_code == 200
    for method, path in (("POST", "/clients.json"), ("PUT", f"/clients/{created['id']}.json")):
        sentence(reader, method, path, 401, {"client": {"company_name": "X"}})
    sentence(reader, "DELETE", f"/clients/{created['id']}.json", 401)
    assert client.get(f"/clients/{created['id']}.json").json == created


def test_a_key_for_something_else_reads_nothing(client: Client) -> None:
    other = Client(client.service, client.firm, ("api:costs:read",))

    sentence(other, "GET", "/clients.json", 401)


# 1.3 Requests


def test_a_body_on_get_is_read_like_parameters(client: Client) -> None:
    create(client, company_name="Alfa")
    beta = create(client, company_name="Beta")

    listed = client.get("/clients.json", body={"q": {"company_name_eq": "Beta"}})
    assert listed.json["entities"] == [beta]


def test_query_and_body_are_merged(client: Client) -> None:
    for name, city in (("Alfa", "Łódź"), ("Alfa", "Kraków"), ("Beta", "Łódź")):
        create(client, company_name=name, city=city)

    body = {"q": {"company_name_eq": "Alfa"}, "fields": "city"}
    listed = client.get("/clients.json", body=body, query_string="q[city_eq]=Łódź")
    assert [found["city"] for found in listed.json["entities"]] == ["Łódź"]


def test_parameters_in_the_address_count_for_every_method(client: Client) -> None:
    created = client.post(
        "/clients.json", query_string="client[company_name]=Z%20adresu&client[city]=%C5%81%C3%B3d%C5%BA"
    )

    assert created.status_code == 201
    assert (created.json["company_name"], created.json["city"]) == ("Z adresu", "Łódź")


def test_where_both_name_a_parameter_the_body_counts(client: Client) -> None:
    body = {"client": {"company_name": "Z treści"}}

    created = client.post("/clients.json", body, query_string="client[company_name]=Z+adresu&client[city]=X")
    assert (created.json["company_name"], created.json["city"]) == ("Z treści", "X")


def test_a_form_is_read_like_json(client: Client) -> None:
    form = (
        "client[company_name]=G%C4%99%C5%9Bl+sp.+z+o.o.&client[days_to_payment]=14&client[same_forward_address]=false"
    )

    created = client.post("/clients.json", raw=form, headers=FORM)
    assert created.status_code == 201, created.text
    assert created.json["company_name"] == "Gęśl sp. z o.o."
    assert created.json["days_to_payment"] == 14
    assert created.json["same_forward_address"] is False


def test_a_form_that_is_not_utf_8_is_a_400(client: Client) -> None:
    assert client.post("/clients.json", raw=b"client[company_name]=\xff\xfe", headers=FORM).status_code == 400


def test_a_form_of_several_parts_is_read_like_json(client: Client) -> None:
    parts = [("client[company_name]", "Gęśl"), ("client[city]", "Łódź")]
    body = "".join(f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in parts) + "--x--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    created = client.post("/clients.json", raw=body.encode(), headers=headers)
    assert created.status_code == 201, created.text
    assert (created.json["company_name"], created.json["city"]) == ("Gęśl", "Łódź")


def test_a_file_where_a_text_belongs_is_a_wrong_value(client: Client) -> None:
    body = '--x\r\nContent-Disposition: form-data; name="client[city]"; filename="a.txt"\r\n\r\nX\r\n--x--\r\n'

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    sentence(client, "POST", "/clients.json", 400, raw=body.encode(), headers=headers)


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=y"])
def test_a_broken_form_is_400(client: Client, content_type: str) -> None:
    sentence(client, "POST", "/clients.json", 400, raw="--x\r\nnonsense", headers={"Content-Type": content_type})


def test_a_wrapper_goes_in_and_a_bare_object_comes_out(client: Client) -> None:
    created = create(client)

    assert "client" not in created
    assert "client" not in client.get(f"/clients/{created['id']}.json").json


@pytest.mark.parametrize(
    "body", [{}, {"name": "Gęśl"}, {"subject": {"company_name": "Gęśl"}}, {"client": None}, {"id": 7, "uuid": "x"}]
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_missing_wrapper_is_400_with_a_polish_sentence(client: Client, method: str, body: Any) -> None:
    path = "/clients.json" if method == "POST" else f"/clients/{create(client)['id']}.json"

    assert sentence(client, method, path, 400, body) == "Brak wymaganego parametru: client."


@pytest.mark.parametrize(
    "options", [{}, {"raw": "company_name=G&name=X&limit=1&street=Lipowa", "headers": FORM}], ids=["json", "form"]
)
def test_known_attributes_are_taken_without_a_wrapper(client: Client, options: dict[str, Any]) -> None:
    bare = None if options else {"company_name": "G", "name": "X", "limit": 1, "street": "Lipowa"}
    created = client.post("/clients.json", bare, **options)

    assert (created.status_code, created.json["company_name"], created.json["street"]) == (201, "G", "Lipowa")
    changed = client.put(f"/clients/{created.json['id']}.json", {"id": 99, "city": "Kraków"})
    assert changed.json == created.json | {"city": "Kraków"}


def test_a_wrapper_counts_more_than_what_stands_beside_it(client: Client) -> None:
    created = client.post("/clients.json", {"client": {"company_name": "Gęśl"}, "street": "Lipowa"})

    assert (created.json["company_name"], created.json["street"]) == ("Gęśl", None)


@pytest.mark.parametrize("wrapped", ["Gęśl", 7, True, [], [{"company_name": "Gęśl"}]])
def test_a_wrapper_that_is_no_object_is_400(client: Client, wrapped: Any) -> None:
    sentence(client, "POST", "/clients.json", 400, {"client": wrapped})


@pytest.mark.parametrize("raw", ["{", '{"client": {"company_name": "X"}', "nonsense", "[1]", '"x"', "7", b"\xff\xfe"])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_malformed_json_is_400(client: Client, method: str, raw: Any) -> None:
    sentence(client, method, "/clients.json", 400, raw=raw, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize("raw", ["", "  ", "null"])
def test_an_empty_body_is_no_body(client: Client, raw: str) -> None:
    assert client.call("GET", "/clients.json", raw=raw).status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("company_name", {"a": 1}),
        ("company_name", ["a"]),
        ("days_to_payment", "wkrótce"),
        ("days_to_payment", 1.5),
        ("days_to_payment", True),
        ("days_to_payment", 10**12),
        ("same_forward_address", "tak"),
        ("same_forward_address", 7),
    ],
)
def test_a_value_of_the_wrong_type_is_400_and_names_the_parameter(client: Client, name: str, value: Any) -> None:
    said = sentence(client, "POST", "/clients.json", 400, {"client": {"company_name": "Gęśl", name: value}})

    assert said == f"Nieprawidłowa wartość parametru: client[{name}]."


@pytest.mark.parametrize(("sent", "kept"), [("true", True), ("false", False), ("1", True), (0, False), ("TRUE", True)])
def test_booleans_may_come_as_text(client: Client, sent: Any, kept: bool) -> None:  # noqa: FBT001 (an expected value)
    assert create(client, same_forward_address=sent)["same_forward_address"] is kept


@pytest.mark.parametrize("sent", [525, "525"])
def test_a_number_may_stand_where_a_text_belongs(client: Client, sent: Any) -> None:
    assert create(client, street_number=sent)["street_number"] == "525"


@pytest.mark.parametrize("raw", ['{"client": {"company_name": "a\\u0000b"}}', '{"client\\u0000": 1}'])
def test_a_nul_is_400(client: Client, raw: str) -> None:
    sentence(client, "POST", "/clients.json", 400, raw=raw)


@pytest.mark.parametrize("query", ["q[city_eq]=%00", "q[city_eq]=%ff", "a" + "[b]" * 40 + "=1", "q=1&q[city_eq]=2"])
def test_a_query_that_cannot_be_read_is_400(client: Client, query: str) -> None:
    sentence(client, "GET", "/clients.json", 400, query_string=query)


def test_too_many_parameters_are_400(client: Client) -> None:
    sentence(client, "GET", "/clients.json", 400, query_string="&".join(f"a{n}=1" for n in range(1001)))


def test_a_body_that_is_too_deep_is_400(client: Client) -> None:
    sentence(client, "POST", "/clients.json", 400, raw='{"client":' * 200 + "1" + "}" * 200)


def test_a_body_that_is_too_large_is_413(client: Client) -> None:
    sentence(client, "POST", "/clients.json", 413, {"client": {"company_name": "x" * 1_000_001}})


# 1.8 Statuses


@pytest.mark.parametrize(
    "client_id", ["999", "0", "-1", "abc", "1e3", "2147483648", "99999999999999999999", "%00", "%D9%A1"]
)
def test_an_unknown_id_is_404(client: Client, client_id: str) -> None:
    answer = client.get(f"/clients/{client_id}.json")

    assert (answer.status_code, answer.json) == (404, NOT_FOUND)


def test_a_422_has_a_summary_and_polish_sentences_by_attribute(client: Client) -> None:
    refused = client.post("/clients.json", {"client": {}})

    assert refused.status_code == 422
    assert refused.json == {
        "error": "Wystąpiły błędy walidacji.",
        "errors": {"company_name": ["nie może być puste"]},
    }


def test_a_blocked_account_is_403_with_a_sentence(client: Client) -> None:
    def block(tx: Any) -> None:
        office = Office(tx, client.service.clock.now())
        office.change(office.find(Account, id=client.firm.account.id), blocked=True)

    client.service.database.write(block)
    sentence(client, "GET", "/clients.json", 403)


@pytest.mark.parametrize("path", ["/ksef/integration.json", "/ksef/documents/1/send.json", "/ksef/import/incomes.json"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_every_call_of_ksef_1_is_410(client: Client, method: str, path: str) -> None:
    said = sentence(client, method, path, 410)

    assert said == "API KSeF 1.0 zostało wyłączone. Proszę przejść na KSeF 2.0."


def test_what_is_not_built_is_501_for_a_good_key_only(client: Client) -> None:
    sentence(client, "GET", "/saf_v7_files.json", 501)
    sentence(client, "GET", "/saf_v7_files.json", 401, headers={"X-inFakt-ApiKey": None})


def test_an_internal_failure_is_500_with_a_sentence_and_is_logged(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(client.service, "rendered", None)

    assert "KeyError" not in sentence(client, "GET", "/clients.json", 500)
    assert [record.message for record in caplog.records] == ["request failed"]


# 1.9 Limits


def test_reads_are_refused_above_300_a_minute_with_retry_after(client: Client, clock: Clock) -> None:
    clock.stand_at(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC))
    statuses = [client.get("/clients.json").status_code for _ in range(300)]

    refused = client.get("/clients.json")
    assert set(statuses) == {200}
    assert (refused.status_code, list(refused.json), refused.headers["Retry-After"]) == (429, ["error"], "60")
    assert client.post("/clients.json", {"client": {"company_name": "Gęśl"}}).status_code == 201


def test_other_methods_are_refused_above_150_a_minute(client: Client, clock: Clock) -> None:
    clock.stand_at(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC))
    statuses = [client.call(("PUT", "DELETE", "POST")[n % 3], "/clients/1.json").status_code for n in range(150)]

    assert set(statuses) <= {400, 404}
    assert client.delete("/clients/1.json").status_code == 429
    assert client.get("/clients.json").status_code == 200


def test_the_next_minute_begins_anew(client: Client, clock: Clock) -> None:
    now = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    client.service.modes.rate_limits["infakt"] = {"get": 1}
    clock.stand_at(now)
    assert [client.get("/clients.json").status_code for _ in range(2)] == [200, 429]

    clock.stand_at(now + dt.timedelta(seconds=59))
    assert client.get("/clients.json").headers["Retry-After"] == "1"
    clock.stand_at(now + dt.timedelta(seconds=60))
    assert client.get("/clients.json").status_code == 200


def test_every_address_has_its_own_quota(client: Client) -> None:
    client.service.modes.rate_limits["infakt"] = {"get": 1}

    statuses = [client.get("/clients.json", remote_addr=a).status_code for a in ("10.0.0.1", "10.0.0.2", "10.0.0.1")]
    assert statuses == [200, 200, 429]


def test_requests_without_a_good_key_count_too(client: Client) -> None:
    client.service.modes.rate_limits["infakt"] = {"get": 1}

    statuses = [client.get("/clients.json", headers={"X-inFakt-ApiKey": "x"}).status_code for _ in range(2)]
    assert statuses == [401, 429]


def test_a_limit_that_is_off_refuses_nothing(client: Client) -> None:
    client.service.modes.rate_limits["infakt"] = {}

    assert client.get("/clients.json").status_code == 200


def test_maintenance_refuses_changes_with_503_and_retry_after(client: Client) -> None:
    client.service.modes.read_only = True

    refused = client.post("/clients.json", {"client": {"company_name": "Gęśl"}})
    assert (refused.status_code, list(refused.json)) == (503, ["error"])
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get("/clients.json").status_code == 200


def test_busy_searches_are_503_and_plain_lists_are_served(client: Client) -> None:
    client.service.modes.busy_search = True

    refused = client.get("/clients.json", query_string="q[city_eq]=X")
    assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
    assert client.get("/clients.json").status_code == 200
