"""Every sentence about throw-away worlds of a sandbox, asked of one that runs."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests import needs
from tests.running import Answer, Server, run, running, wait_until
from tests.sandboxes import JSON, Sandbox

pytestmark = [needs.FAKTUROID, needs.INFAKT]

WORLDS = "/sandbox/worlds"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class World:
    """A world in the hands of a test."""

    def __init__(self, sandbox: Sandbox, **order: Any) -> None:
        answer = sandbox.server.ask("POST", WORLDS, order, JSON)
        assert answer.status == 201, answer.body
        self.server = sandbox.server
        self.told: dict[str, Any] = answer.json
        self.name: str = answer.json["name"]
        self.root = f"/worlds/{self.name}"
        part = self.told["fakturoid"]
        pair = {"client_id": part["client_id"], "client_secret": part["client_secret"]}
        token = self.ask("POST", "/fakturoid/api/v3/oauth/token", pair | {"grant_type": "client_credentials"}, JSON)
        assert token.status == 200, token.body
        self.token: str = token.json["access_token"]
        self.subjects = "/fakturoid/api/v3/accounts/applecorp/subjects.json"

    def ask(self, method: str, path: str, body: Any = None, headers: Any = None, raw: bytes = b"") -> Answer:
        return self.server.ask(method, self.root + path, body, headers, raw=raw)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        return self.ask(method, path, body, {"Authorization": f"Bearer {self.token}", **JSON, **headers})

    def names(self) -> set[str]:
        return {one["name"] for one in self.call("GET", self.subjects).json}

    def add(self, name: str) -> Any:
        answer = self.call("POST", self.subjects, {"name": name})
        assert answer.status == 201, answer.body
        return answer.json

    def control(self, patch: Any) -> Answer:
        return self.ask("PATCH", "/sandbox", patch, JSON)

    def signed_in(self) -> dict[str, str]:
        """The cookie of a browser in which the owner has signed in."""
        form = self.ask("GET", "/sign-in")
        fields = dict(re.findall(r'name="(csrf_token|next)" value="([^"]*)"', form.body.decode()))
        fields |= {"email": self.told["web"]["email"], "password": self.told["web"]["password"]}
        cookie = form.headers["set-cookie"].partition(";")[0]
        headers = {"Cookie": cookie, **FORM}
        entered = self.ask("POST", "/sign-in", headers=headers, raw=urlencode(fields).encode())
        assert entered.status == 303, entered.body
        name = cookie.partition("=")[0]
        found = re.search(rf"{name}=[^;]+", entered.headers["set-cookie"])
        assert found is not None
        return {"Cookie": found[0]}


@pytest.fixture
def no_worlds(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox that stands, without worlds before and after."""
    yield sandbox
    for world in sandbox.server.ask("GET", WORLDS).json["worlds"][1:]:
        assert sandbox.server.ask("DELETE", f"{WORLDS}/{world['name']}").status == 204


def at_host(world: World, host: str, path: str, **headers: str) -> Answer:
    return world.server.ask("GET", path, headers={"Host": host, **headers})


def test_one_call_makes_a_world_with_credentials_and_addresses_of_its_own(no_worlds: Sandbox) -> None:
    world = World(no_worlds, name="first")

    base = f"{no_worlds.told['base_url']}/worlds/first"
    assert world.told["base_url"] == base
    assert world.told["control_url"] == f"{base}/sandbox"
    assert world.told["infakt"]["base_url"] == f"{base}/infakt/v3"
    assert world.told.keys() > no_worlds.told.keys()
    mine, mains = (json.dumps(told["fakturoid"]) + json.dumps(told["infakt"]) for told in (world.told, no_worlds.told))
    secrets = re.compile(r"[0-9a-f]{40}")
    assert not set(secrets.findall(mine)) & set(secrets.findall(mains))
    assert world.told["web"]["password"] != no_worlds.told["web"]["password"]
    assert world.names() == {one["name"] for one in no_worlds.call("GET", world.subjects).json}


def test_every_link_in_an_answer_begins_with_the_address_of_the_world(no_worlds: Sandbox) -> None:
    world = World(no_worlds)
    subject = world.add("Only here")
    key = {"X-inFakt-ApiKey": world.told["infakt"]["api_key"]}
    page = world.ask("GET", "/infakt/v3/clients.json?limit=1", headers=key).json["metainfo"]

    assert subject["url"].startswith(world.told["fakturoid"]["base_url"])
    assert subject["html_url"] == f"{world.told['base_url']}/applecorp/subjects/{subject['id']}"
    assert page["next"].startswith(f"{world.told['base_url']}/infakt/")
    assert no_worlds.server.ask("GET", urlsplit(subject["url"]).path, headers=dict(bearer(world))).status == 200


def bearer(world: World) -> Iterator[tuple[str, str]]:
    yield "Authorization", f"Bearer {world.token}"


def test_what_is_done_in_one_world_is_seen_in_no_other(no_worlds: Sandbox) -> None:
    one, other = World(no_worlds), World(no_worlds)
    added = one.add("Only in one")
    own = urlsplit(added["url"]).path.removeprefix(one.root)

    assert other.call("GET", own).status == no_worlds.call("GET", own).status == 404
    assert "Only in one" not in other.names()
    assert "Only in one" not in {c["name"] for c in no_worlds.call("GET", other.subjects).json}
    assert other.add("Only in other")["id"] == added["id"]


def test_tokens_keys_passwords_and_cookies_of_one_world_open_no_other(no_worlds: Sandbox) -> None:
    one, other = World(no_worlds), World(no_worlds)
    key = {"X-inFakt-ApiKey": one.told["infakt"]["api_key"]}
    cookie = one.signed_in()
    renamed = {"Cookie": cookie["Cookie"].replace(one.name, other.name)}

    assert one.ask("GET", "/applecorp/subjects", headers=cookie).status == 200
    for refused in (other.ask("GET", "/applecorp/subjects", headers=renamed), other.ask("GET", "/me", headers=cookie)):
        assert (refused.status, refused.headers["location"].partition("?")[0]) == (302, f"{other.root}/sign-in")
    assert no_worlds.server.ask("GET", "/applecorp/subjects", headers=cookie).status == 302
    assert other.ask("GET", other.subjects, headers=dict(bearer(one))).status == 401
    assert other.ask("GET", "/infakt/v3/clients.json", headers=key).status == 401
    assert no_worlds.server.ask("GET", "/infakt/v3/clients.json", headers=key).status == 401


def test_pages_below_the_path_lead_nowhere_else(no_worlds: Sandbox) -> None:
    world = World(no_worlds)
    cookie = world.signed_in()
    invoice = world.call("GET", "/fakturoid/api/v3/accounts/applecorp/invoices.json").json[0]["html_url"]
    one = urlsplit(invoice).path.removeprefix(world.root)
    for path in ("/me", "/applecorp/subjects", "/applecorp/invoices", one, "/sandbox/panel", "/sign-in"):
        page = world.ask("GET", path, headers={} if path == "/sign-in" else cookie)
        assert page.status == 200, path
        found = re.findall(r'\b(?:href|src|action|hx-[a-z]+|data-address)="(/[^"]*)"', page.body.decode())
        assert [address for address in found if not address.startswith(f"{world.root}/")] == [], path
    static = re.search(r'href="([^"]+\.css)"', world.ask("GET", "/sign-in").body.decode())
    assert static
    assert world.server.ask("GET", static[1]).status == 200
    assert world.ask("GET", "/applecorp").headers.get("location", world.root).startswith(world.root)
    to_sign_in = world.ask("GET", "/applecorp/subjects").headers["location"]
    assert to_sign_in == f"{world.root}/sign-in?next={world.root}/applecorp/subjects"


def test_a_public_link_opens_below_the_address_of_its_world(no_worlds: Sandbox) -> None:
    world = World(no_worlds)
    invoice = world.call("GET", "/fakturoid/api/v3/accounts/applecorp/invoices.json").json[0]
    pdf = urlsplit(invoice["pdf_url"]).path.removeprefix(world.root)

    assert invoice["public_html_url"].startswith(f"{world.told['base_url']}/applecorp/p/")
    assert no_worlds.server.ask("GET", urlsplit(invoice["public_html_url"]).path).status == 200
    assert waited_for(lambda: world.call("GET", pdf).body).startswith(b"%PDF")


def test_each_world_has_a_clock_limits_of_requests_and_letters_of_its_own(no_worlds: Sandbox) -> None:
    one, other = World(no_worlds, clock="2026-03-01T12:00:00Z"), World(no_worlds)
    assert one.control({"rate_limits": {"fakturoid": {"all": 1}}}).status == 200
    answers = [one.call("GET", one.subjects).status for _ in range(3)]

    assert one.ask("GET", "/sandbox").json["clock"] == "2026-03-01T12:00:00Z"
    assert other.ask("GET", "/sandbox").json["clock"] is None
    assert no_worlds.state()["clock"] is None
    assert answers[-1] == 429
    assert {other.call("GET", other.subjects).status for _ in range(3)} == {200}
    assert one.control({"clock": None}).json["clock"] is None
    assert one.ask("POST", "/sandbox/reset").json["clock"] == "2026-03-01T12:00:00Z"


def test_a_world_is_reached_by_the_name_of_its_host(no_worlds: Sandbox) -> None:
    world = World(no_worlds, name="by-host")
    host = f"by-host.localhost:{no_worlds.server.port}"
    subject = at_host(world, host, world.subjects, **dict(bearer(world))).json[0]
    page = at_host(world, host, "/sign-in").body.decode()

    assert subject["html_url"].startswith(f"http://{host}/applecorp/")
    assert 'href="/static/' in page
    assert at_host(world, host, "/sandbox").json == world.ask("GET", "/sandbox").json
    assert at_host(world, f"nobody.localhost:{no_worlds.server.port}", "/sign-in").status == 404
    assert at_host(world, f"main.localhost:{no_worlds.server.port}", "/sandbox").json == no_worlds.state()


def test_clients_with_a_written_in_host_reach_the_world_whose_credentials_they_bring(no_worlds: Sandbox) -> None:
    world = World(no_worlds, empty=True)
    world.add("Only here")
    subjects = "/api/v3/accounts/applecorp/subjects.json"
    found = at_host(world, "app.fakturoid.cz", subjects, **dict(bearer(world)))
    clients = at_host(
        world, "api.infakt.pl", "/v3/clients.json", **{"X-inFakt-ApiKey": world.told["infakt"]["api_key"]}
    )
    mains = at_host(world, "app.fakturoid.cz", subjects, Authorization=f"Bearer {no_worlds.token}")

    assert [one["name"] for one in found.json] == ["Only here"]
    assert found.json[0]["url"].startswith("http://app.fakturoid.cz/api/v3/")
    assert found.json[0]["html_url"].startswith(world.told["base_url"])
    assert clients.json["metainfo"]["total_count"] == 0
    assert len(mains.json) > 1
    assert at_host(world, "app.fakturoid.cz", subjects, Authorization="Bearer nobodys").status == 401
    assert at_host(world, "app.fakturoid.cz", subjects).status == 401


def test_an_empty_world_has_firms_and_no_documents(no_worlds: Sandbox) -> None:
    world = World(no_worlds, empty=True)

    assert world.names() == set()
    assert world.call("GET", "/fakturoid/api/v3/accounts/applecorp/invoices.json").json == []
    assert world.call("GET", "/fakturoid/api/v3/accounts/applecorp/account.json").json["name"] == "Applecorp s.r.o."


def test_worlds_of_one_seed_give_the_same_random_values(no_worlds: Sandbox) -> None:
    order = {"seed": 7, "empty": True, "clock": "2026-03-01T12:00:00Z"}
    one, same, another = World(no_worlds, **order), World(no_worlds, **order), World(no_worlds, **order | {"seed": 8})

    assert one.token == same.token != another.token
    assert one.told["fakturoid"]["client_secret"] == same.told["fakturoid"]["client_secret"]
    assert one.told["web"] == same.told["web"] != another.told["web"]


def test_unknown_and_impossible_worlds_are_refused_with_what_is_known(no_worlds: Sandbox) -> None:
    World(no_worlds, name="taken")
    ask = no_worlds.server.ask

    def refusal(order: Any) -> tuple[int, str, str]:
        answer = ask("POST", WORLDS, order, JSON)
        return answer.status, answer.json["error"], answer.json["error_description"]

    assert ask("GET", f"{WORLDS}/nobody").json == {
        "error": "not_found",
        "error_description": "There is no world named 'nobody'; there are main, taken",
    }
    assert ask("GET", "/worlds/nobody/sandbox").status == ask("DELETE", f"{WORLDS}/nobody").status == 404
    assert ask("GET", "/worlds/nobody/sandbox").json["error_description"].endswith("there are main, taken")
    assert refusal({"name": "taken"})[:2] == (409, "conflict")
    orders: list[Any] = [
        {"name": "A b"},
        {"names": "x"},
        {"clock": "soon"},
        {"hours": 0},
        {"hours": 169},
        {"seed": []},
        [],
    ]
    for wrong in orders:
        assert refusal(wrong)[:2] == (400, "invalid_request"), wrong
    assert "DELETE /sandbox/worlds/taken" in refusal({"name": "taken"})[2]
    assert ask("DELETE", f"{WORLDS}/main").status == 400
    assert ask("GET", "/worlds/taken/sandbox/worlds").status == 404
    assert [one["name"] for one in ask("GET", WORLDS).json["worlds"]] == ["main", "taken"]


def test_a_hundred_worlds_may_be_and_the_next_is_told_so(no_worlds: Sandbox) -> None:
    made = [no_worlds.server.ask("POST", WORLDS, {"name": f"w{n}", "hours": 1 + n}, JSON) for n in range(100)]
    assert {answer.status for answer in made} == {201}

    refused = no_worlds.server.ask("POST", WORLDS, {}, JSON)

    assert refused.status == 429
    assert refused.json["error_description"].startswith(
        "There are 100 worlds, the most that may be. DELETE /sandbox/worlds/{name} removes one; the next one ex"
    )
    assert no_worlds.server.ask("DELETE", f"{WORLDS}/w7").status == 204
    assert no_worlds.server.ask("POST", WORLDS, {}, JSON).status == 201


def test_a_removed_world_answers_no_more_and_leaves_nothing(no_worlds: Sandbox) -> None:
    world = World(no_worlds, name="gone")
    folder = no_worlds.data / "worlds" / "gone"
    assert (folder / "sandbox.json").stat().st_mode & 0o077 == 0

    assert no_worlds.server.ask("DELETE", f"{WORLDS}/gone").status == 204
    assert world.ask("GET", "/sandbox").status == 404
    assert not folder.exists()
    assert (
        at_host(world, "app.fakturoid.cz", "/api/v3/accounts/applecorp/subjects.json", **dict(bearer(world))).status
        == 401
    )
    assert World(no_worlds, name="gone").names() == world_names_of_example(no_worlds)


def world_names_of_example(sandbox: Sandbox) -> set[str]:
    path = "/fakturoid/api/v3/accounts/applecorp/subjects.json"
    return {one["name"] for one in sandbox.call("GET", path).json}


def test_twenty_worlds_side_by_side_never_mix(no_worlds: Sandbox) -> None:
    worlds = [World(no_worlds, name=f"side-{n}", empty=True) for n in range(20)]
    failures: list[str] = []

    def work(world: World) -> None:
        for turn in range(5):
            world.add(f"{world.name} {turn}")
            wanted = {f"{world.name} {done}" for done in range(turn + 1)}
            if (seen := world.names()) != wanted:
                failures.append(f"{world.name}: {seen}")

    threads = [threading.Thread(target=work, args=(world,)) for world in worlds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert [world.names() for world in worlds] == [{f"{world.name} {turn}" for turn in range(5)} for world in worlds]


def test_webhooks_and_letters_of_a_world_end_up_in_that_world(no_worlds: Sandbox) -> None:
    world = World(no_worlds)
    invoices = "/fakturoid/api/v3/accounts/applecorp/invoices"
    invoice = world.call("GET", f"{invoices}.json").json[0]
    letter = {"email": "buyer@example.com", "subject": "Faktura", "message": "#link#"}
    assert world.call("POST", f"{invoices}/{invoice['id']}/message.json", letter).status in {201, 204}
    subject_id = world.add("Buyer")["id"]
    lines = [{"name": "Work", "unit_price": "100"}]
    assert world.call("POST", f"{invoices}.json", {"subject_id": subject_id, "lines": lines}).status == 201

    heard = waited_for(lambda: world.ask("GET", "/sandbox/webhooks").json["webhooks"])
    sent = waited_for(lambda: world.ask("GET", "/sandbox/mails").json["mails"])
    assert heard
    assert f"{world.root}/" in json.dumps(sent) + world.ask("GET", f"/sandbox/mails/{sent[0]['id']}").body.decode()
    assert no_worlds.server.ask("GET", "/sandbox/webhooks").json["webhooks"] == []
    assert no_worlds.server.ask("GET", "/sandbox/mails").json["mails"] == []


def waited_for(find: Callable[[], Any]) -> Any:
    wait_until(lambda: bool(find()))
    return find()


def test_worlds_survive_a_restart_and_expire(tmp_path: Path) -> None:
    data = tmp_path / "sandbox"
    with running(tmp_path, "sandbox", "--data", str(data)) as server:
        kept, expired = World(Sandbox(server, data), name="kept"), World(Sandbox(server, data), name="expired")
        added = urlsplit(kept.add("Still here")["url"]).path.removeprefix(kept.root)
    file = data / "worlds" / "expired" / "world.json"
    plan = json.loads(file.read_bytes())
    file.write_text(json.dumps(plan | {"expires_at": "2026-01-01T00:00:00Z"}))
    with running(tmp_path, "sandbox", "--data", str(data)) as server:
        kept.server = expired.server = server
        assert kept.call("GET", added).json["name"] == "Still here"
        assert expired.ask("GET", "/sandbox").status == 404
        assert not file.parent.exists()
        told = server.ask("GET", f"{WORLDS}/kept").json
        assert told["base_url"] == server.url + "/worlds/kept"
        assert told["infakt"]["api_key"] == kept.told["infakt"]["api_key"]


def test_a_world_is_kept_as_a_firm_that_is_really_served(tmp_path: Path) -> None:
    data = tmp_path / "sandbox"
    with running(tmp_path, "sandbox", "--data", str(data)) as server:
        world = World(Sandbox(server, data), name="mine", empty=True)
        contact = world.add("First customer")
        said = run("world", "keep", "mine", "--email", "me@firm.test", "--sandbox", server.url)
        again = run("world", "keep", "mine", "--email", "me@firm.test", "--sandbox", server.url)
        listed = run("world", "list", "--sandbox", server.url)
    assert said.returncode == 0, said.stderr
    assert again.returncode != 0
    assert "mine" in listed.stdout
    file = data / "kept" / "mine.sqlite"
    link = re.search(r"open (/invite/\S+)", said.stdout)
    assert link
    settings = {"FAKTURA_DATABASE_URL": f"sqlite:///{file}"}
    assert run("db", "check", settings=settings).returncode == 0
    with running(tmp_path, "serve", settings=settings) as server:
        assert server.ask("GET", "/sandbox").status in {302, 404}
        assert server.ask("GET", "/setup").status != 200
        assert server.ask("GET", world.subjects, headers=dict(bearer(world))).status == 401
        key = {"X-inFakt-ApiKey": world.told["infakt"]["api_key"]}
        assert server.ask("GET", "/infakt/v3/clients.json", headers=key).status == 401
        owner = accept(server, link[1])
        new = server.ask("GET", "/applecorp/invoices/new", headers=owner)
        assert new.status == 200
        assert b"First customer" in server.ask("GET", f"/applecorp/subjects/{contact['id']}", headers=owner).body
        assert server.ask("GET", "/pearcorp/subjects", headers=owner).status == 404
        invoice = issued(server, settings, contact["id"])
    assert invoice["number"]
    assert invoice["html_url"].startswith(f"{server.url}/applecorp/invoices/")
    assert run("db", "check", settings=settings).returncode == 0


def accept(server: Server, link: str) -> dict[str, str]:
    """Accept an invitation as somebody new, and be signed in."""
    form = server.ask("GET", link)
    fields = dict(re.findall(r'name="(csrf_token|once)" value="([^"]*)"', form.body.decode()))
    fields |= {"full_name": "Me Myself", "password": "a long password of mine", "language": "en"}
    headers = {"Cookie": form.headers["set-cookie"].partition(";")[0], **FORM}
    joined = server.ask("POST", link, headers=headers, raw=urlencode(fields).encode())
    assert joined.status == 303, joined.body
    return {"Cookie": joined.headers["set-cookie"].partition(";")[0]}


def issued(server: Server, settings: dict[str, str], subject_id: int) -> Any:
    """An invoice that a program of the owner issues."""
    added = run("application", "add", "--user", "me@firm.test", "--name", "Mine", settings=settings)
    assert added.returncode == 0, added.stderr
    client_id, secret = re.findall(r"[0-9a-f]{40}", added.stdout)
    pair = {"client_id": client_id, "client_secret": secret, "grant_type": "client_credentials"}
    token = server.ask("POST", "/fakturoid/api/v3/oauth/token", pair, JSON).json["access_token"]
    sent = {"subject_id": subject_id, "lines": [{"name": "Work", "unit_price": "100"}]}
    headers = {"Authorization": f"Bearer {token}", **JSON}
    answer = server.ask("POST", "/fakturoid/api/v3/accounts/applecorp/invoices.json", sent, headers)
    assert answer.status == 201, answer.body
    return answer.json
