"""Start the service on a temporary database, play every client and every test, and show them."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import httpx
from rich.console import Console
from rich.table import Table

from demo import docker_cli, traces
from demo.harness import SCENES
from demo.scenarios import SCENARIOS
from demo.windows import RefusedError, Windows
from hnsemu.testing import Refusal

console = Console(highlight=False, soft_wrap=True)


def main() -> int:
    """Play all scenarios and scenes; return how many of them failed."""
    failed = 0
    with service() as url, httpx.Client(base_url=url, timeout=300) as http:
        for name, scenario in SCENARIOS.items():
            console.rule(f"[bold]{(scenario.__doc__ or name).splitlines()[0]}[/bold]")
            http.put(f"/emulator/hosts/{name}", json=scenario.HOST).raise_for_status()
            windows = Windows(http, name, _show_step)
            try:
                scenario.play(windows)
            except RefusedError as refusal:
                console.print(f"[red]refused[/red] {refusal}")
                failed += 1
            _show_host(http, name)
        traces.play(http, _show_trace)
        failed += _play_docker(http)
        failed += sum(_play_scene(scene, url) for scene in SCENES)
    console.print(f"{len(SCENARIOS) + len(SCENES) + 1 - failed} passed, {failed} failed")
    return failed


def _play_scene(scene: ModuleType, url: str) -> int:
    """Play a scene of a test with hnsemu; return 1 if it failed."""
    console.rule(f"[bold]{(scene.__doc__ or '').splitlines()[0]}[/bold]")
    try:
        scene.play(url, _show_command)
    except (AssertionError, Refusal) as error:
        console.print(f"[red]failed[/red] {error}")
        return 1
    return 0


def _play_docker(http: httpx.Client) -> int:
    """Play the scene of the docker command line where it is installed; return 1 if it failed."""
    console.rule("[bold]The real docker command line[/bold]")
    try:
        if docker_cli.play(http, _show_command):
            _show_host(http, docker_cli.HOST)
        else:
            console.print("  docker is not installed")
    except RefusedError as refusal:
        console.print(f"[red]refused[/red] {refusal}")
        return 1
    return 0


def _show_command(command: str, output: str) -> None:
    console.print(f"  [cyan]{command}[/cyan]")
    console.print(textwrap.indent(output, "    "), markup=False)


@contextmanager
def service() -> Iterator[str]:
    """Run `hnsemu serve` on a free port; yield its address.

    Its database is temporary unless HNSEMU_DATABASE_URL is set.
    """
    command = [sys.executable, "-m", "hnsemu.cli", "serve", "--port", "0"]
    if "HNSEMU_DATABASE_URL" not in os.environ:
        command.append("--ephemeral")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith("hnsemu ready on "):
            raise SystemExit(f"the service did not start: {line!r}")
        yield line.split()[-1]
    finally:
        process.terminate()
        process.wait(timeout=300)


def _show_trace(title: str, text: str) -> None:
    console.rule(f"[bold]{title}[/bold]")
    console.print(text, markup=False)


def _show_step(call: str, outcome: str) -> None:
    console.print(f"  [cyan]{call:<58}[/cyan] {outcome}")


def _show_host(http: httpx.Client, name: str) -> None:
    """Show the networks, endpoints and published ports on the host of a client."""
    prefix = f"/hosts/{name}"
    host = http.get(f"{prefix}/host").json()
    title = f"{host['Name']} ({host['Release']}) after the scenario"
    table = Table(title=title, title_justify="left", expand=False)
    for column in ("network", "type", "endpoint", "addresses", "state"):
        table.add_column(column)
    endpoints = http.get(f"{prefix}/v1/endpoints").json()["Output"]
    for network in http.get(f"{prefix}/v1/networks").json()["Output"]:
        rows = [
            (endpoint["Name"][:24], endpoint.get("IPAddress", ""), str(endpoint["State"]))
            for endpoint in endpoints
            if endpoint["VirtualNetwork"] == network["ID"]
        ]
        for row in rows or [("", "", "")]:
            table.add_row(network["Name"][:24], network["Type"], *row)
    console.print(table)
    for mapping in http.get(f"{prefix}/host/nat").json().get("StaticMappings", []):
        console.print(
            f"  published: {mapping['Protocol']} {mapping['ExternalPort']} -> "
            f"{mapping['InternalIPAddress']}:{mapping['InternalPort']}"
        )


if __name__ == "__main__":
    sys.exit(main())
