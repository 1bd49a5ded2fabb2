"""What the service loads before its first answer: counted in modules, as seconds differ."""

import subprocess
import sys
from pathlib import Path

from tests.cli.test_start import imports_in, packages
from tests.e2e.servers import serving

LATE = (
    "hnsemu.api.emulator",
    "hnsemu.api.examples",
    "hnsemu.api.host",
    "hnsemu.api.v1",
    "hnsemu.docker.api",
    "hnsemu.docker.services",
    "hnsemu.docker.storage.partial_indexes",
    "hnsemu.domain.state",
    "hnsemu.domain.tracing",
    "hnsemu.domain.vfp.model",
    "hnsemu.pages",
    "hnsemu.services.dataplane",
    "hnsemu.services.hosts.state",
    "hnsemu.storage.partial_indexes",
    "sqlalchemy.dialects.postgresql",
)


def test_a_service_on_sqlite_loads_what_its_first_answer_needs(
    tmp_path: Path, sqlite_template: Path
) -> None:
    database, profile = tmp_path / "hnsemu.db", tmp_path / "profile"
    database.write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{database}"
    with serving(url):
        pass  # the host `default` exists from now on
    with (
        profile.open("w") as file,
        serving(url, stderr=file, PYTHONPROFILEIMPORTTIME="1") as server,
    ):
        assert server.get("/v2/networks").status_code == 200
    loaded = imports_in(profile.read_text())
    assert not packages(loaded) & {
        "alembic",
        "fastapi_offline",
        "httpx",
        "jinja2",
        "psycopg",
        "yaml",
    }
    assert not {module for module in loaded if module.startswith(LATE)}
    assert len(loaded) < 1010  # most are FastAPI's, SQLAlchemy's and pydantic's


def test_docker_loads_nothing_of_postgresql_before_it_is_asked_for() -> None:
    imports = [sys.executable, "-X", "importtime", "-c", "import hnsemu.docker.api"]
    loaded = imports_in(subprocess.run(imports, capture_output=True, text=True, check=True).stderr)
    assert "hnsemu.docker.storage.tables" in loaded
    assert not {module for module in loaded if module.startswith("sqlalchemy.dialects.postgresql")}


def test_an_area_is_loaded_by_its_first_request(tmp_path: Path, sqlite_template: Path) -> None:
    database = tmp_path / "hnsemu.db"
    database.write_bytes(sqlite_template.read_bytes())
    with serving(f"sqlite:///{database}") as server, server.client() as http:
        for path in ("/v1/networks/", "/host", "/emulator/hosts", "/docker/version", "/ui"):
            assert http.get(path).status_code == 200, path
        for path in ("/v1/none", "/host/none", "/emulator", "/none"):
            assert http.get(path).status_code == 404, path
