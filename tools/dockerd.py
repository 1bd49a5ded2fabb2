"""Build Docker's own daemon for Windows, and images for it: the other way in.

python -m tools.dockerd build             print the path of dockerd.exe, built when it is missing
python -m tools.dockerd run [ARGUMENT …]  run it on the host at HNSEMU_URL; -H tcp://127.0.0.1:PORT
python -m tools.dockerd image FILE NAME … write an archive for `docker load`

The daemon is built from the Go module proxy with the Go release that Docker built it with; nothing
of it enters this repository.
"""

import argparse
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tools.dockerd_build import dockerd, missing_tools


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.dockerd")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="print the path of dockerd.exe")
    run = commands.add_parser("run", help="run the daemon; further arguments are its own")
    run.add_argument("--root", type=Path, help="folder for its data, kept; else a temporary one")
    image = commands.add_parser("image", help="write an image without files")
    image.add_argument("file", type=Path)
    image.add_argument("name", nargs="+")
    image.add_argument("--expose", action="append", default=[], metavar="PORT/PROTOCOL")
    options, further = parser.parse_known_args()
    if options.command == "image":
        write_image(options.file, options.name, options.expose)
        return 0
    missing = missing_tools()
    if missing:
        print("dockerd: install " + " and ".join(missing), file=sys.stderr)
        return 1
    if options.command == "build":
        print(dockerd())
        return 0
    if options.root:
        return _run(options.root, further)
    with tempfile.TemporaryDirectory() as folder:
        return _run(Path(folder), further)


def _run(root: Path, arguments: list[str]) -> int:
    """Run the daemon under hnsemu-wine to its end and return its exit code."""
    root.mkdir(parents=True, exist_ok=True)
    pid = root / "docker.pid"
    pid.unlink(
        missing_ok=True
    )  # Wine gives the same ids again, which dockerd takes for itself running
    options = ["--data-root", _windows(root / "data"), "--exec-root", _windows(root / "exec")]
    options += ["--pidfile", _windows(pid)]
    options += [
        "--storage-opt",
        "size=0",
    ]  # else it wants to enlarge a disk, of which there is none
    command = [sys.executable, "-m", "hnsemu.wine", str(dockerd()), *options, *arguments]
    os.environ["DOCKER_WINDOWSFILTER_NOREEXEC"] = "1"  # layers have no files that need privileges
    with subprocess.Popen(command) as process:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: process.terminate())
        return process.wait()


def _windows(path: Path) -> str:
    return "Z:" + str(path.resolve()).replace("/", "\\")


def write_image(file: Path, names: list[str], ports: list[str]) -> None:
    """Write an archive of `docker save` with images that hold no files.

    ports: what each exposes, as "80/tcp".
    """
    layer = _tar({"Files/": b""})
    with tarfile.open(file, "w") as archive:
        manifest = []
        for name in names:
            config = _config(name, ports, layer)
            digest = hashlib.sha256(config).hexdigest()
            manifest.append(
                {"Config": f"{digest}.json", "RepoTags": [name], "Layers": ["layer.tar"]}
            )
            _add(archive, f"{digest}.json", config)
        _add(archive, "layer.tar", layer)
        _add(archive, "manifest.json", json.dumps(manifest).encode())


def _config(name: str, ports: list[str], layer: bytes) -> bytes:
    config: dict[str, object] = {"Cmd": ["cmd.exe"], "Labels": {"tag": name}}
    if ports:
        config["ExposedPorts"] = {port: {} for port in ports}
    document = {
        "architecture": "amd64",
        "os": "windows",
        "os.version": "10.0.26100.1",
        "created": "2025-11-01T00:00:00Z",
        "config": config,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
        "history": [{"created": "2025-11-01T00:00:00Z", "created_by": "hnsemu"}],
    }
    return json.dumps(document).encode()


def _tar(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in entries.items():
            _add(archive, name, content)
    return stream.getvalue()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    """Add a file, or a folder where the name ends with a slash."""
    entry = tarfile.TarInfo(name.rstrip("/"))
    entry.size = len(content)
    if name.endswith("/"):
        entry.type, entry.mode = tarfile.DIRTYPE, 0o755
    archive.addfile(entry, io.BytesIO(content))


if __name__ == "__main__":
    sys.exit(main())
