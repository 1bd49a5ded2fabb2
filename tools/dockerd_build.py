"""How Docker's own daemon for Windows is built: from the Go module proxy, with Docker's own Go.

This file is the recipe: its hash is part of the name in the cache, so that a daemon that was built
in another way is never taken for this one.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

VERSION = "28.5.2"
COMMIT = "89c5e8f"  # what `docker version` shows of the release
_MODULE = f"github.com/docker/docker@v{VERSION}+incompatible"
_GO = "1.24.9"
_RESOURCES = "x86_64-w64-mingw32-windres"
# Named so that nothing in the environment of who builds has a say.
_TARGET = {"GOOS": "windows", "GOARCH": "amd64", "GOAMD64": "v1", "CGO_ENABLED": "0"}
_TARGET |= {"GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off"}

_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hnsemu" / "dockerd"

# Windows tells a program its real version only when the program's manifest names Windows 10.
_MANIFEST = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">
  <compatibility xmlns="urn:schemas-microsoft-com:compatibility.v1"><application>
    <supportedOS Id="{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}"/>
  </application></compatibility>
</assembly>
"""


def built(recipe: Path = Path(__file__)) -> Path:
    """Return where the daemon of a recipe lies, or will lie."""
    fingerprint = hashlib.sha256(recipe.read_bytes()).hexdigest()[:12]
    return _CACHE / f"dockerd-{VERSION}-{fingerprint}.exe"


def missing_tools() -> list[str]:
    """Return the programs that building needs and that are not there; none when it is built."""
    if built().is_file():
        return []
    return [tool for tool in ("go", _RESOURCES) if not shutil.which(tool)]


def dockerd() -> Path:
    """Return the daemon, built when it is missing: about five minutes of CPU time.

    Raises: CalledProcessError.
    """
    wanted = built()
    if not wanted.is_file():
        wanted.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=wanted.parent) as folder:
            _build(Path(folder)).rename(wanted)
    return wanted


def _build(folder: Path) -> Path:
    source = folder / "source"
    shutil.copytree(_download(_MODULE), source)
    for entry in (source, *source.rglob("*")):
        entry.chmod(entry.stat().st_mode | 0o200)  # the module cache is read-only
    for name in ("mod", "sum"):
        (source / f"vendor.{name}").rename(source / f"go.{name}")
    shutil.rmtree(source / "vendor")
    _compile_manifest(folder, source / "cmd" / "dockerd" / "manifest_windows_amd64.syso")
    package = "github.com/docker/docker/dockerversion"
    stamps = f"-s -w -X {package}.Version={VERSION} -X {package}.GitCommit={COMMIT}"
    command = ["go", "build", "-mod=readonly", "-buildvcs=false", "-trimpath"]
    subprocess.run(
        [*command, "-ldflags", stamps, "-o", folder / "dockerd.exe", "./cmd/dockerd"],
        cwd=source,
        env=os.environ | _TARGET | {"PATH": f"{_toolchain()}:{os.environ['PATH']}"},
        check=True,
    )
    return folder / "dockerd.exe"


def _download(module: str) -> Path:
    """Fetch a module and return its folder in the module cache."""
    said = subprocess.run(
        ["go", "mod", "download", "-json", module],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(json.loads(said.stdout)["Dir"])


def _toolchain() -> Path:
    """Fetch the Go release that Docker used and return the folder of its programs."""
    target = subprocess.run(
        ["go", "env", "GOHOSTOS", "GOHOSTARCH"], capture_output=True, text=True, check=True
    ).stdout.split()
    folder = _download(f"golang.org/toolchain@v0.0.1-go{_GO}.{'-'.join(target)}")
    for tool in (*(folder / "bin").iterdir(), *(folder / "pkg" / "tool").rglob("*")):
        tool.chmod(tool.stat().st_mode | 0o111)  # a module's files are not executable
    return folder / "bin"


def _compile_manifest(folder: Path, out: Path) -> None:
    (folder / "dockerd.manifest").write_text(_MANIFEST)
    (folder / "dockerd.rc").write_text('1 24 "dockerd.manifest"\n')
    command = [_RESOURCES, "--output-format=coff", "dockerd.rc", str(out)]
    subprocess.run(command, cwd=folder, check=True)
