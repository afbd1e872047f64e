"""faktura listen and faktura trigger: what a sandbox tells programs, brought to one, and made to happen."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from faktura.commands.sandboxes import HERE, Authority, Sandbox, asking

if TYPE_CHECKING:
    from faktura.outside.sandbox import Control

PAUSE = 0.5
"""Seconds between two looks for what came."""

Firm = Annotated[str, typer.Option("--account", metavar="SLUG", help="The firm; else the sandbox's first.")]


def listen(
    forward_to: Annotated[str, typer.Option(metavar="URL", help="Where each message is sent on to.")],
    sandbox: Sandbox = HERE,
    slug: Firm = "",
    event: Annotated[list[str] | None, typer.Option(help="An event to hear of; else all. May be repeated.")] = None,
    again: Annotated[int | None, typer.Option(metavar="ID", help="Send this message once more, and end.")] = None,
    most: Annotated[int | None, typer.Option(help="End after so many messages; else when it is stopped.")] = None,
    ca_file: Authority = None,
) -> None:
    """Send webhooks of a sandbox on to a program, and show what it answers.

    Each message has a number, by which --again sends it once more.
    """
    with asking(sandbox, ca_file) as control:
        if again is not None:
            _send_on(_kept_as(control, again), forward_to)
            return
        last = max((one["id"] for one in _kept(control)), default=0)
        hearing = control.ask("PUT", "/events", {"account": slug, "events": event or []})
        typer.echo(f"Hearing of {len(hearing['events'])} events of {hearing['account']}; Ctrl+C ends it.")
        for number, message in enumerate(_coming(control, last), 1):
            _send_on(message, forward_to)
            if number == most:
                return


def trigger(
    event: Annotated[str, typer.Argument(help="Its name, such as invoice_paid.")],
    sandbox: Sandbox = HERE,
    slug: Firm = "",
    ca_file: Authority = None,
) -> None:
    """Make an event happen in a sandbox, on records that are made for it."""
    with asking(sandbox, ca_file) as control:
        happened = control.post(f"/events/{event}", {"account": slug})
    record = happened["record"]
    typer.echo(f"{event} happened in {happened['account']}, to number {record['id']} of {record['kind']}.")


def _kept(control: "Control") -> list[Any]:
    """The oldest first."""
    found: list[Any] = control.get("/webhooks")["webhooks"]
    return found[::-1]


def _kept_as(control: "Control", number: int) -> Any:
    found = next((one for one in _kept(control) if one["id"] == number), None)
    if found is None:
        message = f"There is no message {number} among the last ones."
        raise typer.BadParameter(message, param_hint="--again")
    return found


def _coming(control: "Control", last: int) -> Iterator[Any]:
    while True:
        for message in _kept(control):
            if message["id"] > last:
                last = message["id"]
                yield message
        time.sleep(PAUSE)


def _send_on(message: Any, url: str) -> None:
    """The message with the headers that programs read, and what came of it."""
    import msgspec

    from faktura.outside.http import Client

    began = time.monotonic()
    told = Client(loopback=True).tell(url, msgspec.json.encode(message["body"]), message["headers"])
    spent = round((time.monotonic() - began) * 1000)
    typer.echo(f"{message['id']}  {_name_of(message['body'])}  → {told.status} in {spent} ms")
    if not told.status.startswith("2"):
        typer.echo(f"    {told.answer or 'nothing was answered'}")
        typer.echo(f"    send it again: faktura listen --forward-to {url} --again {message['id']}")


def _name_of(body: Any) -> str:
    """Doors call the event in one way or another."""
    if not isinstance(body, dict):
        return "a message"
    event = body.get("event")
    return str(event["name"] if isinstance(event, dict) else body["event_name"])
