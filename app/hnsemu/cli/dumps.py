"""hosts import, compare and anonymise: what people take from a real Windows host."""

import json
import re
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from hnsemu import DEFAULT_URL
from hnsemu.cli.client import (
    NOT_DELIVERED,
    USAGE_ERROR,
    Client,
    emulator_path,
    failed,
    read_text,
)
from hnsemu.cli.options import HostName, Url
from hnsemu.cli.output import Output, Shape, show
from hnsemu.domain.visible import visible
from hnsemu.errors import HnsError

_JOINT = "\n---\n"
"""Between files: no document goes on behind it."""

_LINE = re.compile(r"\bline (\d+)\b")

Files = Annotated[list[str], typer.Argument(metavar="FILE", help="- for standard input.")]


class Sources:
    """The texts of files, sent as one; a line of it is one of a file."""

    def __init__(self, files: Sequence[str]) -> None:
        """Read the files.

        Raises: typer.Exit.
        """
        self._files, self._texts = files, list(map(read_text, files))

    def sent_to(self, client: Client, path: str, query: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 (any JSON value)
        """Return the JSON value of the answer; a refusal names the file, and the line in it.

        Raises: typer.Exit.
        """
        text = _JOINT.join(self._texts)
        answer = client.send("POST", path, text=text, query=query, explain=self.explained)
        return json.loads(answer)

    def explained(self, sentence: str) -> str:
        """Return a sentence about a line of the whole as one about a line of its file."""
        found = _LINE.search(sentence)
        if found is None:
            return sentence
        number, line = 0, int(found[1])
        while number < len(self._files) - 1:
            lines = (self._texts[number] + _JOINT).count("\n")
            if line <= lines:
                break
            number, line = number + 1, line - lines
        where = sentence[: found.start(1)] + str(line) + sentence[found.end(1) :]
        return f"{self._files[number]}: {where}"


def import_host(
    files: Files,
    *,
    name: Annotated[str, typer.Option(help="Name of the new host.")] = "imported",
    from_kubernetes: Annotated[
        bool,
        typer.Option(
            "--from-kubernetes",
            help="Read what kubectl get -o yaml or json printed; make a host of each Windows node.",
        ),
    ] = False,
    network: Annotated[
        str,
        typer.Option(metavar="TYPE", help="Of pods: l2bridge or overlay; with --from-kubernetes."),
    ] = "",
    services: Annotated[
        str,
        typer.Option(
            metavar="PREFIX", help="Of cluster IPs, or two with a comma; with --from-kubernetes."
        ),
    ] = "",
    dsr: Annotated[
        bool,
        typer.Option(help="kube-proxy has --enable-dsr; with --from-kubernetes."),
    ] = True,
    policies: Annotated[
        str,
        typer.Option(
            metavar="STYLE",
            help="calico makes ACLs as Calico on Windows, kubernetes also of what that skips.",
        ),
    ] = "",
    url: Url = DEFAULT_URL,
    output: Output = Shape.TABLE,
) -> None:
    """Make a host of what PowerShell, hnsdiag, hcn, docker or kubectl printed of real ones."""
    sources = Sources(files)
    if from_kubernetes:
        query = {"network": network, "services": services, "policies": policies}
        query["dsr"] = "" if dsr else "false"
        _import_cluster(Client(url), sources, query, output)
        return
    record = sources.sent_to(Client(url), f"{emulator_path(name)}/import")
    if output is not Shape.TABLE:
        show(record, output)
        return
    host = record["host"]
    version = f"{host['hns_version']['major']}.{host['hns_version']['minor']}"
    count = len(record["taken"])
    taken = f"{count} document{'' if count == 1 else 's'} taken"
    typer.echo(f"{name}: {host['release']}, HNS {version}, {taken}")
    for left in record["left"]:
        called = " ".join(filter(None, (left["kind"], left["name"] or left["id"])))
        typer.echo(visible(f"not taken: {called}: {left['reason']}"))


def _import_cluster(
    client: Client, sources: Sources, query: Mapping[str, str], output: Shape
) -> None:
    record = sources.sent_to(client, "/emulator/kubernetes", query)
    if output is not Shape.TABLE:
        show(record, output)
        return
    for host in record["hosts"]:
        address = host["adapters"][0]["address"].partition("/")[0]
        typer.echo(f"{host['name']}: {host['release']}, {address}")
    typer.echo("made as: " + "; ".join(record["made_as"].values()))
    kinds = Counter(taken["kind"] for taken in record["taken"])
    typer.echo("taken: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()))
    for left in record["left"]:
        called = "/".join(filter(None, (left["namespace"], left["name"])))
        typer.echo(visible(f"not taken: {left['kind']} {called}: {left['reason']}"))


def compare_host(
    files: Files,
    *,
    host: HostName = "",
    every: Annotated[
        bool, typer.Option("--all", help="Also print what is expected to differ, and why.")
    ] = False,
    url: Url = DEFAULT_URL,
    output: Output = Shape.TABLE,
) -> None:
    """Print in what a host differs from documents of a real one; exit with 1 for a finding."""
    found = Sources(files).sent_to(Client(url), f"{emulator_path(host or 'default')}/compare")
    findings = [difference for difference in found if not difference["reason"]]
    if output is not Shape.TABLE:
        show(found if every else findings, output)
    else:
        for difference in found if every else findings:
            typer.echo(visible(_line(difference)))
    if findings:
        raise typer.Exit(NOT_DELIVERED)


def anonymise(
    file: Annotated[str, typer.Argument(metavar="FILE", help="- for standard input.")],
    *,
    key: Annotated[
        str, typer.Option(help="Equal keys, equal replacements; by chance if not given.")
    ] = "",
) -> None:
    """Print a dump with names, addresses, MACs and ids replaced, the same one by the same other.

    Of a record of hnsemu-record.exe, what the plan names stays: it can be checked as before.
    """
    # ruff: noqa: PLC0415 (other commands start faster)
    from hnsemu.dumps.anonymity import anonymised
    from hnsemu.parity.anonymity import anonymised_record, record_in

    text, secret = read_text(file), key.encode() or secrets.token_bytes()
    try:
        record = record_in(text)
        if record is None:
            (values,) = anonymised([text], secret)
        else:
            values = [anonymised_record(record, secret)]
    except HnsError as refusal:
        raise failed(refusal.detail, USAGE_ERROR) from refusal
    for value in values:
        typer.echo(json.dumps(value, indent=2))


def _line(difference: dict[str, object]) -> str:
    called = f"{difference['kind']} {difference['name'] or difference['id']}".strip()
    if not difference["member"]:
        return f"{called}: is not on the host"
    values = f"{_shown(difference, 'dump')} there, {_shown(difference, 'host')} here"
    reason = f" ({difference['reason']})" if difference["reason"] else ""
    return f"{called}: {difference['member']}: {values}{reason}"


def _shown(difference: dict[str, object], side: str) -> str:
    value = difference.get(side)
    return "nothing" if value is None else json.dumps(value)
