"""An agent as programs have one: the SDK's own client, and `faktura mcp` as a process of its own."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp_types import Tool

from tests.running import NOTHING, PROGRAM, environment


class Told(NamedTuple):
    """What a tool answered; an error is a sentence."""

    text: str
    wrong: bool

    @property
    def json(self) -> Any:
        assert not self.wrong, self.text
        return json.loads(self.text)


class Agent:
    """A client that a program answers."""

    def __init__(self, client: Client, portal: BlockingPortal) -> None:
        self._client = client
        self._portal = portal

    def tools(self) -> dict[str, Tool]:
        return {tool.name: tool for tool in self._portal.call(self._client.list_tools).tools}

    def call(self, tool: str, /, **arguments: Any) -> Told:
        answer = self._portal.call(self._client.call_tool, tool, arguments)
        [content] = answer.content
        assert content.type == "text"
        return Told(content.text, answer.is_error)


@contextlib.contextmanager
def agent(*arguments: str, settings: Mapping[str, str] = NOTHING) -> Iterator[Agent]:
    """Begin `faktura mcp` with these arguments, and end it afterwards."""
    server = StdioServerParameters(command=str(PROGRAM), args=["mcp", *arguments], env=environment(settings))
    client = Client(stdio_client(server))
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(client):
        yield Agent(client, portal)
