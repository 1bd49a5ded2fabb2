"""trace and reachability: what happens to packets, and why."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from hnsemu.cli.client import DEFAULT_URL, LOST, WRONG_USE, Client, failed
from hnsemu.cli.completion import names_of
from hnsemu.cli.options import HostName, Url
from hnsemu.cli.output import Shape as _Shape
from hnsemu.cli.output import console, show, table
from hnsemu.cli.progress import progress

cli = typer.Typer()

_TO = re.compile(r"^(?:\[(?P<six>[^\]]+)\]|(?P<four>[^:\[\]]+))(?::(?P<port>\d+))?$")
_ENDPOINTS = names_of("/v2/endpoints")
_CHUNK = 50  # senders of one request: each shows some progress
_COLOURS = {"x": "red", "+": "green", "*": "green", "~": "yellow", "[": "yellow", "]": "yellow"}


@cli.command()
def trace(
    to: Annotated[str, typer.Argument(help="address, with :port for TCP and UDP")],
    *,
    sender: Annotated[
        str,
        typer.Option("--from", help="endpoint (id or name), namespace:ID, container:ID, "
                     "host, or external",
                     autocompletion=names_of("/v2/endpoints", "host", "external")),
    ],
    protocol: Annotated[str, typer.Option("--protocol", "-p", help="TCP, UDP, ICMP, …")] = "",
    source: Annotated[str, typer.Option(help="source address, with :port if wanted")] = "",
    reply: Annotated[bool, typer.Option("--reply/--no-reply", help="walk the answer too")] = True,
    all_backends: Annotated[bool, typer.Option(help="one walk for each backend")] = False,
    count: Annotated[bool, typer.Option(help="count it as a real packet")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print the whole answer")] = False,
    svg: Annotated[Path | None, typer.Option(help="draw it into this file")] = None,
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:  # fmt: skip
    """Trace a packet: every decision on its way, and the verdict. Exit code 1 when it is lost."""
    address, port = _place(to)
    asked: dict[str, Any] = {
        "From": _from(sender),
        "Packet": {"Destination": address},
        "Reply": reply,
        "Backend": "all" if all_backends else "hash",
        "Count": count,
    }
    packet = asked["Packet"]
    packet["Protocol"] = protocol or ("TCP" if port else "ICMP")
    if port:
        packet["DestinationPort"] = port
    if source:
        packet["Source"], source_port = _place(source)
        if source_port:
            packet["SourcePort"] = source_port
    client = Client(url, host)
    answer = client.post("/host/trace", asked)
    asked["Count"] = False
    if as_json:
        show(answer, _Shape.JSON)
    else:
        _print(client.text("POST", "/host/trace", asked, format="text"))
    if svg is not None:
        svg.write_text(client.text("POST", "/host/trace", asked, format="svg"), encoding="utf-8")
    if answer["Verdict"] != "Delivered":
        raise typer.Exit(LOST)


@cli.command()
def reachability(
    *,
    sender: Annotated[
        list[str] | None,
        typer.Option("--from", help="endpoints; all without", autocompletion=_ENDPOINTS),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(help="endpoints; all without", autocompletion=_ENDPOINTS),
    ] = None,
    address: Annotated[list[str] | None, typer.Option(help="addresses, of services")] = None,
    port: Annotated[list[str], typer.Option(help="80, udp/53, icmp")],
    as_json: Annotated[bool, typer.Option("--json", help="print the whole matrix")] = False,
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """Show who reaches whom on which port, with the rule that decided."""
    client = Client(url, host)
    asked: dict[str, Any] = {"Ports": [_service(each) for each in port]}
    if to:
        asked["To"] = to
    if address:
        asked["Addresses"] = address
    senders = sender or _attached(client)
    answers = []
    with progress("asked for", len(senders)) as advance:
        for start in range(0, len(senders), _CHUNK):
            asked["From"] = senders[start : start + _CHUNK]
            answers.append(client.post("/host/reachability", asked))
            advance(len(asked["From"]))
    if as_json:
        show(answers, _Shape.JSON)
        return
    rows = [row for answer in answers for row in _rows(answer)]
    table(["from", "to", "port", "verdict", "by"], rows)


def _rows(answer: dict[str, Any]) -> list[list[str]]:
    found = []
    for service, per_port in zip(answer["Ports"], answer["Matrix"], strict=True):
        shown = f"{service['Protocol']}/{service['Port']}" if service["Port"] else "icmp"
        for one, row in zip(answer["From"], per_port, strict=True):
            for other, index in zip(answer["To"], row, strict=True):
                outcome = answer["Outcomes"][index]
                policy = outcome.get("Policy") or {}
                by = f"{policy.get('Type', '')} {policy.get('Id', '')}".strip()
                verdict = outcome["Verdict"]
                if verdict != "Delivered":
                    verdict = f"{verdict} ({outcome['Reason']})"
                found.append(
                    [_name(one), _name(other), shown, verdict, by or outcome["Rule"] or "-"]
                )
    return found


def _name(member: dict[str, str]) -> str:
    return member["Name"] or member["Id"] or member["Address"]


def _attached(client: Client) -> list[str]:
    return [
        each["ID"] for each in client.pages("/v2/endpoints") if each.get("HostComputeNamespace")
    ]


def _print(text: str) -> None:
    out = console()
    for line in text.splitlines():
        stripped = line.strip()
        style = _COLOURS.get(stripped[:1]) if stripped[1:2] == " " else None
        if stripped.startswith("DELIVERED"):
            style = "bold green"
        elif stripped.startswith(("BLOCKED", "DROPPED")):
            style = "bold red"
        out.print(line, style=style, markup=False)


def _place(text: str) -> tuple[str, int]:
    found = _TO.match(text)
    try:  # an IPv6 address without brackets has colons of its own
        return str(ipaddress.ip_address(text)), 0
    except ValueError:
        if found is None:
            raise failed(f"{text!r} is no address; write 10.0.0.5:80 or [fd00::5]:80",
                         WRONG_USE) from None  # fmt: skip
    return found["six"] or found["four"], int(found["port"] or 0)


def _from(sender: str) -> dict[str, object]:
    if sender in {"host", "external"}:
        return {sender.title(): True}
    kind, colon, named = sender.partition(":")
    if colon and kind in {"namespace", "container", "endpoint"}:
        return {kind.title(): named}
    return {"Endpoint": sender}


def _service(text: str) -> dict[str, object]:
    protocol, slash, number = text.rpartition("/")
    if not slash and not number.isdigit():
        return {"Protocol": number}
    return {"Protocol": protocol or "TCP", "Port": int(number) if number.isdigit() else 0}
