"""What a command loads before it acts: counted in modules, as seconds differ by machine."""

import os
import subprocess
import sys
from importlib import import_module

from typer.main import get_group
from typer.testing import CliRunner

from hnsemu.cli.app import cli
from hnsemu.cli.commands import COMMANDS, help_text

HNSEMU = [sys.executable, "-m", "hnsemu.cli"]


def loaded_by(*words: str, **variables: str) -> set[str]:
    """Run a command to its end and return the modules that it has loaded."""
    environment = {**os.environ, "PYTHONPROFILEIMPORTTIME": "1", **variables}
    ran = subprocess.run(
        [*HNSEMU, *words], env=environment, capture_output=True, text=True, check=True
    )
    return imports_in(ran.stderr)


def imports_in(profile: str) -> set[str]:
    """Return the modules in what Python prints with -X importtime."""
    lines = (line for line in profile.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip() for line in lines} - {"imported package"}


def packages(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


def test_help_is_what_typer_prints() -> None:
    printed = CliRunner().invoke(cli, ["--help"], prog_name="hnsemu", env={"COLUMNS": "80"})
    assert help_text() == printed.output


def test_the_table_has_the_commands_of_its_modules_and_no_others() -> None:
    modules = {module for module, _ in COMMANDS.values()}
    there = {(m, name) for m in modules for name in get_group(import_module(m).cli).commands}
    assert there == {(module, name) for name, (module, _) in COMMANDS.items()}


def test_a_command_is_loaded_with_its_own_module_only() -> None:
    script = (
        "import sys; from typer.main import get_command; from hnsemu.cli.app import cli; "
        "get_command(cli).commands['trace']; "
        "print(*(name for name in sys.modules if name.startswith('hnsemu.cli.')))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    others = {module for module, _ in COMMANDS.values()} - {"hnsemu.cli.packets"}
    assert "hnsemu.cli.packets" in printed
    # It resolves names as those of `objects` do.
    assert others & set(printed) <= {"hnsemu.cli.objects"}


def test_help_and_version_load_nothing_but_python() -> None:
    for option in ("--help", "--version"):
        loaded = loaded_by(option)
        assert {module for module in loaded if module.startswith("hnsemu")} <= {
            "hnsemu", "hnsemu.cli", "hnsemu.cli.commands"
        }  # fmt: skip
        assert not {"typer", "dataclasses", "inspect", "re"} & (loaded - loaded_by_python())


def loaded_by_python() -> set[str]:
    """Return what the interpreter loads for a module that imports nothing."""
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "this"],
        capture_output=True,
        text=True,
        check=True,
    )
    return imports_in(ran.stderr)


def test_a_list_loads_no_service_and_no_second_client(server_url: str) -> None:
    loaded = loaded_by("networks", "list", HNSEMU_URL=server_url, HNSEMU_ON="node")
    assert not packages(loaded) & {
        "click", "fastapi", "httpx", "pydantic", "rich", "sqlalchemy", "yaml"
    }  # fmt: skip
    assert not {module for module in loaded if module.startswith("hnsemu.domain.")} - {
        "hnsemu.domain.near", "hnsemu.domain.visible"
    }  # fmt: skip
    assert len(loaded) < 225  # most are Python's own
