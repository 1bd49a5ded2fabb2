"""Answers for people and for programs: tables, JSON, YAML."""

import json
import os
import re
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Shape(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


NoTrunc = Annotated[bool, typer.Option("--no-trunc", help="whole ids, on a terminal too")]
Output = Annotated[Shape, typer.Option("--output", "-o", help="how to print it")]


def show(value: object, shape: Shape) -> None:
    """Print a document as JSON or YAML."""
    if shape is Shape.YAML:
        import yaml  # noqa: PLC0415 (commands without it start faster)

        typer.echo(yaml.safe_dump(value, sort_keys=False).rstrip())
    else:
        typer.echo(json.dumps(value, indent=2))


def table(
    columns: Sequence[str], rows: Sequence[Sequence[object]], what: str = "", *, whole: bool = False
) -> None:
    """Print rows in columns, fitted to the terminal if there is one.

    what: said on stderr when there is no row. whole: ids are not cut on a terminal.
    """
    if not rows and what:
        typer.echo(f"no {what}", err=True)
        return
    texts = [[str(cell) for cell in row] for row in rows]
    heads = [column.upper() for column in columns]
    if sys.stdout.isatty() and not whole:
        from rich.table import Table  # noqa: PLC0415 (as above)
        from rich.text import Text  # noqa: PLC0415 (as above)

        drawn = Table(*heads, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        for row in texts:
            drawn.add_row(*(Text(_short(cell)) for cell in row))
        console(soft_wrap=False).print(drawn)
        return
    widths = [max(len(row[n]) for row in [heads, *texts]) for n in range(len(heads))]
    for row in [heads, *texts]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def _short(cell: str) -> str:
    """Return the beginning of an id, which names it as well, and other texts as they are."""
    return cell[:8] if _GUID.fullmatch(cell) else cell


def console(*, soft_wrap: bool = True) -> Any:  # noqa: ANN401 (rich.console.Console, imported late)
    """Return the terminal; colours stay away when NO_COLOR is set or nobody looks."""
    from rich.console import Console  # noqa: PLC0415 (as above)

    plain = bool(os.environ.get("NO_COLOR"))
    return Console(highlight=False, soft_wrap=soft_wrap, no_color=plain)
