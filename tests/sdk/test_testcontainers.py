"""The samples with Testcontainers: their types hold, and their tests pass.

They do where HNSEMU_URL names a service, so that no container is started, and where a Docker daemon
starts one. That is an emulated one: its containers run nothing, and the service answers for them.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hnsemu.storage.migrate import upgrade
from tests.e2e.servers import serving
from tests.sdk.engine import engine

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "examples" / "testcontainers"
PATIENCE = 400  # seconds: the first time, packages are fetched

Run = Callable[..., str]

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a service."""
    url = f"sqlite:///{tmp_path_factory.mktemp('service') / 'hns.db'}"
    upgrade(url)
    with serving(url) as server:
        yield server.url


@pytest.fixture(scope="module")
def docker_host(service: str) -> Iterator[str]:
    """Return the address of a Docker daemon whose containers answer as the service does."""
    with engine(service, "engine") as address:
        yield address


@pytest.fixture
def run(request: pytest.FixtureRequest, service: str, tmp_path: Path) -> Run:
    """Return what runs a program in a copy of the language's sample, and returns its output."""
    folder = tmp_path / "sample"
    language = request.function.__name__.split("_")[1]
    shutil.copytree(SAMPLES / language, folder)

    def run(*command: str | Path, **variables: str) -> str:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd=folder,
            env={**os.environ, "HNSEMU_URL": service, **variables},
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    return run


@pytest.fixture
def in_container(docker_host: str) -> dict[str, str]:
    """Return the variables with which samples start containers."""
    return {"HNSEMU_URL": "", "DOCKER_HOST": docker_host, "TESTCONTAINERS_RYUK_DISABLED": "true"}


def test_python(run: Run, in_container: dict[str, str]) -> None:
    run(sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "test_pods.py")
    for variables in ({}, in_container):
        tests = run(sys.executable, "-m", "pytest", "-q", "-p", "no:hnsemu", **variables)
        assert "1 passed" in tests


def test_go(run: Run, in_container: dict[str, str]) -> None:
    toolchain = subprocess.check_output([ROOT / "tools" / "go-toolchain"], text=True).strip()
    test = (Path(toolchain) / "go", "test", "-count=1", "-v", ".")  # it vets, too
    assert "--- PASS: TestOneNetworkIsCreated" in run(*test)
    assert "Container is ready: " in run(*test, **in_container)


def test_java_which_refuses_daemons_of_windows(run: Run) -> None:
    tests = run("mvn", "-B", "--no-transfer-progress", "test")
    assert "Tests run: 1, Failures: 0, Errors: 0, Skipped: 0" in tests


def test_node(run: Run, in_container: dict[str, str]) -> None:
    quiet = {"npm_config_loglevel": "error"}
    run("npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock", **quiet)
    run("npm", "run", "types")
    for variables in ({}, in_container):
        tests = run("npm", "test", NODE_OPTIONS="--test-reporter=tap", **variables)
        assert "# pass 1\n" in tests


@pytest.mark.parametrize("kind", ["*.py", "*.go", "*.java", "*.mjs"])
def test_each_file_is_read_at_a_glance(kind: str) -> None:
    files = list(SAMPLES.rglob(kind))
    assert files
    assert {len(file.read_text().splitlines()) for file in files} <= set(range(41))
