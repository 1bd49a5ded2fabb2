"""requests and verify: what programs called on a host, and whether it is what was expected."""

import json
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from hnsemu import DEFAULT_URL
from hnsemu.cli.client import (
    NOT_DELIVERED,
    USAGE_ERROR,
    Client,
    emulator_path,
    failed,
    read_members,
)
from hnsemu.cli.options import HostName, Url
from hnsemu.cli.output import Output, Shape, show, table
from hnsemu.cli.tls import ClientCommands

cli = ClientCommands()
_commands = ClientCommands(
    no_args_is_help=True, help="Show what programs called on a host, if its journal is on."
)
cli.add_typer(_commands, name="requests")

_DEFAULT_HOST = "default"

Operation = Annotated[
    str, typer.Option("--operation", "-p", help="Pattern of the operation, such as HcnCreate*.")
]
Name = Annotated[str, typer.Option(help="Pattern of the name in the request.")]


class Switch(StrEnum):
    """Whether a journal records."""

    ON = "on"
    OFF = "off"


@_commands.callback()
def requests() -> None:
    """Show what programs called on a host, if its journal is on."""


@_commands.command("journal")
def switch_journal(
    state: Annotated[Switch, typer.Argument(help="on or off.")],
    *,
    calls: Annotated[int, typer.Option(min=1, help="How many calls it keeps.")] = 1000,
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """Turn the journal of a host on or off; one that was off begins empty."""
    document = {"enabled": state is Switch.ON, "calls": calls}
    Client(url).send("PUT", path_of(host, "journal"), document)
    typer.echo(state.value)


@_commands.command("list")
def list_requests(
    *,
    operation: Operation = "",
    since: Annotated[int, typer.Option(min=0, help="Only calls behind this number.")] = 0,
    status: Annotated[str, typer.Option(help="Such as 404 or 4xx.")] = "",
    hresult: Annotated[str, typer.Option(help="An HRESULT: number or name.")] = "",
    text: Annotated[str, typer.Option(help="Is in the path, the request or the answer.")] = "",
    wait: Annotated[str, typer.Option(help="How long to wait for calls, such as 5s.")] = "",
    least: Annotated[int, typer.Option("--min", min=0, help="Calls that end the wait.")] = 1,
    url: Url = DEFAULT_URL,
    host: HostName = "",
    output: Output = Shape.TABLE,
) -> None:
    """List the calls of programs, oldest first."""
    query = {"op": operation, "since": since, "status": status, "hresult": hresult, "text": text}
    waiting = {"wait": wait, "min": least} if wait else {}
    listed = Client(url).get(path_of(host, "requests"), **query, **waiting)
    calls = listed["requests"]
    if output is not Shape.TABLE:
        show(calls, output)
        return
    journal = listed["journal"]
    if journal["lost"]:
        typer.echo(f"{journal['lost']} calls before these are lost", err=True)
    if not calls and not journal["enabled"]:
        typer.echo("the journal is off; turn it on with `hnsemu requests journal on`", err=True)
        return
    heads = ["number", "time", "ms", "operation", "status", "hresult", "path"]
    table(heads, [_row(call) for call in calls], "calls")


@_commands.command("clear")
def clear_requests(*, url: Url = DEFAULT_URL, host: HostName = "") -> None:
    """Empty the journal of a host."""
    Client(url).send("DELETE", path_of(host, "requests"))


@cli.command()
def verify(
    *,
    operation: Operation = "",
    name: Name = "",
    status: Annotated[str, typer.Option(help="Such as 404 or 4xx.")] = "",
    request: Annotated[
        str, typer.Option(metavar="JSON", help="Members that the request has.")
    ] = "",
    count: Annotated[int | None, typer.Option(min=0, help="Exactly so many calls.")] = None,
    at_least: Annotated[int | None, typer.Option(min=0, help="So many calls or more.")] = None,
    at_most: Annotated[int | None, typer.Option(min=0, help="So many calls or fewer.")] = None,
    never: Annotated[bool, typer.Option("--never", help="No call.")] = False,
    since: Annotated[int, typer.Option(min=0, help="Only calls behind this number.")] = 0,
    file: Annotated[
        str, typer.Option("--file", "-f", help="The expectation as JSON or YAML; - for stdin.")
    ] = "",
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """Say whether programs called what was expected, and how often.

    If not, print what came nearest.

    The exit code is 1 if not.
    """
    given = {"operation": operation, "name": name, "status": status, "request": _json(request)}
    match = {member: value for member, value in given.items() if value}
    bounds = {"count": count, "atLeast": at_least, "atMost": at_most, "never": never or None}
    expectation: dict[str, Any] = read_members(file)
    expectation |= {member: value for member, value in bounds.items() if value is not None}
    expectation |= {"match": match} if match else {}
    expectation |= {"since": since} if since else {}
    result = Client(url).post(path_of(host, "requests/verify"), expectation)
    word = "yes" if result["verified"] else "no"
    typer.echo(f"{word}: expected {result['expected']}, seen {result['seen']}")
    for miss in result["nearest"]:
        typer.echo(f"call {miss['number']} {miss['operation']} is near:")
        for difference in miss["differences"]:
            typer.echo(
                f"  {difference['member']}: expected {difference['expected']}, "
                f"found {difference['found']}"
            )
    if not result["verified"]:
        raise typer.Exit(NOT_DELIVERED)


def path_of(host: str, rest: str) -> str:
    """Return a path of the emulator for a host."""
    return f"{emulator_path(host or _DEFAULT_HOST)}/{rest}"


def _row(call: dict[str, Any]) -> list[str]:
    time = datetime.fromisoformat(call["time"]).strftime("%H:%M:%S.%f")[:-3]
    status = "running" if call["running"] else call["status"] or "none"
    if call["lost"]:
        status = "lost"
    return [
        str(call["number"]),
        time,
        f"{call['milliseconds']:.1f}",
        call["operation"],
        str(status),
        call["hresult"],
        call["path"],
    ]


def _json(text: str) -> object:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        raise failed(f"--request {text!r} is not JSON: {error}", USAGE_ERROR) from error
