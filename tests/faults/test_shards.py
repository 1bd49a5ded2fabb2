"""Two services, each with a database of its own, behind one front; a host moves between them."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from hnsemu.cli.app import cli
from tests.e2e.servers import Server, serving
from tests.e2e.streams import listening, news
from tests.e2e.test_notifications import create_namespace
from tests.ports import free_port
from tests.waiting import PATIENCE, until


def hnsemu(*arguments: str) -> str:
    """Run a command of hnsemu and return what it prints."""
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.stderr
    return done.stdout


class Front:
    """A front that runs what `hnsemu shards render` prints for it."""

    program: str

    def __init__(self, folder: Path, services: list[str]) -> None:
        """Start it; `lead` renders again."""
        self.address = f"127.0.0.1:{free_port()}"
        self.part, self.folder = folder / "shards.conf", folder
        self._services = services
        self._render()
        self.process = self.start()
        _wait_for(self.address)

    def start(self) -> "subprocess.Popen[bytes]":
        """Run the program."""
        raise NotImplementedError

    def reload(self) -> None:
        """Let the program read its configuration again."""
        raise NotImplementedError

    def lead(self) -> None:
        """Ask the services again which hosts they have."""
        self._render()
        self.reload()

    def _render(self) -> None:
        options = ("--listen", self.address, "--for", self.program)
        self.part.write_text(hnsemu("shards", "render", *self._services, *options))


class Nginx(Front):
    """An nginx."""

    program = "nginx"

    def start(self) -> "subprocess.Popen[bytes]":
        """Run it."""
        (self.folder / "nginx.conf").write_text(
            f"daemon off; pid {self.folder}/pid; error_log {self.folder}/errors;\n"
            f"events {{}}\nhttp {{ access_log off; include {self.part}; }}\n"
        )
        return subprocess.Popen(self._command())

    def reload(self) -> None:
        """Reload it."""
        subprocess.run([*self._command(), "-s", "reload"], check=True, timeout=PATIENCE)

    def _command(self) -> list[str]:
        folder = str(self.folder)
        return ["nginx", "-p", folder, "-e", f"{folder}/errors", "-c", f"{folder}/nginx.conf"]


class HAProxy(Front):
    """A HAProxy with a master process."""

    program = "haproxy"

    def start(self) -> "subprocess.Popen[bytes]":
        """Run it."""
        return subprocess.Popen(["haproxy", "-W", "-f", str(self.part)])

    def reload(self) -> None:
        """Reload it."""
        self.process.send_signal(signal.SIGUSR2)


def _wait_for(address: str) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(retries=10), timeout=PATIENCE) as client:
        assert client.get(f"http://{address}/readyz").status_code == 200


def _once_it_is_there(url: str) -> httpx.Response:
    """Ask until the answer is not 404: processes of before a reload answer for a while."""

    def look() -> httpx.Response | None:
        answer = httpx.get(url, timeout=PATIENCE)
        return None if answer.status_code == HTTPStatus.NOT_FOUND else answer

    return until(look, "the front does not reload")


@contextmanager
def front(kind: type[Front], folder: Path, services: list[str]) -> Iterator[Front]:
    """Run a front before services."""
    made = kind(folder, services)
    try:
        yield made
    finally:
        made.process.terminate()
        made.process.wait(PATIENCE)


@pytest.fixture
def east(tmp_path: Path) -> Iterator[Server]:
    with serving(f"sqlite:///{tmp_path}/east.db") as server:
        yield server


@pytest.fixture
def west(tmp_path: Path) -> Iterator[Server]:
    with serving(f"sqlite:///{tmp_path}/west.db") as server:
        yield server


@pytest.mark.parametrize("kind", [Nginx, HAProxy])
def test_a_host_answers_at_one_address_wherever_it_is(
    kind: type[Front], east: Server, west: Server, tmp_path: Path
) -> None:
    long = "n" * 63
    for name in ("moving", "volatile", long):
        assert httpx.put(f"{west.url}/emulator/hosts/{name}", timeout=PATIENCE).status_code == 201
    with (
        front(kind, tmp_path, [f"east={east.url}", f"west={west.url}"]) as leading,
        httpx.Client(base_url=f"http://{leading.address}", timeout=PATIENCE) as client,
    ):
        assert (
            client.get("/v2/networks").json()
            == httpx.get(f"{east.url}/v2/networks", timeout=PATIENCE).json()
        )
        for name in ("moving", "volatile", long):
            assert client.get(f"/emulator/hosts/{name}").status_code == 200
        stream = f"http://{leading.address}/hosts/moving/v2/notifications"
        with listening(stream) as (_, following):
            created = create_namespace(client, "/hosts/moving")
            assert [event.subject for event in news(following, 1)] == [created]

        moved = f"/hosts/moving/v2/namespaces/{created}"
        state = str(tmp_path / "state.yaml")
        hnsemu("state", "export", state, "--host", "moving", "--url", west.url)
        hnsemu("hosts", "delete", "moving", "--url", west.url)
        hnsemu("state", "import", state, "--host", "moving", "--url", east.url)
        leading.lead()
        assert _once_it_is_there(f"http://{leading.address}{moved}").json()["ID"] == created
        assert httpx.get(f"{east.url}{moved}", timeout=PATIENCE).status_code == 200
