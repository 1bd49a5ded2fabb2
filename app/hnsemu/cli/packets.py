"""trace and reachability: what happens to packets, and why."""

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from hnsemu import DEFAULT_URL
from hnsemu.cli.client import NOT_DELIVERED, USAGE_ERROR, Client, failed
from hnsemu.cli.completion import names_of
from hnsemu.cli.grid import (
    Pair,
    Party,
    folded,
    grid_lines,
    legend,
    pair_lines,
    reason_lines,
)
from hnsemu.cli.objects import resolve
from hnsemu.cli.options import HostName, Url
from hnsemu.cli.output import Shape, console, show, table
from hnsemu.cli.progress import progress
from hnsemu.cli.tls import ClientCommands
from hnsemu.domain.tracing.matrix_words import service_document, service_words
from hnsemu.domain.tracing.model import Verdict
from hnsemu.domain.tracing.trace_words import trace_document
from hnsemu.domain.tracing.walks import Service
from hnsemu.domain.visible import visible

cli = ClientCommands()

_ENDPOINTS = "/v2/endpoints"
_PATHS = {"Endpoint": _ENDPOINTS, "Namespace": "/v2/namespaces"}
_REMOTE = 1  # flag of an endpoint on another host
_NO_SOURCE = "--from external needs the address of the machine: --source 203.0.113.7, for example"
_BATCH = 50  # senders per request, so that progress is visible
_COLOURS = {"x": "red", "+": "green", "*": "green", "~": "yellow", "[": "yellow", "]": "yellow"}


@cli.command()
def trace(
    to: Annotated[
        str,
        typer.Argument(
            metavar="DESTINATION",
            help="Address, container or endpoint, with :PORT for TCP and UDP.",
        ),
    ],
    *,
    sender: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="SENDER",
            help="Endpoint (name or id), namespace:ID, container:NAME, host, or external.",
            autocompletion=names_of(_ENDPOINTS, "host", "external"),
        ),
    ],
    protocol: Annotated[
        str,
        typer.Option(
            "--protocol", "-p", help="Protocol, such as UDP; TCP if there is a port, else ICMP."
        ),
    ] = "",
    source: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Source address, optionally with :PORT.")
    ] = "",
    reply: Annotated[
        bool, typer.Option("--reply/--no-reply", help="Trace the reply as well.")
    ] = True,
    arrives_at: Annotated[
        str,
        typer.Option(
            metavar="HOST",
            help="Host to which a packet from outside is brought, as a cloud's balancer does.",
        ),
    ] = "",
    all_backends: Annotated[
        bool, typer.Option(help="Trace to every backend of a load balancer.")
    ] = False,
    count: Annotated[bool, typer.Option(help="Add the packet to the rule counters.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the trace as JSON.")] = False,
    svg: Annotated[Path | None, typer.Option(help="Also draw the trace to this file.")] = None,
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """Trace a packet and print every decision and the verdict.

    The exit code is 1 if the packet is not delivered.
    """
    client = Client(url, host)
    request = _traced(client, sender, to, protocol=protocol, source=source)
    request |= {"Reply": reply, "Backend": "all" if all_backends else "hash", "Count": count}
    if arrives_at:
        request["ArrivesAt"] = arrives_at
    result = client.post("/host/trace", request)
    request["Count"] = False  # the same packet in other formats
    if as_json:
        show(result, Shape.JSON)
    else:
        _print(client.text("POST", "/host/trace", request, format="text"))
    if svg is not None:
        svg.write_text(client.text("POST", "/host/trace", request, format="svg"), encoding="utf-8")
    if result["Verdict"] != "Delivered":
        raise typer.Exit(NOT_DELIVERED)


def _traced(client: Client, sender: str, to: str, *, protocol: str, source: str) -> dict[str, Any]:
    """Return the request to trace a packet, with ids in the place of names.

    Raises: typer.Exit for what names no packet, or no object of the host.
    """
    if sender == "external" and not source:
        raise failed(_NO_SOURCE, USAGE_ERROR)
    try:
        request = trace_document(sender, to, protocol=protocol, source=source)
    except ValueError as error:
        raise failed(str(error), USAGE_ERROR) from None
    _resolve(client, request.get("To", {}))
    _resolve(client, request["From"])
    return request


@cli.command()
def reachability(
    *,
    sender: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="ENDPOINT", help="Senders; all endpoints of the host if "
                     "not given.", autocompletion=names_of(_ENDPOINTS)),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(metavar="ENDPOINT", help="Receivers; all endpoints of the host if not given.",
                     autocompletion=names_of(_ENDPOINTS)),
    ] = None,
    address: Annotated[
        list[str] | None, typer.Option(help="Addresses of services, as further receivers.")
    ] = None,
    port: Annotated[list[str], typer.Option(help="Port or protocol: 80, udp/53, icmp.")],
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Print a line for each pair, and what decided.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the matrix as JSON.")] = False,
    svg: Annotated[Path | None, typer.Option(help="Also draw the matrix to this file.")] = None,
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:  # fmt: skip
    """Show as a grid which endpoints reach which, and why not.

    Endpoints that are in no namespace are shown, too: they reach nobody.
    """
    client = Client(url, host)
    everybody = [] if sender and (to or address) else _local(client)
    request: dict[str, object] = {"Ports": [service_document(text) for text in port]}
    if to:
        request["To"] = [resolve(client, _ENDPOINTS, name) for name in to]
    elif not address:
        request["To"] = everybody
    if address:
        request["Addresses"] = address
    senders = [resolve(client, _ENDPOINTS, name) for name in sender or ()] or everybody
    results = []
    with progress("senders", len(senders)) as advance:
        for start in range(0, len(senders), _BATCH):
            batch = senders[start : start + _BATCH]
            results.append(client.post("/host/reachability", {**request, "From": batch}))
            advance(len(batch))
    if svg is not None:
        asked = {**request, "From": senders}
        text = client.text("POST", "/host/reachability", asked, format="svg")
        svg.write_text(text, encoding="utf-8")
    if as_json:
        show(results, Shape.JSON)
        return
    found = _pairs(results)
    if pairs:
        _print_pairs(found)
    else:
        _print_grid(found)


def _pairs(results: Sequence[dict[str, Any]]) -> list[Pair]:
    """Return each port, sender and receiver of the parts of a matrix."""
    return [
        pair
        for number in range(len(results[0]["Ports"]) if results else 0)
        for result in results
        for pair in _of_port(result, number)
    ]


def _of_port(result: dict[str, Any], number: int) -> Iterator[Pair]:
    port = result["Ports"][number]
    words = service_words(Service(port["Protocol"], port["Port"]))
    targets = [_party(member) for member in result["To"]]
    for member, row in zip(result["From"], result["Matrix"][number], strict=True):
        source = _party(member)
        for target, index in zip(targets, row, strict=True):
            outcome = result["Outcomes"][index]
            verdict = Verdict(outcome["Verdict"])
            yield Pair(source, target, words, verdict, outcome["Reason"], outcome["Text"])


def _party(member: dict[str, Any]) -> Party:
    title = member["Name"] or member["Id"] or member["Address"]
    return Party(member["Id"] or member["Address"], title, member["Network"], member["Attached"])


def _print_pairs(pairs: Sequence[Pair]) -> None:
    rows = [[pair.source.title, pair.target.title, pair.port, pair.end, pair.by] for pair in pairs]
    heads = ["from", "to", "port", "verdict", "by"]
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    width = shutil.get_terminal_size().columns
    if sys.stdout.isatty() and sum(widths) + 2 * len(widths) > width:
        _print_lines(pair_lines(pairs, width))
    else:
        table(heads, rows)


def _print_grid(pairs: Sequence[Pair]) -> None:
    if not pairs:
        typer.echo("no endpoints", err=True)
        return
    width = shutil.get_terminal_size().columns
    _print_lines(grid_lines(pairs, width))
    _print_lines([legend(), *reason_lines(pairs, width)])


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


def _local(client: Client) -> list[str]:
    """Return the endpoints of this host, those of a network side by side."""
    networks: dict[str, list[str]] = {}
    for endpoint in client.pages(_ENDPOINTS):
        if not int(endpoint.get("Flags") or 0) & _REMOTE:
            networks.setdefault(endpoint["HostComputeNetwork"], []).append(endpoint["ID"])
    return [endpoint for members in networks.values() for endpoint in members]


def _print(text: str) -> None:
    """Print a trace with colours for verdicts and steps; on a terminal, folded between words."""
    out = console()
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for line in map(visible, text.rstrip("\n").split("\n")):
        stripped = line.strip()
        style = _COLOURS.get(stripped[:1]) if stripped[1:2] == " " else None
        if stripped.startswith("DELIVERED"):
            style = "bold green"
        elif stripped.startswith(("BLOCKED", "DROPPED")):
            style = "bold red"
        for part in _in_width(line, width):
            out.print(part, style=style, markup=False)


def _in_width(line: str, width: int) -> list[str]:
    """Return a line of a trace as lines of that width, 0 for any; a step's place above its text."""
    if not width or len(line) <= width:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    place, _, rest = line.strip().partition("  ")
    parts = [(indent, place), (f"{indent}    ", rest.strip())]
    return [
        found
        for begin, text in parts
        if text
        for found in folded(f"{begin}{text}", width, f"{begin}    ")
    ]


def _resolve(client: Client, party: dict[str, str]) -> None:
    """Put the id in the place of the name of an endpoint or a namespace, as other commands do."""
    for member, path in _PATHS.items():
        if member in party:
            party[member] = resolve(client, path, party[member])
