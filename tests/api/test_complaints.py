"""What users of other emulators complain about (docs/complaints.md), tried here."""

import shutil
import socket
from pathlib import Path

import httpx
from typer.main import get_command
from typer.testing import CliRunner

from hnsemu.cli.app import cli
from hnsemu.config import Settings
from hnsemu.main import create_app

NETWORK = {"Name": "pods", "Type": "Private"}
_RENAMED = {"listen": "host"}  # options whose setting has another name


async def ids_of_two(path: Path, template: Path, seed: int) -> list[str]:
    """Return the ids of two networks of a new service, whose database is to be at `path`."""
    shutil.copyfile(template, path)
    app = create_app(Settings(database_url=f"sqlite:///{path}", seed=seed))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            made = [
                await client.post("/v2/networks", json={**NETWORK, "Name": name}) for name in "ab"
            ]
    return [answer.json()["ID"] for answer in made]


async def test_ids_differ_and_one_seed_gives_the_same_again(
    tmp_path: Path, sqlite_template: Path
) -> None:
    first = await ids_of_two(tmp_path / "first.db", sqlite_template, 7)
    assert len(set(first)) == 2
    assert await ids_of_two(tmp_path / "again.db", sqlite_template, 7) == first
    assert set(await ids_of_two(tmp_path / "other.db", sqlite_template, 8)).isdisjoint(first)


async def test_addresses_in_answers_hold_behind_any_port(client: httpx.AsyncClient) -> None:
    created = await client.post("/v2/networks", json=NETWORK)
    assert created.headers["Location"].startswith("/v2/networks/")
    page = await client.get("/v2/networks?limit=1")
    assert page.headers["Link"].startswith("</v2/networks?")
    assert "://" not in created.text + page.text


async def test_a_version_from_the_future_is_taken_and_nonsense_is_not(
    client: httpx.AsyncClient,
) -> None:
    newer = {**NETWORK, "SchemaVersion": {"Major": 2, "Minor": 99}}
    assert (await client.post("/v2/networks", json=newer)).status_code == 201
    wrong = {"Name": "other", "Type": "Private", "SchemaVersion": {"Major": 2, "Minor": "x"}}
    refused = await client.post("/v2/networks", json=wrong)
    assert (refused.status_code, refused.json()["Detail"]) == (
        400,
        "SchemaVersion.Minor: must be a whole number",
    )


async def test_a_reset_of_one_team_leaves_the_others(client: httpx.AsyncClient) -> None:
    for team in ("red", "blue"):
        await client.put(f"/emulator/hosts/{team}")
        await client.post(f"/hosts/{team}/v2/networks", json=NETWORK)
    await client.post("/emulator/hosts/red/reset")
    left = {
        team: [
            network["Name"] for network in (await client.get(f"/hosts/{team}/v2/networks")).json()
        ]
        for team in ("red", "blue")
    }
    assert left == {"red": ["nat"], "blue": ["nat", "pods"]}


async def test_the_first_two_calls_fail_and_then_it_works(client: httpx.AsyncClient) -> None:
    fault = {"preset": "rpc-unavailable", "match": {"operation": "HcnCreateNetwork"}, "times": 2}
    assert (await client.post("/emulator/hosts/default/faults", json=fault)).status_code == 201
    answers = [(await client.post("/v2/networks", json=NETWORK)).is_success for _ in range(3)]
    assert answers == [False, False, True]


def test_a_port_that_somebody_has_is_refused_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = CliRunner().invoke(cli, ["serve", "--ephemeral", "--port", str(port)])
    assert refused.exit_code == 1
    assert f"cannot listen on 127.0.0.1 port {port}: " in refused.stderr


def test_whatever_an_option_of_serve_says_a_variable_says_too() -> None:
    serve = get_command(cli).commands["serve"]  # type: ignore[attr-defined]
    names = {known.name for known in serve.params if not getattr(known, "hidden", False)} - {"help"}
    assert {_RENAMED.get(name, name) for name in names} <= Settings.model_fields.keys()
