"""A client library of somebody else, unmodified, drives the running sandbox over HTTP."""

import asyncio
import datetime as dt
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from fakturoid_sdk import (
    AuthorizationFailedError,
    ClientError,
    FakturoidClient,
    RetryConfig,
    ServerError,
    Subject,
)

from tests import needs, sandboxes
from tests.fakturoid_sdk import Sandbox, failure

pytestmark = needs.FAKTUROID


@pytest.fixture
def sandbox(sandbox: sandboxes.Sandbox) -> Sandbox:
    return Sandbox(sandbox.server, sandbox.told)


def test_each_method_of_each_resource_is_called_in_these_files(sandbox: Sandbox) -> None:
    """As it is written there, so that a method of a later version is not forgotten."""
    resources = {name: one for name, one in vars(sandbox.client()).items() if hasattr(one, "_dispatcher")}
    known = {
        f"{name}.{method}"
        for name, one in resources.items()
        for method, _ in inspect.getmembers(one, callable)
        if not method.startswith("_")
    }
    files = Path(__file__).parent.glob("test_fakturoid_sdk*.py")
    called = {name for path in files for name in re.findall(r"\bclient\.(\w+\.\w+)", path.read_text())}

    assert known > {"invoices.create", "webhooks.update"}
    assert known - called == set()


def test_the_client_signs_in_with_its_own_credentials(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> Any:
        credentials = client.auth.get_credentials()
        assert credentials is not None
        return credentials

    credentials = sandbox.drive(work)
    assert credentials.access_token
    assert credentials.refresh_token is None
    assert not credentials.is_expired()


def test_wrong_credentials_are_an_authorization_failure(sandbox: Sandbox) -> None:
    with pytest.raises(AuthorizationFailedError):
        sandbox.drive(lambda client: client.users.get_current_user(), client_secret="wrong")


def test_the_current_user_tells_the_slugs(sandbox: Sandbox) -> None:
    me: Any = sandbox.drive(lambda client: client.users.get_current_user())

    assert me["email"] == sandbox.owner
    assert me["default_account"] == sandbox.manifest["slug"]
    assert sandbox.manifest["slug"] in [account["slug"] for account in me["accounts"]]


def test_the_settings_of_the_account_are_read(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> tuple[Any, Any, Any, Any]:
        return (
            await client.account.get(),
            await client.users.list(),
            await client.bank_accounts.list(),
            await client.number_formats.list(),
        )

    account, users, bank_accounts, number_formats = sandbox.drive(work)
    assert account["subdomain"] == sandbox.manifest["slug"]
    assert sandbox.owner in [user["email"] for user in users]
    assert [bank_account["default"] for bank_account in bank_accounts].count(True) == 1
    assert all(found["preview"] for found in number_formats)


def test_a_subject_lives_from_create_to_delete(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        created: Any = await client.subjects.create({"name": "Žlutý kůň s.r.o.", "custom_id": "sdk-1", "due": "14"})
        assert (created["name"], created["due"]) == ("Žlutý kůň s.r.o.", 14)
        assert await client.subjects.get(created["id"]) == created

        model = await client.subjects.get_model(created["id"])
        assert isinstance(model, Subject)
        assert (model.id, model.name) == (created["id"], created["name"])

        changed: Any = await client.subjects.update(created["id"], {"phone": "777 123 456"})
        assert (changed["phone"], changed["name"]) == ("777 123 456", created["name"])
        assert await client.subjects.list(custom_id="sdk-1") == [changed]
        found: Any = await client.subjects.search(query="zluty kun")
        assert created["id"] in [subject["id"] for subject in found]

        assert await client.subjects.delete(created["id"]) is None
        with pytest.raises(ClientError) as gone:
            await client.subjects.get(created["id"])
        assert gone.value.status_code == 404

    sandbox.drive(work)


def test_pages_are_walked_to_their_end(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> tuple[list[Any], list[Any]]:
        for n in range(45):
            await client.subjects.create({"name": f"Walked {n}"})
        path = "/accounts/{accountSlug}/subjects.json"
        pages: list[Any] = []
        while True:
            page: Any = await client.subjects.list(page=len(pages) + 1)
            if not page:
                break
            pages.append(page)
        return pages, [subject async for subject in client.subjects._iter_list_items(path)]  # noqa: SLF001 (its own walk)

    pages, walked = sandbox.drive(work)
    assert [len(page) for page in pages[:-1]] == [40] * (len(pages) - 1)
    assert len(pages) > 1
    assert walked == [subject for page in pages for subject in page]
    assert len({subject["id"] for subject in walked}) == len(walked)


def test_bounds_are_sent_as_dates_and_date_times(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> tuple[Any, Any, Any]:
        created: Any = await client.subjects.create({"name": "Bound"})
        moment = dt.datetime.fromisoformat(created["created_at"])
        return (
            created,
            await client.subjects.list(since=moment),
            await client.subjects.list(updated_since=moment.date() + dt.timedelta(days=2)),
        )

    created, since, later = sandbox.drive(work)
    assert created in since
    assert later == []


def test_a_refused_attribute_is_told_by_the_error(sandbox: Sandbox) -> None:
    refused = failure(sandbox, lambda client: client.subjects.create({"name": ""}))

    assert refused.status_code == 422
    assert list(refused.response.get_body(return_json_as_dict=True)["errors"]) == ["name"]
    assert "name" in str(refused)


def test_a_bad_bound_is_a_400(sandbox: Sandbox) -> None:
    refused = failure(sandbox, lambda client: client.subjects.list(since="nonsense"))

    assert refused.status_code == 400
    assert "invalid_request" in str(refused)


def test_a_foreign_account_is_a_404(sandbox: Sandbox) -> None:
    slug = sandbox.manifest["foreign_slug"]

    assert failure(sandbox, lambda client: client.account.get(), account_slug=slug).status_code == 404


def test_a_token_that_was_never_issued_is_a_401(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        credentials = client.auth.get_credentials()
        assert credentials is not None
        credentials.access_token = "f" * 80
        await client.account.get()

    assert failure(sandbox, work).status_code == 401


def test_a_todo_is_completed_and_to_do_again(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        listed: Any = await client.todos.list()
        first = next(todo for todo in listed if todo["completed_at"] is None)
        assert first["text"]
        assert await client.todos.list(since="2099-01-01") == []

        done: Any = await client.todos.toggle_completion(first["id"])
        assert done["completed_at"] is not None
        assert await client.todos.toggle_completion(first["id"]) == first

    sandbox.drive(work)


def test_the_rate_limit_is_read_from_the_headers(sandbox: Sandbox) -> None:
    response = sandbox.drive(lambda client: client.dispatcher.get("/user.json"))

    assert response.get_rate_limit_quota() == 200
    assert response.get_rate_limit_window() == 60
    assert 0 < (response.get_rate_limit_remaining() or 0) < 200
    assert 0 < (response.get_rate_limit_reset() or 0) <= 60


def test_above_the_rate_limit_the_error_says_so(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        for _ in range(5):
            await client.users.get_current_user()

    sandbox.control({"rate_limits": {"fakturoid": {"all": 3}}})
    refused = failure(sandbox, work)
    assert refused.status_code == 429
    assert refused.is_rate_limit_exceeded()
    assert int(refused.response.get_header("Retry-After") or 0) > 0


def test_a_client_that_tries_again_is_served_in_the_next_window(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> Any:
        await client.users.get_current_user()
        await client.users.get_current_user()
        with pytest.raises(ClientError):
            await client.users.get_current_user()
        await asyncio.to_thread(sandbox.control, {"clock": "2026-01-01T12:01:00Z"})
        return await client.users.get_current_user()

    sandbox.control({"clock": "2026-01-01T12:00:00Z", "rate_limits": {"fakturoid": {"all": 3}}})
    me = sandbox.drive(work)
    assert me["email"] == sandbox.owner


def test_in_maintenance_reads_work_and_writes_are_errors_of_the_server(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> ServerError:
        assert await client.subjects.list()
        with pytest.raises(ServerError) as raised:
            await client.subjects.create({"name": "Karel"})
        return raised.value

    sandbox.control({"read_only": True})
    assert sandbox.drive(work).status_code == 503


def test_a_busy_search_is_tried_again_as_often_as_the_client_is_told(sandbox: Sandbox) -> None:
    sandbox.control({"busy_search": True})

    with pytest.raises(ServerError) as raised:
        sandbox.drive(
            lambda client: client.subjects.search(query="a"),
            retry=RetryConfig(max_attempts=2, min_wait_seconds=0.01, max_wait_seconds=0.02),
        )
    assert raised.value.status_code == 503


def test_a_blocked_account_is_a_402_and_the_limit_of_contacts_a_403(sandbox: Sandbox) -> None:
    sandbox.control({"accounts": {sandbox.manifest["slug"]: {"contact_limit": 0}}})
    refused = failure(sandbox, lambda client: client.subjects.create({"name": "Karel"}))
    assert refused.status_code == 403
    assert "quota_exhausted" in str(refused)

    sandbox.control({"accounts": {sandbox.manifest["slug"]: {"blocked": True}}})
    blocked = failure(sandbox, lambda client: client.subjects.list())
    assert blocked.status_code == 402
    assert blocked.response.get_body(return_json_as_dict=True)["status"] == "Account blocked"
