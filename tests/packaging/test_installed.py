"""hnsemu installed beside a project that has packages named `app` and `migrations` of its own."""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from hnsemu import __version__
from hnsemu.storage.versions import HEAD
from tests.packaging.conftest import (
    Environment,
    add,
    compiler_path,
    installed,
    stand_in_path,
)
from tests.waiting import PATIENCE

_IMPORTS = """
import json
import app, migrations, hnsemu, hnsemu.main, hnsemu.storage.migrate
print(json.dumps([module.__file__ for module in (app, migrations, hnsemu)]))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the folder of somebody's project."""
    for name in ("app", "migrations"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    return tmp_path


@contextmanager
def serving(environment: Environment, project: Path, *options: str) -> Iterator[str]:
    """Run `hnsemu serve` of the environment in the project; yield its address."""
    with subprocess.Popen(
        [environment.command("hnsemu"), "serve", "--port", "0", *options],
        cwd=project,
        env={"PYTHONPATH": str(project)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


def test_each_imports_its_own(environment: Environment, project: Path) -> None:
    done = environment.run("python", "-c", _IMPORTS, cwd=project)
    assert done.returncode == 0, done.stderr
    app, migrations, hnsemu = (Path(file) for file in json.loads(done.stdout))
    assert app.parent == project / "app"
    assert migrations.parent == project / "migrations"
    assert hnsemu.is_relative_to(environment.folder)


@pytest.mark.parametrize("word", ["version", "--version", "-V"])
def test_it_says_its_version(environment: Environment, project: Path, word: str) -> None:
    done = environment.run("hnsemu", word, cwd=project, PYTHONPATH=str(project))
    assert (done.returncode, done.stdout.split()[-1:]) == (0, [__version__])


def test_it_migrates_a_database_and_serves_it(environment: Environment, project: Path) -> None:
    url = f"sqlite:///{project / 'hns.db'}"
    migrated = environment.run(
        "hnsemu", "migrate", "--database-url", url, cwd=project, PYTHONPATH=str(project)
    )
    assert migrated.returncode == 0, migrated.stderr
    assert HEAD in migrated.stdout
    with serving(environment, project, "--database-url", url) as address:
        (network,) = httpx.get(f"{address}/v2/networks", timeout=PATIENCE).json()
    assert network["Name"] == "nat"


def test_it_serves_a_temporary_database(environment: Environment, project: Path) -> None:
    with serving(environment, project, "--ephemeral") as address:
        assert httpx.get(f"{address}/healthz", timeout=PATIENCE).status_code == 200
    assert sorted(path.name for path in project.iterdir()) == ["app", "migrations"]


def test_pip_installs_the_source_distribution(sdist: Path, project: Path, tmp_path: Path) -> None:
    environment = installed(tmp_path / "env", sdist, compiler_path(tmp_path))
    done = environment.run("hnsemu", "version", cwd=project)
    assert (done.returncode, done.stdout.strip()) == (0, __version__)


def test_the_github_action_installs_its_checkout(checkout: Path, tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{stand_in_path(tmp_path)}"
    found, dependencies = tmp_path / "path", sysconfig.get_path("purelib")
    borrowed = {
        "PYTHONPATH": dependencies,
        "PIP_IGNORE_INSTALLED": "1",
        "PIP_NO_BUILD_ISOLATION": "false",  # pip's way of saying true
        "PIP_NO_DEPS": "1",
    }
    runner = {"RUNNER_TEMP": str(tmp_path), "GITHUB_PATH": str(found), "PATH": path}
    done = subprocess.run(
        [checkout / "deploy" / "action", "install"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **runner, **borrowed},
    )
    assert done.returncode == 0, done.stderr
    folder = Path(found.read_text().strip()).parent
    (packages,) = folder.glob("lib/*/site-packages")
    (packages / "borrowed.pth").write_text(f"{dependencies}\n")
    version = Environment(folder).run("hnsemu", "version", cwd=tmp_path)
    assert version.stdout.strip() == __version__, version.stderr
    assert (packages / "hnsemu" / "__init__.py").is_file()


_WITHOUT_PYTEST = """
import sys
import hnsemu.testing
with hnsemu.testing.host(release="ws2022") as host:
    print(host.host.get("/host")["Release"], "pytest" in sys.modules)
"""


def test_it_gives_programs_a_host_without_pytest(environment: Environment, project: Path) -> None:
    done = environment.run("python", "-c", _WITHOUT_PYTEST, cwd=project)
    assert done.stdout.split() == ["ws2022", "False"], done.stderr


_TEST = """
def test_the_host_of_a_test(hns):
    hns.v2.post("/networks", {"Name": "pods", "Type": "Private"})
    hns.verify("HcnCreateNetwork", count=1)
"""


def test_pytest_finds_its_fixtures(environment: Environment, tmp_path: Path) -> None:
    add(environment, "pytest")
    (tmp_path / "test_it.py").write_text(_TEST)
    done = environment.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path)
    assert "1 passed" in done.stdout, done.stdout
    assert "objects that tests left behind" in done.stdout
