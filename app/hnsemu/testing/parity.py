"""`hnsemu parity`: what real hosts answer to calls, beside what an emulated one answers."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any

import typer

from hnsemu.cli.client import NOT_DELIVERED, USAGE_ERROR, failed
from hnsemu.cli.connections import FAILURES
from hnsemu.cli.output import Output, Shape, show
from hnsemu.domain.releases import Release
from hnsemu.domain.visible import visible
from hnsemu.errors import HnsError, Hr
from hnsemu.parity.comparison import Finding, Outcome, outcome
from hnsemu.parity.plans import Risk, plan_of
from hnsemu.parity.playing import Ask, played
from hnsemu.parity.records import LARGEST, Machine, Record, read_record
from hnsemu.testing.hosts import host_on
from hnsemu.testing.http import Api, Refusal
from hnsemu.testing.service import ServiceError, service
from hnsemu.wine.places import FOLDER, RECORDER

cli = typer.Typer()
_parity = typer.Typer(
    no_args_is_help=True, help="Compare a real host with an emulated one, call by call."
)
cli.add_typer(_parity, name="parity")


@_parity.command("plan")
def print_plan(
    *,
    risk: Annotated[
        Risk,
        typer.Option(
            help="What the plan may do at most: read only, make objects of its own, or take "
            "an adapter of the host for a moment."
        ),
    ] = Risk.OWN,
) -> None:
    """Print the calls that hnsemu-record.exe makes on a real host."""
    typer.echo(json.dumps(plan_of(risk), indent=1))


@_parity.command("program")
def print_program() -> None:
    """Print where hnsemu-record.exe is, which makes the calls of a plan on Windows."""
    program = Path(FOLDER, RECORDER)
    if not program.exists():
        what = f"{RECORDER} is missing here: run `make shim`, or install a wheel that has it"
        raise failed(what, USAGE_ERROR)
    typer.echo(program)


@_parity.command("check")
def check_record(
    file: Annotated[str, typer.Argument(metavar="FILE", help="- for standard input.")],
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Also print what is expected to differ, and why.")
    ] = False,
    release: Annotated[
        str, typer.Option(help="Release to compare with, if not the recorded one.")
    ] = "",
    output: Output = Shape.TABLE,
) -> None:
    """Play the calls of a record on an emulated host; exit with 1 where it answers otherwise.

    The host is on the service at HNSEMU_URL, or on one that runs as long as the command.
    """
    try:
        record = read_record(_content(file))
        with host_of(record.machine, release) as api:
            found = _compared(record, asking(api))
    except HnsError as refusal:
        raise failed(f"{file}: {refusal.detail}", USAGE_ERROR) from refusal
    except (Refusal, ServiceError, *FAILURES) as error:
        raise failed(str(error), USAGE_ERROR) from error
    if output is Shape.TABLE:
        _print(record, found, every=every)
    else:
        show([asdict(row) | {"differs": row.differs} for row in found], output)
    if any(row.differs for row in found):
        raise typer.Exit(NOT_DELIVERED)


def _content(file: str) -> bytes:
    """Return the bytes of a file, not many more than a record may have."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(file).open("rb") as source:
            return source.read(LARGEST + 1)
    except OSError as error:
        raise failed(f"cannot read {file}: {error.strerror}", USAGE_ERROR) from error


@contextmanager
def host_of(machine: Machine, release: str) -> Iterator[Api]:
    """Yield the requests to a new host of the release of a machine."""
    definition = {"release": release} if release else _definition(machine.release())
    with service() as running, host_on(running, label="parity") as host:
        host.emulator.post("/reset", definition)
        yield host.host


def _definition(release: Release) -> dict[str, Any]:
    """Return the definition of a host of a release with versions of its own."""
    hns, schema = (
        dict(zip(("major", "minor"), version, strict=True))
        for version in (release.hns, release.schema)
    )
    versions = {"hns_version": hns, "schema_version": schema, "build": release.build}
    return {"release": release.name, **versions}


def asking(api: Api) -> Ask:
    """Return what makes a request as the DLLs do, and tells the HRESULT that they return."""

    def ask(method: str, path: str, body: str | None) -> tuple[int, str]:
        answer = api.answer(method, path, body, {})
        told = {name.lower(): value for name, value in answer.headers.items()}
        code = told.get("hns-result", "0" if answer.is_success else f"{Hr.E_FAIL.hresult:x}")
        return int(code, 16), answer.text

    return ask


def _compared(record: Record, ask: Ask) -> list[Outcome]:
    pairs = zip_longest(record.cases, record.results)
    return [outcome(case, there, played(case, ask) if there else []) for case, there in pairs]


def _print(record: Record, found: list[Outcome], *, every: bool) -> None:
    for row in found:
        word = "not played" if row.unplayed else "differs" if row.differs else "equal"
        reason = f": {row.unplayed}" if row.unplayed else ""
        typer.echo(visible(f"{word:10}  {row.section}: {row.row}{reason}"))
        for finding in row.findings:
            if every or not finding.reason:
                typer.echo(visible(f"            {_line(finding)}"))
    played_rows = [row for row in found if not row.unplayed]
    differing = sum(row.differs for row in played_rows)
    equal = len(played_rows) - differing
    counts = f"{equal} equal, {differing} different, {len(found) - len(played_rows)} not played"
    typer.echo(f"build {record.machine.build}: {counts}")


def _line(finding: Finding) -> str:
    there, here = (
        "nothing" if value is None else json.dumps(value) for value in (finding.there, finding.here)
    )
    reason = f" ({finding.reason})" if finding.reason else ""
    return f"step {finding.step}: {finding.member}: {there} there, {here} here{reason}"
