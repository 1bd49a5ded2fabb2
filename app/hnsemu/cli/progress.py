"""How far long work is: a bar on a terminal, a line now and then elsewhere; always on stderr."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import typer

_PAUSE = 5.0  # seconds between lines where there is no terminal
INTERRUPTED = 130

Advance = Callable[[int], None]


@dataclass
class _Lines:
    """Progress for logs. Several threads advance it; a lost count is no matter."""

    what: str
    total: int
    done: int = 0
    started: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)

    def advance(self, more: int) -> None:
        self.done += more
        now = time.monotonic()
        if now - self.told >= _PAUSE:
            self.told = now
            rate = self.done / (now - self.started)
            left = (self.total - self.done) / rate if rate else 0
            typer.echo(
                f"{self.what}: {self.done} of {self.total}, {rate:.0f} a second, {left:.0f} s left",
                err=True,
            )


@contextmanager
def progress(what: str, total: int) -> Iterator[Advance]:
    """Show how far it is; yield what takes the number of more that are done.

    After Ctrl-C it says how far it came.
    Raises: typer.Exit with 130 then.
    """
    lines = _Lines(what, total)
    try:
        if not sys.stderr.isatty():
            yield lines.advance
            return
        from rich.console import Console  # noqa: PLC0415 (imported when it is shown)
        from rich.progress import (  # noqa: PLC0415 (as above)
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]} a second"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
            task = shown.add_task(what, total=total, rate="0")

            def advance(more: int) -> None:
                lines.done += more
                rate = lines.done / max(time.monotonic() - lines.started, 0.001)
                shown.update(task, advance=more, rate=f"{rate:.0f}")

            yield advance
    except KeyboardInterrupt:
        typer.echo(f"hnsemu: interrupted, {what} {lines.done} of {total}", err=True)
        raise typer.Exit(INTERRUPTED) from None
