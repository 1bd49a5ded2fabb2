"""Build into dist/ what users install, and try it from empty environments.

python -m tools.dist

The wheel is built from the source distribution, so a file that is missing there is missed here. The
image is built and asked for its version where an engine for Linux containers answers.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from hnsemu import __version__

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
IMAGE = f"hnsemu:{__version__}"
_COMPILER = "x86_64-w64-mingw32-gcc"


def main() -> int:
    """Build and try; return 1 when something is missing or does not work."""
    if not shutil.which(_COMPILER):
        print(f"the wheel needs the DLLs; install {_COMPILER} (Debian: gcc-mingw-w64-x86-64)")
        return 1
    shutil.rmtree(DIST, ignore_errors=True)
    _run("hatchling", "build", "-t", "sdist", "-d", str(DIST))
    (sdist,) = DIST.iterdir()
    _run("pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(DIST), str(sdist))
    if not has_engine():
        print("no engine for Linux containers answers: no image is built")
    elif not image_works():
        print(f"{IMAGE} does not say that it is {__version__}")
        return 1
    variables = {**os.environ, "HNSEMU_TEST_DIST": str(DIST)}
    _run("pytest", "-q", "--timeout", "600", "tests/packaging", env=variables)
    print(f"in dist/: {', '.join(sorted(file.name for file in DIST.iterdir()))}")
    return 0


def _run(module: str, *words: str, env: dict[str, str] | None = None) -> None:
    subprocess.run([sys.executable, "-m", module, *words], check=True, cwd=ROOT, env=env)


def has_engine() -> bool:
    """Tell whether docker can build the image; an emulated host has Windows containers."""
    if not shutil.which("docker"):
        return False
    asked = ["docker", "version", "--format", "{{.Server.Os}}"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=300)
    return answer.stdout.strip() == "linux"


def image_works() -> bool:
    """Build the image, start it once, and look at what it says."""
    subprocess.run(["docker", "build", "-t", IMAGE, "-t", "hnsemu", "."], check=True, cwd=ROOT)
    started = ["docker", "run", "--rm", IMAGE, "version"]
    said = subprocess.run(started, capture_output=True, text=True, check=True, timeout=600)
    return said.stdout.strip() == __version__


if __name__ == "__main__":
    sys.exit(main())
