"""Building the test programs, and running them under Wine."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hnsemu.domain.releases import NEWEST
from hnsemu.wine.prefix import environment, prepare, wine_binary
from tests.e2e.servers import serving
from tests.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
_PORTABLE = ("buffer", "text", "json", "url", "http", "events", "room", "plan")
_STRICT = ("-std=c11", "-g", "-Wall", "-Wextra", "-Werror")

# Wine looks at every block around each call of its heap, and says when one was damaged.
_HEAP_CHECKS = {"WINEDEBUG": "-all,err+heap,warn+heap"}

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="session")
def portable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the program that tests the portable parts under the sanitizers."""
    program = tmp_path_factory.mktemp("portable") / "portable"
    sources = [HERE / "portable.c", *(ROOT / "shim" / f"{name}.c" for name in _PORTABLE)]
    sanitized = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    subprocess.run(["gcc", *_STRICT, *sanitized, "-o", program, *sources], check=True)
    return program


@pytest.fixture(scope="session")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Windows program that calls the DLLs."""
    program = tmp_path_factory.mktemp("calls") / "calls.exe"
    dlls = [
        ROOT / "app" / "hnsemu" / "windows" / f"{name}.dll"
        for name in ("computenetwork", "vmcompute")
    ]
    command = ["x86_64-w64-mingw32-gcc", *_STRICT, "-D_WIN32_WINNT=0x0A00"]
    libraries = ["-lole32", "-lpsapi", "-lws2_32"]
    subprocess.run([*command, "-o", program, HERE / "calls.c", *dlls, *libraries], check=True)
    return program


@pytest.fixture(scope="session")
def wine_environment() -> dict[str, str]:
    """Return the environment of programs under Wine."""
    return environment(prepare(wine_binary(), NEWEST))


@pytest.fixture
def start(calls: Path, wine_environment: dict[str, str]) -> Start:
    """Return what starts one test of the program against a service."""

    def begin(test: str, url: str, **variables: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [wine_binary(), str(calls), test],
            env={**wine_environment, **_HEAP_CHECKS, "HNSEMU_URL": url, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return begin


@pytest.fixture
def run(start: Start) -> Run:
    """Return what runs one test of the program to its end and gives its code and its words."""

    def to_the_end(test: str, url: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        with start(test, url, **variables) as process:
            said, _ = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(process.args, process.returncode, said)

    return to_the_end


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of a service; each test makes itself a host on it."""
    database = tmp_path_factory.mktemp("service") / "hnsemu.db"
    with serving(f"sqlite:///{database}") as server:
        yield server.url
