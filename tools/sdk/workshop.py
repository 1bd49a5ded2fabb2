"""Folders, commands and toolchains that the generators share."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "tests" / "sdk"
BUILD = ROOT / "build" / "sdk"

Command = list[str | Path]


def fresh(client: str, keep: str = "") -> Path:
    """Return a folder with the program of `client`, without what earlier runs left."""
    folder = BUILD / client
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.name != keep:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copytree(PROGRAMS / "clients" / client, folder, dirs_exist_ok=True)
    return folder


def run(
    folder: Path, *command: str | Path, output: IO[str] | None = None, **variables: str
) -> None:
    """Run a command in a folder.

    Raises: CalledProcessError.
    """
    environment = {**os.environ, "npm_config_loglevel": "error", **variables}
    subprocess.run(command, check=True, cwd=folder, env=environment, stdout=output)


def environment(folder: Path) -> Path:
    """Return the programs of a Python environment with the folder's requirements."""
    programs = folder / "environment" / "bin"
    if not (programs / "pip").exists():
        run(folder, sys.executable, "-m", "venv", programs.parent)
    pinned = ["-r", "requirements.txt"]
    run(folder, programs / "pip", "install", "-q", "--disable-pip-version-check", *pinned)
    return programs


def packages(folder: Path) -> Path:
    """Install the folder's npm packages; return their programs."""
    quiet = ["--silent", "--no-audit", "--no-fund", "--no-package-lock"]
    run(folder, "npm", "install", *quiet)
    return folder / "node_modules" / ".bin"


def bundle(folder: Path) -> Command:
    """Check the types of the program and bundle it, as for a browser: imports name no files."""
    programs = folder / "node_modules" / ".bin"
    run(folder, programs / "tsc")
    options = ["--bundle", "--platform=node", "--format=esm", "--outfile=smoke.mjs"]
    run(folder, programs / "esbuild", "smoke.ts", *options, "--log-level=warning")
    return ["node", folder / "smoke.mjs"]


def go_program() -> Path:
    """Return a Go that is new enough."""
    toolchain = subprocess.check_output([ROOT / "tools" / "go-toolchain"], text=True).strip()
    return Path(toolchain) / "go"


def built_with_go(folder: Path) -> Command:
    """Vet and build the program that uses the package `hns`."""
    go = go_program()
    run(folder, go, "vet", ".")
    run(folder, go, "build", "-o", "smoke", ".")
    return [folder / "smoke"]


def maven_artifact(folder: Path, group: str, artifact: str, version: str) -> Path:
    """Return a jar in the folder, which Maven fetched the first time."""
    jar = folder / f"{artifact}-{version}.jar"
    if not jar.exists():
        folder.mkdir(parents=True, exist_ok=True)
        what = f"-Dartifact={group}:{artifact}:{version}"
        run(folder, "mvn", "-q", "-B", "dependency:copy", what, f"-DoutputDirectory={folder}")
    return jar
