"""`hnsemu-wine` as `go test -exec` uses it."""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hnsemu.domain.releases import NEWEST
from hnsemu.wine.places import USED
from hnsemu.wine.prefix import DLLS, prepare, wine_binary
from tests.e2e.servers import is_there
from tests.waiting import PATIENCE, until

COMMAND = [sys.executable, "-m", "hnsemu.wine"]
ROOT = Path(__file__).resolve().parents[2]
IDLE = 10
"""Seconds in which a test can look at a keeper, on a busy machine."""

PROGRAM = r"""
#include <direct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

LONG WINAPI RtlGetVersion(RTL_OSVERSIONINFOW *);

int main(int count, char **arguments)
{
    char line[400] = "";
    if (count > 1 && strcmp(arguments[1], "sleep") == 0) {
        puts(getenv("HNSEMU_URL"));
        fflush(stdout);
        Sleep(60000);
    }
    if (count > 1 && strcmp(arguments[1], "parent") == 0) {
        STARTUPINFOA start = {.cb = sizeof start};
        PROCESS_INFORMATION child;
        snprintf(line, sizeof line, "\"%s\" sleep", arguments[0]);
        CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &child);
        Sleep(60000);
    }
    if (count > 1 && strcmp(arguments[1], "windows") == 0) {
        RTL_OSVERSIONINFOEXW seen = {.dwOSVersionInfoSize = sizeof seen};
        RtlGetVersion((RTL_OSVERSIONINFOW *)&seen);
        printf("%lu.%lu.%lu %s\n", seen.dwMajorVersion, seen.dwMinorVersion, seen.dwBuildNumber,
               seen.wProductType == VER_NT_WORKSTATION ? "client" : "server");
        return 0;
    }
    for (int i = 1; i < count; i++)
        printf("[%s]", arguments[i]);
    fgets(line, sizeof line, stdin);
    printf(" %s %s %s %s\n", getenv("GREETING"), getenv("HNSEMU_URL"), _getcwd(NULL, 0), line);
    return 42;
}
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a program that prints what it is given and ends with 42."""
    folder = tmp_path_factory.mktemp("wine")
    (folder / "echo.c").write_text(PROGRAM)
    built = folder / "echo.exe"
    subprocess.run(
        ["x86_64-w64-mingw32-gcc", "-o", built, folder / "echo.c", "-lntdll"], check=True
    )
    return built


def environment(**variables: str) -> dict[str, str]:
    """Return an environment in which no service is named."""
    plain = {name: value for name, value in os.environ.items() if name != "HNSEMU_URL"}
    return {**plain, "PYTHONPATH": str(ROOT), **variables}


def run(*arguments: str, cwd: str = str(ROOT), **variables: str) -> tuple[int, str, str]:
    """Run the command; return its code and what it wrote."""
    ran = subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(**variables),
        input="from stdin",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return ran.returncode, ran.stdout, ran.stderr


def test_arguments_streams_environment_folder_and_code_are_the_program_s(
    program: Path, tmp_path: Path
) -> None:
    code, said, _ = run(
        str(program), "-test.v", "--release", "a b", cwd=str(tmp_path), GREETING="hello"
    )
    assert code == 42
    assert said.startswith("[-test.v][--release][a b] hello http://127.0.0.1:")
    assert str(tmp_path).replace("/", "\\") in said
    assert said.endswith("from stdin\n")


def test_a_given_service_is_met_as_it_is(program: Path, url: str) -> None:
    _, said, _ = run(str(program), HNSEMU_URL=url)
    assert f" {url} " in said


def test_a_host_of_its_own_is_there_for_the_run_only(program: Path, url: str) -> None:
    _, said, _ = run("--own-host", "--release", "ws2019", str(program), HNSEMU_URL=url)
    assert f" {url}/hosts/wine-" in said
    names = {host["name"] for host in httpx.get(f"{url}/emulator/hosts", timeout=PATIENCE).json()}
    assert not any(name.startswith("wine-") for name in names)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_its_service_ends_with_it(program: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [*COMMAND, str(program), "sleep"],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    ) as process:
        assert process.stdout is not None
        service = process.stdout.readline().strip()
        assert httpx.get(f"{service}/healthz", timeout=PATIENCE).status_code == 200
        process.send_signal(number)
        process.wait(timeout=PATIENCE)
        until(lambda: not is_there(service), "the service still answers")
        if number is signal.SIGKILL:  # nothing is left to end the program
            os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize(
    ("release", "seen"),
    [
        ("ws2019", "10.0.17763 server"),
        ("win11", "10.0.22621 client"),
        ("ws2025", "10.0.26100 server"),
    ],
)
def test_a_program_sees_the_windows_of_its_host(program: Path, release: str, seen: str) -> None:
    _, said, _ = run("--release", release, str(program), "windows")
    assert said.split() == seen.split()


def test_a_program_sees_the_windows_of_the_host_at_the_url(program: Path, url: str) -> None:
    definition = {"release": "ws2019", "build": 17764}
    httpx.put(f"{url}/emulator/hosts/older", json=definition, timeout=PATIENCE).raise_for_status()
    _, said, _ = run(str(program), "windows", HNSEMU_URL=f"{url}/hosts/older")
    assert said.split() == ["10.0.17764", "server"]


def test_what_a_program_started_ends_with_hnsemu_wine(program: Path, url: str) -> None:
    marked = environment(HNSEMU_URL=url, GREETING=f"mark-{uuid.uuid4().hex}")
    with subprocess.Popen(
        [*COMMAND, str(program), "parent"], env=marked, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == url  # the child is there
        assert len(running(marked["GREETING"])) > 1
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE)
    assert running(marked["GREETING"]) == []


def running(mark: str) -> list[str]:
    """Return the command lines of the processes with that environment, but for Wine's server."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if mark.encode() in (folder / "environ").read_bytes() and "wineserver" not in command:
                found.append(command)
    return found


def test_several_may_prepare_wine_at_once(program: Path, tmp_path: Path) -> None:
    unused = tmp_path / "hnsemu" / "wine-0123456789abcdef-ws2016"
    unused.mkdir(parents=True)
    os.utime(unused, (0, 0))
    cache = {"XDG_CACHE_HOME": str(tmp_path)}
    running = [
        subprocess.Popen(
            [*COMMAND, str(program)],
            env=environment(**cache),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=PATIENCE)[1] for process in running]
    assert [process.returncode for process in running] == [42, 42]
    assert sum(text.count("preparing Wine") for text in said) == 1
    assert not unused.exists()


@pytest.mark.parametrize(
    ("variables", "what"),
    [
        ({"WINE": "/no/such/wine"}, "/no/such/wine"),
        ({"HNSEMU_URL": "http://127.0.0.1:1"}, "http://127.0.0.1:1"),
    ],
)
def test_what_is_missing_is_said_plainly(
    program: Path, variables: dict[str, str], what: str
) -> None:
    code, said, complaint = run("--own-host", str(program), **variables)
    assert (code, said) == (125, "")
    assert what in complaint
    assert "Traceback" not in complaint


def test_every_dll_has_a_list_of_exports() -> None:
    assert {f"{path.stem}.dll" for path in (ROOT / "shim").glob("*.def")} == set(DLLS)


@pytest.fixture
def own_cache(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the variables of a cache of prefixes that is the test's own; see its keepers end."""
    folder = tmp_path / "cache"
    prefix = prepare(wine_binary(), NEWEST)
    template = prefix.with_name(prefix.name.partition("-in-")[0])
    (folder / "hnsemu").mkdir(parents=True)
    (folder / "hnsemu" / template.name).symlink_to(template)
    yield {"XDG_CACHE_HOME": str(folder), "HNSEMU_WINE_IDLE": str(IDLE)}
    for noted in folder.glob("hnsemu/*/keeper"):
        os.utime(noted.with_name(USED), (0, 0))  # nobody has used it for long
        wait_for_the_end(int(noted.read_text()))


def wait_for_the_end(pid: int) -> None:
    """Wait until a keeper has ended."""
    until(lambda: not Path(f"/proc/{pid}").exists(), "the keeper outlives its time")


def keepers(cache: dict[str, str]) -> list[int]:
    """Return the process ids of the keepers of a cache."""
    folder = Path(cache["XDG_CACHE_HOME"]) / "hnsemu"
    return [int(noted.read_text()) for noted in folder.glob("*/keeper")]


def test_wine_s_services_wait_for_the_next_program_and_end_by_themselves(
    program: Path, url: str, own_cache: dict[str, str]
) -> None:
    for _ in range(2):
        code, said, _ = run(str(program), HNSEMU_URL=url, **own_cache)
        assert (code, url in said) == (42, True)
        (pid,) = keepers(own_cache)
    assert "keeper.exe" in Path(f"/proc/{pid}/cmdline").read_text()
    wait_for_the_end(pid)
    code, _, _ = run(str(program), HNSEMU_URL=url, **own_cache)
    assert code == 42
    assert keepers(own_cache) != [pid]


def test_nothing_is_kept_where_nothing_is_asked_for(
    program: Path, url: str, own_cache: dict[str, str]
) -> None:
    code, _, _ = run(str(program), HNSEMU_URL=url, **{**own_cache, "HNSEMU_WINE_IDLE": "0"})
    assert (code, keepers(own_cache)) == (42, [])


def test_two_network_namespaces_use_one_cache_at_once(
    program: Path, calls: Path, url: str, own_cache: dict[str, str]
) -> None:
    cache = {**own_cache, "HNSEMU_WINE_IDLE": "600"}
    code, _, _ = run(str(program), HNSEMU_URL=url, **cache)
    assert code == 42
    (pid,) = keepers(cache)
    # There is a service in the other namespace only; this one's Wine server cannot reach it.
    apart = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-current-user"])]
    inside = "ip link set lo up && exec " + shlex.join([*COMMAND, str(calls), "refusals"])
    ran = subprocess.run(
        [*apart, "sh", "-c", inside],
        env=environment(**cache),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert Path(f"/proc/{pid}").exists(), "the first server must live for the test to tell anything"
    assert len(keepers(cache)) == 2
    assert len(list((Path(cache["XDG_CACHE_HOME"]) / "hnsemu").glob("*/drive_c"))) == 3
