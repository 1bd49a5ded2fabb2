"""Write the generated tables of docs/fidelity.md, or compare them.

python -m tools.fidelity [--check]
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from hnsemu.domain.ip_families import Cell, Families, cell
from hnsemu.domain.network_types import NETWORK_TYPES, Mode
from hnsemu.domain.releases import RELEASES
from tools.openapi import DOCUMENT
from tools.suites import SUITES, Suite
from tools.surface import FUNCTIONS, HANDLE_ONLY, PATHS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "fidelity.md"
PUBLISHED = ROOT / "tests" / "facts" / "hcn-functions.json"
BEGIN = "<!-- written by python -m tools.fidelity -->"
BEGIN_FAMILIES = "<!-- families, written by python -m tools.fidelity -->"
BEGIN_SUITES = "<!-- suites, written by python -m tools.fidelity -->"
END = "<!-- end of what it writes -->"

# What a request says beyond its path.
_QUERIES = {
    "Enumerate": "?view=ids&query=…",
    "Query": "?query=…",
}
_WITHOUT_QUERY = {"GET /v2/portreservations"}


def written() -> str:
    """Return the page with its tables as they should be."""
    page = _filled(PAGE.read_text(), BEGIN_FAMILIES, _families())
    page = _filled(page, BEGIN_SUITES, _suites())
    return _filled(page, BEGIN, _tables())


def _filled(page: str, begin: str, lines: Iterable[str]) -> str:
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(END)
    return before + "\n".join([begin, "", *lines, "", END]) + after


def _families() -> Iterator[str]:
    yield "| Type | Releases | " + " | ".join(Families) + " |"
    yield "|---|---|---|---|---|"
    for mode in NETWORK_TYPES:
        for names, cells in _releases_alike(mode):
            row = [mode.value, names, *map(_cell_text, cells)]
            yield f"| {' | '.join(row)} |"


def _releases_alike(mode: Mode) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    """Yield releases that follow each other with the same cells: the first and the last name."""
    by_cells: list[tuple[list[str], tuple[Cell, ...]]] = []
    for release in sorted(RELEASES.values(), key=lambda release: release.build):
        cells = tuple(cell(mode, families, release) for families in Families)
        if not by_cells or by_cells[-1][1] != cells:
            by_cells.append(([], cells))
        by_cells[-1][0].append(release.name)
    for names, cells in by_cells:
        yield " to ".join(dict.fromkeys((f"`{names[0]}`", f"`{names[-1]}`"))), cells


def _cell_text(shown: Cell) -> str:
    source = f" ({shown.source})" if shown.source else ""
    return f"{'yes' if shown.allowed else 'no'}, {shown.origin}{source}"


def _suites() -> Iterator[str]:
    yield "| Tests of | Version | Windows | Passed | Run by |"
    yield "|---|---|---|---|---|"
    for suite in SUITES:
        passed = f"{suite.tests - len(suite.excused)} of {suite.tests}"
        command = f"`make {suite.target}`"
        row = (suite.title, suite.version, suite.windows, passed, command)
        yield f"| {' | '.join(row)} |"
    reasons = list(_reasons())
    if reasons:
        yield ""
        yield from ("| Does not pass | Reason |", "|---|---|", *reasons)


def _reasons() -> Iterator[str]:
    """Yield a row for each reason, with the tests that it keeps from passing."""
    by_reason: dict[tuple[Suite, str], list[str]] = {}
    for suite in SUITES:
        for test, reason in suite.excused.items():
            by_reason.setdefault((suite, reason), []).append(test)
    for (suite, reason), tests in by_reason.items():
        shown = f"`{tests[0]}`" if len(tests) == 1 else f"{len(tests)} tests, `{tests[0]}` first"
        yield f"| {suite.title}: {shown} | {reason} |"


def _tables() -> Iterator[str]:
    forms = dict(_forms(json.loads(DOCUMENT.read_text())))
    functions = json.loads(PUBLISHED.read_text())
    yield "| Function | HTTP form | Origin |"
    yield "|---|---|---|"
    for function in sorted(functions, key=lambda function: (function["dll"], function["name"])):
        name, operation = function["name"], FUNCTIONS[function["name"]]
        origin = "documented" if function["documented"] else "from clients"
        yield f"| {name} | {_form(name, operation, forms)} | {origin} |"
    yield ""
    yield "| HNSCall | HTTP form | Used by |"
    yield "|---|---|---|"
    for path in PATHS:
        yield f"| {path.method} {path.path} | `{forms[path.operation]}` | {path.source} |"


def _form(name: str, operation: str, forms: dict[str, str]) -> str:
    if operation == HANDLE_ONLY:
        return "none: closes a handle, which HTTP does not have"
    if name == "HNSCall":
        return "`<method> /v1<path>`, see the next table"
    form = forms[operation]
    queries = (text for verb, text in _QUERIES.items() if name.startswith(f"Hcn{verb}"))
    return f"`{form}{'' if form in _WITHOUT_QUERY else next(queries, '')}`"


def _forms(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield operation["operationId"], f"{method.upper()} {path}"


def main() -> int:
    """Write or compare; return 1 when they differ."""
    if "--check" not in sys.argv:
        PAGE.write_text(written())
        return 0
    if PAGE.read_text() == written():
        return 0
    print(f"{PAGE.name} does not show tools/surface.py; run make fidelity")
    return 1


if __name__ == "__main__":
    sys.exit(main())
