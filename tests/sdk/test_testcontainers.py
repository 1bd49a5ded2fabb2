"""The samples with Testcontainers: their types hold, and their tests pass on a running service.

HNSEMU_URL takes the place of the container, as no engine is needed then.
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


@pytest.fixture
def run(request: pytest.FixtureRequest, service: str, tmp_path: Path) -> Run:
    """Return what runs a program in a copy of the language's sample, and returns its output."""
    folder = tmp_path / "sample"
    shutil.copytree(SAMPLES / request.function.__name__.removeprefix("test_"), folder)

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


def test_python(run: Run) -> None:
    run(sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "test_pods.py")
    tests = run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hnsemu")
    assert "1 passed" in tests


def test_go(run: Run) -> None:
    toolchain = subprocess.check_output([ROOT / "tools" / "go-toolchain"], text=True).strip()
    go = Path(toolchain) / "go"
    run(go, "vet", ".")
    assert "--- PASS: TestOneNetworkIsCreated" in run(go, "test", "-count=1", "-v", ".")


def test_java(run: Run) -> None:
    tests = run("mvn", "-B", "--no-transfer-progress", "test")
    assert "Tests run: 1, Failures: 0, Errors: 0, Skipped: 0" in tests


def test_node(run: Run) -> None:
    quiet = {"npm_config_loglevel": "error"}
    run("npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock", **quiet)
    run("npm", "run", "types")
    assert "# pass 1\n" in run("npm", "test", NODE_OPTIONS="--test-reporter=tap")


@pytest.mark.parametrize("kind", ["*.py", "*.go", "*.java", "*.mjs"])
def test_each_file_is_read_at_a_glance(kind: str) -> None:
    files = list(SAMPLES.rglob(kind))
    assert files
    assert {len(file.read_text().splitlines()) for file in files} <= set(range(41))
