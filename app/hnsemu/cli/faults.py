"""faults: let calls of a host fail as they fail on real hosts."""

from typing import Annotated, Any

import typer

from hnsemu import DEFAULT_URL
from hnsemu.cli.client import USAGE_ERROR, Client, failed, read_members
from hnsemu.cli.options import HostName, Url
from hnsemu.cli.output import Output, Shape, show, table
from hnsemu.cli.requests import path_of
from hnsemu.cli.tls import ClientCommands

cli = ClientCommands()
_commands = ClientCommands(
    no_args_is_help=True, help="Let calls of a host fail as they fail on real hosts."
)
cli.add_typer(_commands, name="faults")

_NOTHING = "give a preset (`hnsemu faults presets` lists them), --hresult or --file"
_EFFECTS = ("hresult", "status", "text", "latency", "done", "undone", "halved", "hang", "drop",
            "restart", "without", "hides", "language", "spaced")  # fmt: skip


@_commands.callback()
def faults() -> None:
    """Let calls of a host fail as they fail on real hosts."""


@_commands.command("presets")
def list_presets(*, url: Url = DEFAULT_URL, output: Output = Shape.TABLE) -> None:
    """List the faults that were seen on real hosts."""
    presets = Client(url).get("/emulator/faults")
    if output is not Shape.TABLE:
        show(presets, output)
        return
    table(["name", "about"], [(preset["name"], preset["about"]) for preset in presets])


@_commands.command("list")
def list_faults(
    *, url: Url = DEFAULT_URL, host: HostName = "", output: Output = Shape.TABLE
) -> None:
    """List the faults of a host, and how often they acted."""
    found = Client(url).get(path_of(host, "faults"))
    if output is not Shape.TABLE:
        show(found, output)
        return
    rows = [
        (fault["id"], _calls(fault["match"]), _effect(fault), fault["seen"], fault["hits"])
        for fault in found
    ]
    table(["id", "calls", "effect", "seen", "hits"], rows, "faults")


@_commands.command("add")
def add_fault(
    preset: Annotated[str, typer.Argument(help="A preset; none with --hresult or --file.")] = "",
    *,
    operation: Annotated[
        str, typer.Option("--operation", "-p", help="Pattern of the operation.")
    ] = "",
    name: Annotated[str, typer.Option(help="Pattern of the name of the object.")] = "",
    client: Annotated[str, typer.Option(help="Pattern of address, agent or process.")] = "",
    hresult: Annotated[str, typer.Option(help="Refusal to answer: number or name.")] = "",
    times: Annotated[int | None, typer.Option(min=0, help="On so many calls.")] = None,
    after: Annotated[int, typer.Option(min=0, help="Spare the first calls.")] = 0,
    probability: Annotated[float, typer.Option(min=0, max=1, help="0 never, 1 always.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Decides which calls.")] = 0,
    ttl: Annotated[str, typer.Option(help="How long it lasts, such as 30s.")] = "",
    file: Annotated[
        str, typer.Option("--file", "-f", help="The rule as JSON or YAML; - for stdin.")
    ] = "",
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """Let calls fail by a rule, and print its id."""
    rule: dict[str, Any] = read_members(file)
    match = {"operation": operation, "name": name, "client": client}
    given = {member: value for member, value in match.items() if value}
    if given:
        own = rule.get("match") or {}
        rule["match"] = {**own, **given} if isinstance(own, dict) else own  # which is refused
    rule |= {"preset": preset} if preset else {}
    rule |= {"then": {"hresult": hresult}} if hresult else {}
    counts = {"times": times, "after": after or None, "seed": seed or None, "ttl": ttl or None}
    rule |= {member: value for member, value in counts.items() if value is not None}
    rule |= {"probability": probability} if probability != 1 else {}
    if not file and not (preset or hresult):
        raise failed(_NOTHING, USAGE_ERROR)
    typer.echo(Client(url).post(path_of(host, "faults"), rule)["id"])


@_commands.command("clear")
def clear_faults(
    numbers: Annotated[list[int] | None, typer.Argument(help="Ids; all when left out.")] = None,
    *,
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """Remove faults of a host."""
    client = Client(url)
    for path in [f"faults/{number}" for number in numbers or ()] or ["faults"]:
        client.send("DELETE", path_of(host, path))


def _calls(match: dict[str, Any]) -> str:
    return ", ".join(f"{member} {value}" for member, value in match.items()) or "every call"


def _effect(fault: dict[str, Any]) -> str:
    effect = fault["then"]
    words = (f"{name} {effect[name]}" for name in _EFFECTS if effect.get(name))
    return fault["preset"] or ", ".join(words)
