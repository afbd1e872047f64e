"""Whichever door is asked for whatever: the answer says how it may be handled."""

from faktura.dialects import installed
from tests.sandboxes import Sandbox

ANYWHERE = ["/", "/healthz", "/readyz", "/sign-in", "/nonsense", "/static/faktura.css", "/sandbox", "/sandbox/nonsense"]
OF_DIALECTS = ["/docs", "/openapi.json", "/docs/swagger/swagger-ui.css"]

FOR_EVERYBODY = ("/static/", "/docs", "/openapi.json")
"""What is the same for everybody may be kept."""


def test_every_answer_of_every_door_says_how_it_may_be_handled(sandbox: Sandbox) -> None:
    server = sandbox.server
    doors = {dialect.name: sandbox.told[dialect.name]["base_url"] for dialect in installed()}
    documents = [f"/{name}{path}" for name in doors for path in OF_DIALECTS]
    mounts = [url.removeprefix(server.url) for url in doors.values()]
    asked = [
        *ANYWHERE,
        *documents,
        *(f"{mount}{path}" for mount in mounts for path in ("/nonsense.json", "/user.json")),
    ]
    for path in asked:
        for method in ("GET", "POST", "DELETE"):
            answer = server.ask(method, path)
            headers = {name.lower(): value for name, value in answer.headers.items()}
            assert headers["x-content-type-options"] == "nosniff", (method, path)
            if not any(kept in path for kept in FOR_EVERYBODY):
                assert headers["cache-control"] == "no-store", (method, path)
            if headers.get("content-type", "").startswith("text/html"):
                assert headers["x-frame-options"] == "DENY", (method, path)
                assert "default-src 'none'" in headers["content-security-policy"], (method, path)
                assert headers["referrer-policy"] == "same-origin", (method, path)
