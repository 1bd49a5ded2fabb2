"""state and snapshots: the whole of a host in a file, or kept in the service."""

from enum import StrEnum
from typing import Annotated

import typer

from hnsemu import DEFAULT_URL
from hnsemu.cli.client import (
    USAGE_ERROR,
    Client,
    emulator_path,
    failed,
    read_text,
    segment,
)
from hnsemu.cli.options import HostName, Url
from hnsemu.cli.output import Output, Shape, show, table
from hnsemu.cli.tls import ClientCommands
from hnsemu.domain.visible import visible

cli = typer.Typer()
_state = ClientCommands(no_args_is_help=True, help="Save the state of hosts to a file, or load it.")
_snapshots = ClientCommands(
    no_args_is_help=True, help="Save states of a host in the service, and return to them."
)
cli.add_typer(_state, name="state")
cli.add_typer(_snapshots, name="snapshots")

_DEFAULT = "default"
Every = Annotated[bool, typer.Option("--all", help="All hosts of the service.")]
Snapshot = Annotated[str, typer.Argument(metavar="SNAPSHOT")]


class _Format(StrEnum):
    """Format of a file."""

    JSON = "json"
    YAML = "yaml"


@_state.command("export")
def export_state(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="- for standard output.")] = "-",
    *,
    host: HostName = "",
    every: Every = False,
    output: Annotated[_Format, typer.Option("--output", "-o", help="Format.")] = _Format.YAML,
    url: Url = DEFAULT_URL,
) -> None:
    """Write the state of a host, or of all hosts, as a document."""
    path = "/emulator/state" if every else f"{_path(host)}/state"
    text = Client(url).text("GET", path, format=output.value)
    if file == "-":
        typer.echo(text, nl=not text.endswith("\n"))
        return
    try:
        with open(file, "w", encoding="utf-8") as target:  # noqa: PTH123 (pathlib loads slowly)
            target.write(text)
    except OSError as error:
        raise failed(f"cannot write {file}: {error.strerror}", USAGE_ERROR) from error


@_state.command("import")
def import_state(
    file: Annotated[str, typer.Argument(metavar="FILE", help="- for standard input.")],
    *,
    host: HostName = "",
    every: Every = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Make a host what a document says; with --all, the service what a stream says."""
    text = read_text(file)
    if every:
        Client(url).send("PUT", "/emulator/state", text=text)
        return
    Client(url).send("PUT", f"{_path(host)}/state", text=text)
    typer.echo(host or _DEFAULT)


@_snapshots.command("list")
def list_snapshots(
    *, host: HostName = "", url: Url = DEFAULT_URL, output: Output = Shape.TABLE
) -> None:
    """List the snapshots of a host, oldest first."""
    found = Client(url).get(f"{_path(host)}/snapshots")
    if output is not Shape.TABLE:
        show(found, output)
        return
    members = ("name", "created", "networks", "endpoints", "size")
    rows = [tuple(snapshot[member] for member in members) for snapshot in found]
    table(members, rows, "snapshots")


@_snapshots.command("save")
def save_snapshot(name: Snapshot, *, host: HostName = "", url: Url = DEFAULT_URL) -> None:
    """Save the state of a host under a name, in place of the one that has it."""
    Client(url).send("PUT", _snapshot(host, name))
    typer.echo(name)


@_snapshots.command("restore")
def restore_snapshot(name: Snapshot, *, host: HostName = "", url: Url = DEFAULT_URL) -> None:
    """Make a host what it was when it was saved."""
    Client(url).send("POST", f"{_snapshot(host, name)}/restore")
    typer.echo(name)


@_snapshots.command("diff")
def compare_snapshot(
    name: Snapshot,
    other: Annotated[str, typer.Argument(metavar="[OTHER]")] = "",
    *,
    host: HostName = "",
    url: Url = DEFAULT_URL,
    output: Output = Shape.TABLE,
) -> None:
    """Print what changed since a host was saved, or from one snapshot to another."""
    query = {"with": other}
    changes = Client(url).get(f"{_snapshot(host, name)}/diff", **query)
    if output is not Shape.TABLE:
        show(changes, output)
        return
    for change in changes:
        typer.echo(visible(change["text"]))


@_snapshots.command("delete")
def delete_snapshots(
    names: Annotated[list[str], typer.Argument(metavar="SNAPSHOT")],
    *,
    host: HostName = "",
    url: Url = DEFAULT_URL,
) -> None:
    """Forget snapshots."""
    for name in names:
        Client(url).send("DELETE", _snapshot(host, name))
        typer.echo(name)


def _path(host: str) -> str:
    return emulator_path(host or _DEFAULT)


def _snapshot(host: str, name: str) -> str:
    return f"{_path(host)}/snapshots/{segment(name)}"
