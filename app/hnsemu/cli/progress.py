"""Progress of long work on stderr: a bar on a terminal, a line every few seconds elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import typer

_INTERVAL = 5.0  # seconds between lines
INTERRUPTED = 130

Advance = Callable[[int], None]


@dataclass
class _Counter:
    """What is done, and lines that say so. Several threads advance it; a lost count is harmless."""

    noun: str
    total: int
    done: int = 0
    started: float = field(default_factory=time.monotonic)
    printed: float = field(default_factory=time.monotonic)

    @property
    def rate(self) -> float:
        """Return how many are done per second."""
        return self.done / max(time.monotonic() - self.started, 0.001)

    def advance(self, more: int) -> None:
        self.done += more
        now = time.monotonic()
        if now - self.printed >= _INTERVAL:
            self.printed = now
            left = (self.total - self.done) / self.rate if self.done else 0
            typer.echo(
                f"{self.done} of {self.total} {self.noun}, {self.rate:.0f} per second, "
                f"{left:.0f} s left",
                err=True,
            )


@contextmanager
def progress(noun: str, total: int) -> Iterator[Advance]:
    """Show progress; yield the function that adds to what is done.

    Raises: typer.Exit with 130 after Ctrl-C, when stderr says how much was done.
    """
    counter = _Counter(noun, total)
    try:
        if sys.stderr.isatty():
            with _bar(counter) as advance:
                yield advance
        else:
            yield counter.advance
    except KeyboardInterrupt:
        message = f"hnsemu: interrupted after {counter.done} of {total} {noun}"
        typer.echo(message, err=True)
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _bar(counter: _Counter) -> Iterator[Advance]:
    from rich.console import Console  # noqa: PLC0415 (imported when shown)
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
        TextColumn("{task.fields[rate]} per second"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(counter.noun, total=counter.total, rate="0")

        def advance(more: int) -> None:
            counter.done += more
            bar.update(task, advance=more, rate=f"{counter.rate:.0f}")

        yield advance
