"""Run the tests nearest to what changed, for `make quick`.

python -m tools.quick

Changed is what differs from the branch `main`, or from the last commit when on it; files that git
does not know yet count too. A changed module stands for the test files that import it, or the
modules nearest to it that tests import.
"""

import itertools
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
MOST = 15  # files
_HOUSE = "tests/test_house.py"  # looks at the files that are not Python
_SLOW = (
    "tests.e2e.",
    "tests.packaging.",
    "tests.property.",
    "tests.storage.test_migration",
)  # run when they changed themselves


def changed() -> list[str]:
    """Return the paths that changed, relative to the root."""
    base = _git("merge-base", "HEAD", "main") or ["HEAD"]
    different = _git("diff", "--name-only", "--diff-filter=d", base[0])
    return sorted({*different, *_git("ls-files", "--others", "--exclude-standard")})


def nearest_tests(paths: Iterable[str], graph: grimp.ImportGraph) -> list[str]:
    """Return test files for changed files, the nearest first.

    Near is a test with few imports in between, then one in the folder that mirrors the module's.
    """
    distances: dict[str, tuple[int, int]] = {}
    for path in paths:
        for file, distance in _tests_of(path, graph):
            distances[file] = min(distance, distances.get(file, distance))
    return sorted(distances, key=lambda file: (distances[file], file))


def _tests_of(path: str, graph: grimp.ImportGraph) -> Iterator[tuple[str, tuple[int, int]]]:
    if not path.endswith(".py"):
        yield _HOUSE, (1, 0)
    elif Path(path).name.startswith("test_"):
        yield path, (0, 0)
    elif (module := _module(path)) in graph.modules:
        yield from _importing_tests(module, graph)


def _importing_tests(
    module: str, graph: grimp.ImportGraph
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the test files with the fewest imports between them and a module."""
    reached, level, distance = {module}, {module}, 0
    while level:
        distance += 1
        importers = set().union(*map(graph.find_modules_that_directly_import, level)) - reached
        tests = [name for name in importers if _is_quick_test(name)]
        for name in tests:
            yield f"{name.replace('.', '/')}.py", (distance, -_mirrored(module, name))
        if tests:
            return
        reached, level = reached | importers, importers


def _mirrored(module: str, test: str) -> int:
    """Return how many parts of a test's path are those of the module that it tests."""
    pairs = zip(module.split(".")[1:], test.replace(".test_", ".").split(".")[1:], strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _is_quick_test(module: str) -> bool:
    return module.rpartition(".")[2].startswith("test_") and not module.startswith(_SLOW)


def _module(path: str) -> str:
    return path.removeprefix("app/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.split("\n")[:-1] if done.returncode == 0 else []


def main() -> int:
    """Run the nearest tests; return the exit code of pytest."""
    files = nearest_tests(changed(), grimp.build_graph("hnsemu", "tests"))
    if not files:
        print("nothing changed that has a test")
        return 0
    left = f"; the nearest {MOST} run, make test runs all" if len(files) > MOST else ""
    print(f"test files near what changed: {len(files)}{left}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", *files[:MOST]]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
