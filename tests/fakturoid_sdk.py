"""A started sandbox in the hands of a client library of somebody else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest
from fakturoid_sdk import AuthType, ClientError, FakturoidClient

from tests.running import Server

T = TypeVar("T")


class Sandbox:
    """A started sandbox, driven by the library; `control` is the sandbox's own address."""

    def __init__(self, server: Server, told: dict[str, Any]) -> None:
        self.server = server
        self.manifest = told["fakturoid"]
        self.owner = told["web"]["email"]

    def control(self, patch: dict[str, Any]) -> None:
        assert self.server.ask("PATCH", "/sandbox", patch).status == 200

    def client(self, **options: Any) -> FakturoidClient:
        known = {
            "client_id": self.manifest["client_id"],
            "client_secret": self.manifest["client_secret"],
            "user_agent": "Tests (tests@faktura.example)",
            "account_slug": self.manifest["slug"],
            "base_url": self.manifest["base_url"],
        }
        return FakturoidClient(**known | options)

    def drive(self, work: Callable[[FakturoidClient], Awaitable[T]], **options: Any) -> T:
        """What the work gives back, done by a client that has signed in with its own credentials."""

        async def signed_in() -> T:
            async with self.client(**options) as client:
                await client.auth.auth(AuthType.CLIENT_CREDENTIALS_CODE_FLOW)
                return await work(client)

        return asyncio.run(signed_in())


def failure(sandbox: Sandbox, work: Callable[[FakturoidClient], Awaitable[Any]], **options: Any) -> ClientError:
    with pytest.raises(ClientError) as raised:
        sandbox.drive(work, **options)
    return raised.value
