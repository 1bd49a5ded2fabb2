"""Making Wine prefixes: a template for each release, an instance for each network namespace."""

import fcntl
import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

import typer

from hnsemu.domain.releases import Release
from hnsemu.wine.places import (
    DLLS,
    FOLDER,
    KEEPER,
    KNOWN,
    WineError,
    cache,
    environment,
    instance,
    state,
    wine_binary,
)
from hnsemu.wine.pruning import prune
from hnsemu.wine.registry import registry_file

__all__ = ["DLLS", "WineError", "environment", "prepare", "wine_binary"]

_DLL_FOLDER = Path(FOLDER)
# Wine's own DLL, to which ours of the first name passes on what it does not answer itself.
_KEPT = {"iphlpapi.dll": "wineiphlpapi.dll"}
_COPIED = ("system.reg", "user.reg", "userdef.reg", ".update-timestamp")
_NOT_LINKED = ("dosdevices", *_COPIED, KNOWN)


def prepare(binary: str, release: Release) -> Path:
    """Return a Wine prefix with the DLLs in which programs see a host of `release`.

    It is created once for these DLLs, this Wine, this release, this build and this network
    namespace.

    Raises: WineError.
    """
    missing = [name for name in (*DLLS, KEEPER) if not (_DLL_FOLDER / name).is_file()]
    if missing:
        raise WineError(
            f"{missing[0]} is missing; run `make shim` in a clone, or install mingw-w64 and make "
            "and then hnsemu again"
        )
    folder = Path(cache())
    folder.mkdir(parents=True, exist_ok=True)
    template = folder / f"wine-{_fingerprint(binary, release)}-{release.name}-{release.build}"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.is_dir():
            typer.echo(
                f"hnsemu-wine: preparing Wine for {release.title} (first run only)", err=True
            )
            _make_prefix(binary, folder, template, release)
            prune(folder)
        _note(template / KNOWN, state(binary))
        prefix = Path(instance(str(template)))
        if not prefix.is_dir():
            _drop_instances(template)
            _make_instance(template, prefix)
    return prefix


def _note(known: Path, line: str) -> None:
    """Let the next start find the template by the state of the installation."""
    lines = known.read_text().splitlines() if known.exists() else []
    if line not in lines:
        known.write_text("\n".join([*lines[-9:], line]) + "\n")


def _make_instance(template: Path, prefix: Path) -> None:
    """Create a prefix with a registry of its own and the files of the template."""
    draft = Path(tempfile.mkdtemp(prefix="wine-", dir=template.parent))
    try:
        for name in _COPIED:
            if (template / name).exists():
                shutil.copy2(template / name, draft / name)
        shutil.copytree(template / "dosdevices", draft / "dosdevices", symlinks=True)
        for entry in template.iterdir():
            if entry.name not in _NOT_LINKED:
                (draft / entry.name).symlink_to(entry)
        draft.rename(prefix)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _drop_instances(template: Path) -> None:
    """Remove the instances for namespaces in which no process is left."""
    alive = set()
    for entry in Path("/proc").glob("[0-9]*/ns/net"):
        try:
            alive.add(str(entry.stat().st_ino))
        except OSError:
            continue  # it has ended, or is another user's
    for prefix in template.parent.glob(f"{template.name}-in-*"):
        if prefix.name.split("-")[-2] not in alive:
            shutil.rmtree(prefix, ignore_errors=True)


def _fingerprint(binary: str, release: Release) -> str:
    """Return a hash of the Wine version, the DLLs and the registry."""
    version = subprocess.run([binary, "--version"], capture_output=True, check=False).stdout
    fingerprint = hashlib.sha256(version + registry_file(release).encode())
    for name in DLLS:
        fingerprint.update((_DLL_FOLDER / name).read_bytes())
    return fingerprint.hexdigest()[:16]


def _make_prefix(binary: str, cache: Path, prefix: Path, release: Release) -> None:
    """Create a prefix in a temporary folder and move it into place when it is complete."""
    draft = Path(tempfile.mkdtemp(prefix="wine-", dir=cache))
    try:
        _run_in(draft, binary, "wineboot", "--init")
        system = draft / "drive_c" / "windows" / "system32"
        if not system.is_dir():
            raise WineError("wineboot made no system32; try another Wine (set WINE)")
        settings = draft / "release.reg"
        settings.write_text(registry_file(release), encoding="utf-16", newline="")
        _run_in(draft, binary, "regedit", "/S", str(settings))
        _wait_for_wineserver(binary, draft)
        for name, kept in _KEPT.items():
            (system / name).rename(system / kept)
        for name in DLLS:
            shutil.copyfile(_DLL_FOLDER / name, system / name)
        draft.rename(prefix)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _run_in(prefix: Path, binary: str, *command: str) -> None:
    """Run one of Wine's own programs.

    Raises: WineError.
    """
    ran = subprocess.run(
        [binary, *command],
        env=environment(prefix),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise WineError(f"{command[0]} failed: {ran.stderr.strip()[-500:]}")


def _wait_for_wineserver(binary: str, prefix: Path) -> None:
    """Wait until Wine has written its registry; its server exits when no program runs."""
    sibling = Path(binary).resolve().parent / "wineserver"
    server = str(sibling) if sibling.exists() else shutil.which("wineserver")
    if server:
        subprocess.run([server, "--wait"], env=environment(prefix), check=False)
