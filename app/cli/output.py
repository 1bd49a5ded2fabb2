"""Answers for people and for programs: tables, JSON, YAML."""

import json
import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer


class Shape(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


Output = Annotated[Shape, typer.Option("--output", "-o", help="how to print it")]


def show(value: object, shape: Shape) -> None:
    """Print a document as JSON or YAML."""
    if shape is Shape.YAML:
        import yaml  # noqa: PLC0415 (commands without it start faster)

        typer.echo(yaml.safe_dump(value, sort_keys=False).rstrip())
    else:
        typer.echo(json.dumps(value, indent=2))


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows in columns: drawn on a terminal, plain and parted by blanks elsewhere."""
    texts = [[str(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        from rich.table import Table  # noqa: PLC0415 (as above)

        drawn = Table(*columns)
        for row in texts:
            drawn.add_row(*row)
        console().print(drawn)
        return
    widths = [max(len(row[n]) for row in [list(columns), *texts]) for n in range(len(columns))]
    for row in [[column.upper() for column in columns], *texts]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def console() -> Any:  # noqa: ANN401 (rich.console.Console; rich is imported late)
    """Return the terminal; colours stay away when NO_COLOR is set or nobody looks."""
    from rich.console import Console  # noqa: PLC0415 (as above)

    return Console(highlight=False, soft_wrap=True, no_color=bool(os.environ.get("NO_COLOR")))
