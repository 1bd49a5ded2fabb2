"""Output for people and for programs: tables, JSON, YAML."""

import json
import os
import re
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from hnsemu.domain.visible import visible

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Shape(StrEnum):
    """Output format."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


NoTrunc = Annotated[bool, typer.Option("--no-trunc", help="Do not shorten ids on a terminal.")]
Output = Annotated[Shape, typer.Option("--output", "-o", help="Output format.")]


def show(value: object, shape: Shape) -> None:
    """Print a document as JSON or YAML."""
    if shape is Shape.YAML:
        import yaml  # noqa: PLC0415 (commands without it start faster)

        typer.echo(yaml.safe_dump(value, sort_keys=False).rstrip())
    else:
        typer.echo(json.dumps(value, indent=2))


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    noun: str = "",
    *,
    no_trunc: bool = False,
) -> None:
    """Print rows in columns; on a terminal, fit them to its width.

    noun: named on stderr if there are no rows. no_trunc: print whole ids on a terminal too.
    """
    if not rows and noun:
        typer.echo(f"no {noun}", err=True)
        return
    texts = [[visible(str(cell)) for cell in row] for row in rows]
    heads = [column.upper() for column in columns]
    if sys.stdout.isatty() and not no_trunc:
        _print_fitted(heads, texts)
        return
    widths = [max(len(row[n]) for row in [heads, *texts]) for n in range(len(heads))]
    for row in [heads, *texts]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def _print_fitted(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.table import Table  # noqa: PLC0415 (as above)
    from rich.text import Text  # noqa: PLC0415 (as above)

    fitted = Table(*heads, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for row in rows:
        fitted.add_row(*(Text(_short(cell)) for cell in row))
    console(soft_wrap=False).print(fitted)


def _short(cell: str) -> str:
    """Return the first characters of an id, which identify it; return other texts unchanged."""
    return cell[:8] if _GUID.fullmatch(cell) else cell


def console(*, soft_wrap: bool = True) -> Any:  # noqa: ANN401 (rich.console.Console, imported late)
    """Return stdout as a console; it has no colours if NO_COLOR is set or it is no terminal."""
    from rich.console import Console  # noqa: PLC0415 (as above)

    plain = bool(os.environ.get("NO_COLOR"))
    return Console(highlight=False, soft_wrap=soft_wrap, no_color=plain)
