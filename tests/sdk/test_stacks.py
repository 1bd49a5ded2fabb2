"""The HTTP stacks that clients are written with get the same answers to the same requests.

Each of the programs in `stacks/` says a step of the scenario a line: name, status, body. What a
stack puts on the wire for it is recorded, so that the test knows which form of HTTP was tried.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hnsemu.storage.migrate import upgrade
from tests.e2e.servers import Server, serving
from tests.sdk.recorder import recording
from tests.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
STACKS = Path(__file__).parent / "stacks"
DOTNET = ROOT / "build" / "sdk" / "dotnet"

Command = list[str | Path]

NAME = "pod ü+&%/1"
"""Every character of it needs care in JSON, in a path or in a query."""


def java(_: Path) -> Command:
    return ["java", STACKS / "Client.java"]


def node(_: Path) -> Command:
    return ["node", STACKS / "client.mjs"]


def go(folder: Path) -> Command:
    toolchain = subprocess.check_output([ROOT / "tools" / "go-toolchain"], text=True).strip()
    program = folder / "client"
    build: Command = [Path(toolchain) / "go", "build", "-o", program, STACKS / "client.go"]
    subprocess.run(build, check=True, timeout=PATIENCE)
    return [program]


def curl(_: Path) -> Command:
    return [STACKS / "client.sh"]


def dotnet(folder: Path) -> Command:
    """Compile with Mono's compiler for the .NET runtime that a package of PyPI has."""
    runtime = next(_dotnet().glob("lib/python3*/site-packages/dotnetcore2/bin"))
    assemblies = next(runtime.glob("shared/Microsoft.NETCore.App/*"))
    parts = (
        "Private.CoreLib",
        "Runtime",
        "Runtime.Extensions",
        "Private.Uri",
        "Console",
        "IO.FileSystem",
        "Linq",
        "Net.Http",
        "Net.Primitives",
    )
    references = [f"-r:{assemblies}/System.{part}.dll" for part in parts]
    program = folder / "Client.dll"
    quiet = ["-nostdlib", "-noconfig", "-nowarn:1702"]
    subprocess.run(
        ["mcs", *quiet, *references, f"-out:{program}", STACKS / "Client.cs"],
        check=True,
        timeout=PATIENCE,
    )
    framework = {"name": "Microsoft.NETCore.App", "version": assemblies.name}
    options = {"System.Globalization.Invariant": True}
    configuration = {"runtimeOptions": {"framework": framework, "configProperties": options}}
    program.with_suffix(".runtimeconfig.json").write_text(json.dumps(configuration))
    return [runtime / "dotnet", program]


def _dotnet() -> Path:
    """Return the environment with the .NET runtime, installed the first time."""
    if not next(DOTNET.glob("lib/python3*/site-packages/dotnetcore2"), None):
        subprocess.run([sys.executable, "-m", "venv", DOTNET], check=True)
        pip: Command = [DOTNET / "bin" / "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "dotnetcore2==3.1.23"], check=True, timeout=PATIENCE)
    return DOTNET


CHUNKS = b"transfer-encoding: chunked"
WAIT = b"expect: 100-continue"
OFFER = b"upgrade: h2c"

CLIENTS: dict[str, tuple[Callable[[Path], Command], list[str], set[bytes]]] = {
    "java": (java, [], {CHUNKS, WAIT, OFFER}),
    "node": (node, [], {CHUNKS, WAIT}),
    "go": (go, [], {CHUNKS, WAIT}),
    "dotnet": (dotnet, [], {CHUNKS, WAIT}),
    "curl": (curl, [], {CHUNKS, WAIT}),
    "curl-http2": (curl, ["--http2"], {CHUNKS, WAIT, OFFER}),
}


def names(body: str) -> list[str]:
    return [endpoint["Name"] for endpoint in json.loads(body)]


def kinds(body: str) -> list[str]:
    return [policy["Type"] for policy in json.loads(body)["Policies"]]


def code(body: str) -> int:
    number: int = json.loads(body)["ErrorCode"]
    return number


def name(body: str) -> str:
    text: str = json.loads(body)["Name"]
    return text


def kind(body: str) -> str:
    text: str = json.loads(body)["Type"]
    return text


def is_named(body: str) -> bool:
    return NAME in json.loads(body)["Detail"]


SCENARIO: dict[str, tuple[int, Callable[[str], Any], Any]] = {
    "create": (201, name, "from a client: ü+&%"),
    "chunked": (201, name, NAME),
    "modify": (200, kinds, ["ACL"]),
    "list": (200, names, [NAME]),
    "named": (404, is_named, True),
    "head": (200, str, ""),
    "refused": (400, code, 0x803B000E),
    "invalid": (400, code, 0x803B001B),
    "expect": (201, kind, "Guest"),
    "empty": (400, code, 0x803B0015),
    "delete": (204, str, ""),
    "missing": (404, code, 0x803B0002),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    url = f"sqlite:///{tmp_path_factory.mktemp('stacks')}/hnsemu.db"
    upgrade(url)
    with serving(url) as running:
        yield running


@pytest.mark.parametrize("client", CLIENTS)
def test_every_stack_gets_the_same_answers(client: str, server: Server, tmp_path: Path) -> None:
    build, options, forms = CLIENTS[client]
    shutil.copytree(STACKS / "documents", tmp_path / "documents")
    command = build(tmp_path)
    with server.client() as direct:
        assert direct.put(f"/emulator/hosts/{client}", json={}).status_code == 201
    with recording(server.url) as wire:
        url = f"http://127.0.0.1:{wire.port}/hosts/{client}"
        printed = subprocess.run(
            [*command, url, *options],
            cwd=tmp_path, check=True, stdout=subprocess.PIPE, text=True, timeout=PATIENCE,
        ).stdout  # fmt: skip
    steps = [line.split("\t", 2) for line in printed.splitlines()]
    assert [step for step, _, _ in steps] == list(SCENARIO)
    for step, status, body in steps:
        expected, read, value = SCENARIO[step]
        assert (step, int(status)) == (step, expected), body
        assert (step, read(body)) == (step, value)
    sent = wire.sent.lower()
    assert {form for form in (CHUNKS, WAIT, OFFER) if form in sent} == forms
