"""Write the tables of functions and paths in docs/fidelity.md, or say whether they are up to date.

python -m tools.fidelity [--check]
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.openapi import DOCUMENT
from tools.surface import FUNCTIONS, HANDLE_ONLY, PATHS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "fidelity.md"
PUBLISHED = ROOT / "tests" / "facts" / "hcn-functions.json"
BEGIN = "<!-- written by python -m tools.fidelity -->"
END = "<!-- end of what it writes -->"

# What a request says beyond its path.
_QUERIES = {
    "Enumerate": "?view=ids&query=…",
    "Query": "?query=…",
}
_WITHOUT_QUERY = {"GET /v2/portreservations"}


def written() -> str:
    """Return the page with its tables as they should be."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + "\n".join([BEGIN, "", *_tables(), "", END]) + after


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
