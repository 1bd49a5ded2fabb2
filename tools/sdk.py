"""Generate clients of the OpenAPI document, compile them, and drive a live service with each.

python -m tools.sdk [python|typescript|go ...]

The generated code is in build/sdk/LANGUAGE. The last line is `N passed, M failed`; the exit code is
0 when none failed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from hnsemu.storage.migrate import upgrade
from tests.e2e.servers import serving
from tools.openapi import DOCUMENT

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / "tests" / "sdk"
BUILD = ROOT / "build" / "sdk"

Command = list[str | Path]


def python() -> Command:
    """openapi-python-client; return the command that runs the smoke program."""
    folder = _fresh("python")
    tools = BUILD / "python-tools" / "bin"
    if not (tools / "pip").exists():
        _run(folder, sys.executable, "-m", "venv", tools.parent)
    pinned = ["-r", "requirements.txt"]
    _run(folder, tools / "pip", "install", "-q", "--disable-pip-version-check", *pinned)
    generator: Command = [tools / "openapi-python-client", "generate", "--path", DOCUMENT]
    # the hooks only format with ruff, and would warn when it is missing
    (folder / "config.yaml").write_text("post_hooks: []\n")
    where = ["--output-path", "hns", "--meta", "none", "--config", "config.yaml"]
    _run(folder, *generator, *where, "--fail-on-warning")
    _run(folder, tools / "python", "-m", "compileall", "-q", "hns")
    return [tools / "python", folder / "smoke.py"]


def typescript() -> Command:
    """openapi-typescript with openapi-fetch, run; the client of hey-api, compiled."""
    folder = _fresh("typescript", keep="node_modules")
    _run(folder, "npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock")
    programs = folder / "node_modules" / ".bin"
    _run(folder, programs / "openapi-typescript", DOCUMENT, "-o", "hns.d.ts")
    _run(folder, programs / "openapi-ts", "--silent", "-i", DOCUMENT, "-o", "hey")
    _run(folder, programs / "tsc", "-p", "tsconfig.json")
    _run(folder, programs / "tsc", "-p", "tsconfig.hey.json")
    return ["node", folder / "compiled" / "smoke.js"]


def go() -> Command:
    """oapi-codegen, as a tool of the module that uses its code."""
    folder = _fresh("go")
    toolchain = subprocess.check_output([ROOT / "tools" / "go-toolchain"], text=True).strip()
    program = Path(toolchain) / "go"
    (folder / "hns").mkdir()
    written = ["-generate", "types,client", "-package", "hns", "-o", "hns/hns.go"]
    _run(folder, program, "tool", "oapi-codegen", *written, DOCUMENT)
    _run(folder, program, "vet", ".", "./hns")
    _run(folder, program, "build", "-o", "smoke", ".")
    return [folder / "smoke"]


LANGUAGES: dict[str, Callable[[], Command]] = {"python": python, "typescript": typescript, "go": go}


def main() -> int:
    """Generate and run; return 1 when anything failed."""
    failed = []
    languages = sys.argv[1:] or list(LANGUAGES)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/hnsemu.db"
        upgrade(url)
        with serving(url) as server:
            for language in languages:
                begun = time.monotonic()
                try:
                    subprocess.run([*LANGUAGES[language](), server.url], check=True)
                    outcome = "passed"
                except (subprocess.CalledProcessError, OSError) as error:
                    failed.append(language)
                    outcome = f"failed: {error}"
                print(f"{language}: {outcome} ({time.monotonic() - begun:.0f} s)", flush=True)
    print(f"{len(languages) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _fresh(language: str, keep: str = "") -> Path:
    """Return a folder with the smoke program of `language`, without what earlier runs left."""
    folder = BUILD / language
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.name != keep:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copytree(PROGRAMS / language, folder, dirs_exist_ok=True)
    return folder


def _run(folder: Path, *command: str | Path) -> None:
    subprocess.run(
        command, check=True, cwd=folder, env={**os.environ, "npm_config_loglevel": "error"}
    )


if __name__ == "__main__":
    sys.exit(main())
