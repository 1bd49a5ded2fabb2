"""Compare `hnsemu-wine` with bare Wine, and with the hnsemu-wine of another commit.

python -m bench.wine [--base WORKTREE] [--pairs 5]    # needs mingw-w64, Wine and, for CNI, go

Every pair runs one after the other, so that the machine's load is the same for both. `bare` is Wine
in the same prefix when nobody has left its server running: what a call costs without hnsemu-wine.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

from bench.report import SQLITE, Figure, arguments, at_most, report
from hnsemu.domain.releases import NEWEST
from hnsemu.wine.places import environment, wine_binary
from hnsemu.wine.prefix import prepare
from tests.e2e.servers import serving

_GOAL_OF_START = 1.3
_GOAL_OF_ADD = 0.5
_ROOT = Path(__file__).resolve().parents[1]
_EXAMPLE = _ROOT / "examples" / "windows-cni"
_NOTHING = "int main(void) { return 0; }\n"

Run = Callable[[], object]


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    parser = arguments(__doc__)
    parser.add_argument("--base", type=Path, help="worktree of the other commit, set up")
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as folder:
        nothing = Path(folder) / "nothing.exe"
        source = nothing.with_suffix(".c")
        source.write_text(_NOTHING)
        subprocess.run(["x86_64-w64-mingw32-gcc", "-o", nothing, source], check=True)
        with serving(f"sqlite:///{Path(folder) / 'hnsemu.db'}") as server:
            figures = _start(server.url, nothing, options.pairs)
            if options.base:
                base = options.base.resolve()
                figures.append(_compare(server.url, nothing, base, options.pairs))
                figures.append(_add(server.url, Path(folder), base, options.pairs))
    return report("hnsemu-wine", SQLITE, figures, record=options.record)


def _start(url: str, program: Path, pairs: int) -> list[Figure]:
    """Compare the start of a program that does nothing with bare Wine."""
    binary = wine_binary()
    prefix = prepare(binary, NEWEST)
    bare = environment(prefix) | {"HNSEMU_URL": url}
    wineserver = Path(binary).resolve().parent / "wineserver"

    def without() -> None:
        subprocess.run([binary, program], env=bare, check=True)

    def end() -> None:
        subprocess.run([wineserver, "--kill"], env=bare, check=False)
        subprocess.run([wineserver, "--wait"], env=bare, check=False)

    ours = _ours(_ROOT, url, str(program))
    first, later, alone = [], [], []
    for _ in range(pairs):
        end()
        alone.append(_seconds(without))
        end()
        first.append(_seconds(ours))
        later.append(_seconds(ours))
    beside = [(_seconds(without), _seconds(ours)) for _ in range(pairs)]
    kept, kept_alone = [b for _, b in beside], [a for a, _ in beside]
    return [
        _figure("first hnsemu-wine beside bare Wine", first, alone),
        _figure("every further hnsemu-wine beside bare Wine", later, alone, _GOAL_OF_START),
        _figure("both with Wine's services kept", kept, kept_alone),
    ]


def _compare(url: str, program: Path, base: Path, pairs: int) -> Figure:
    """Compare the start of a program that does nothing with the other commit's."""
    ours, theirs = _ours(_ROOT, url, str(program)), _ours(base, url, str(program))
    theirs()  # its prefix is made in the first run
    timed = [(_seconds(theirs), _seconds(ours)) for _ in range(pairs)]
    before, now = ([pair[place] for pair in timed] for place in (0, 1))
    return _figure("hnsemu-wine beside the other commit", now, before, 1.0)


def _add(url: str, folder: Path, base: Path, pairs: int) -> Figure:
    """Compare a CNI ADD with the other commit's."""
    plugin = folder / "windows-cni.exe"
    go = subprocess.check_output([_ROOT / "tools" / "go-toolchain"], text=True).strip()
    target = {"GOOS": "windows", "GOARCH": "amd64", "CGO_ENABLED": "0"}
    path = {"PATH": f"{go}:{os.environ['PATH']}"}
    subprocess.run(
        ["go", "build", "-o", plugin, "."], cwd=_EXAMPLE, env=os.environ | target | path, check=True
    )
    configuration = (_EXAMPLE / "net.conf").read_bytes()
    times: dict[Path, list[float]] = {base: [], _ROOT: []}
    for number in range(pairs):
        for root, seen in times.items():
            variables = {
                "CNI_COMMAND": "ADD",
                "CNI_CONTAINERID": f"web-{number}-{root.name}",
                "CNI_NETNS": _namespace(url),
                "CNI_IFNAME": "eth0",
                "CNI_PATH": str(folder),
            }
            seen.append(_seconds(_ours(root, url, str(plugin), configuration, variables)))
    return _figure("CNI ADD beside the other commit", times[_ROOT], times[base], _GOAL_OF_ADD)


def _namespace(url: str) -> str:
    with urlopen(Request(f"{url}/v2/namespaces", b"{}")) as answer:  # noqa: S310 (our own server)
        return str(json.load(answer)["ID"])


def _ours(
    root: Path,
    url: str,
    program: str,
    given: bytes = b"",
    variables: dict[str, str] | None = None,
) -> Run:
    command = [str(root / ".venv" / "bin" / "hnsemu-wine"), program]
    environment = os.environ | {"HNSEMU_URL": url} | (variables or {})
    return lambda: subprocess.run(
        command, env=environment, input=given, stdout=subprocess.DEVNULL, check=True
    )


def _seconds(run: Run) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _figure(
    title: str, ours: list[float], others: list[float], most: float | None = None
) -> Figure:
    """Return our seconds beside others. most: the greatest ratio wanted, if there is a goal."""
    ratio = statistics.median(ours) / statistics.median(others)
    value = f"{_spread(ours)}, {_spread(others)}"
    return Figure(title, value, ratio) if most is None else at_most(title, value, ratio, most)


def _spread(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} s ({min(seconds):.2f}-{max(seconds):.2f})"


if __name__ == "__main__":
    sys.exit(main())
