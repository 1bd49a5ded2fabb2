"""The Wine prefixes that programs run in: made once for each release, kept in the user's cache."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import typer

from hnsemu.domain.releases import Release
from hnsemu.wine.registry import registry_file

DLLS = ("computenetwork.dll", "vmcompute.dll", "bcryptprimitives.dll", "iphlpapi.dll")
_OVERRIDES = "computenetwork,vmcompute,iphlpapi=n;bcryptprimitives=b,n"
# Wine's own DLL, to which ours of the first name passes on what it does not answer itself.
_KEPT = {"iphlpapi.dll": "wineiphlpapi.dll"}
_DLL_FOLDER = Path(__file__).parents[1] / "windows"
_WINES = ("wine64", "wine", "/usr/lib/wine/wine64")


class WineError(Exception):
    """The program cannot be run; the message gives the reason and the remedy."""


def prepare(binary: str, release: Release) -> Path:
    """Return a Wine prefix with the DLLs in which programs see a host of `release`.

    It is created once for these DLLs, this Wine, this release and this build.

    Raises: WineError.
    """
    missing = [name for name in DLLS if not (_DLL_FOLDER / name).is_file()]
    if missing:
        raise WineError(
            f"{missing[0]} is missing; run `make shim` in a clone, or install mingw-w64 and make "
            "and then hnsemu again"
        )
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hnsemu"
    cache.mkdir(parents=True, exist_ok=True)
    prefix = cache / f"wine-{_fingerprint(binary, release)}-{release.name}"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not prefix.is_dir():
            typer.echo(
                f"hnsemu-wine: preparing Wine for {release.title} (first run only)", err=True
            )
            _make_prefix(binary, cache, prefix, release)
    return prefix


def wine_binary() -> str:
    """Return the program that runs Windows programs.

    Raises: WineError.
    """
    chosen = os.environ.get("WINE")
    for name in (chosen,) if chosen else _WINES:
        binary = shutil.which(name)
        if binary:
            return binary
    if chosen:
        raise WineError(f"cannot run {chosen}; set WINE to another program, or unset it")
    raise WineError("Wine is not installed (Debian and Ubuntu: apt-get install wine64)")


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


def environment(prefix: Path) -> dict[str, str]:
    """Return the environment for programs in a prefix."""
    own = os.environ.get("WINEDLLOVERRIDES")
    return {
        "WINEDEBUG": "-all",
        **os.environ,
        "WINEPREFIX": str(prefix),
        "WINEDLLOVERRIDES": f"{own};{_OVERRIDES}" if own else _OVERRIDES,
    }
