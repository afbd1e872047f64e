"""The tools as a server of the Model Context Protocol, over standard input and output."""

from typing import Any

import anyio
import anyio.to_thread
import mcp_types as types
import msgspec
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server

from faktura import __version__
from faktura.agents.desk import Refused, Toolbox
from faktura.agents.spelling import Said

Context = ServerRequestContext[Any, Any]

INSTRUCTIONS = (
    "The books of one firm in faktura, an invoicing server. Ask the tool firm first. Reading is free. In real books a "
    "tool that writes only proposes: show the person the address in confirm_at, and ask the tool proposal for what "
    "became of it. In a sandbox it acts immediately, and the tools that begin with sandbox_ control it."
)


def serve(toolbox: Toolbox) -> None:
    """Answer until standard input is closed."""
    anyio.run(_serve, toolbox)


async def _serve(toolbox: Toolbox) -> None:
    async def list_tools(_: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool(one) for one in await anyio.to_thread.run_sync(toolbox.tools)])

    async def call_tool(_: Context, asked: types.CallToolRequestParams) -> types.CallToolResult:
        return await anyio.to_thread.run_sync(_called, toolbox, asked)

    server = Server(
        "faktura", version=__version__, instructions=INSTRUCTIONS, on_list_tools=list_tools, on_call_tool=call_tool
    )
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def _tool(one: Said) -> types.Tool:
    kind = types.ToolAnnotations(read_only_hint=not one["writes"], open_world_hint=False)
    return types.Tool(name=one["name"], description=one["says"], input_schema=one["takes"], annotations=kind)


def _called(toolbox: Toolbox, asked: types.CallToolRequestParams) -> types.CallToolResult:
    try:
        answer, wrong = msgspec.json.encode(toolbox.call(asked.name, asked.arguments or {})).decode(), False
    except Refused as refused:
        answer, wrong = str(refused), True
    return types.CallToolResult(content=[types.TextContent(type="text", text=answer)], is_error=wrong)
