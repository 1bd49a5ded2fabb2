"""The commands as Typer runs them; the module of each is loaded when it is needed."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from importlib import import_module
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup
from typer.main import get_group
from typer.models import CommandInfo

from hnsemu import __version__
from hnsemu.cli.commands import COMMANDS
from hnsemu.cli.values import keep_plain_values


class _Commands(Mapping[str, Any]):
    """Commands by name; Typer reads the parameters of one when it is asked for.

    whole_of: returns the Typer in which the command of a name is declared.
    """

    def __init__(self, names: Iterable[str], whole_of: Callable[[str], typer.Typer]) -> None:
        self._names = dict.fromkeys(names)
        self._whole_of = whole_of

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 (Typer has no public type)
        if name not in self._names:
            raise KeyError(name)
        return _command(self._whole_of(name), name)


def _command(whole: typer.Typer, name: str) -> Any:  # noqa: ANN401 (as above)
    """Return one of the commands, or groups of commands, that are declared in a Typer."""
    part = typer.Typer(rich_markup_mode=None)
    part.registered_commands = [info for info in whole.registered_commands if _name(info) == name]
    if part.registered_commands:
        return keep_plain_values(get_group(part).commands[name])
    (inner,) = (info.typer_instance for info in whole.registered_groups if info.name == name)
    assert inner is not None  # noqa: S101 (`add_typer` was given one)
    shell = copy(inner)
    shell.registered_commands = []
    part.add_typer(shell, name=name)
    group: Any = get_group(part).commands[name]
    keep_plain_values(group)
    group.commands = _Commands(map(_name, inner.registered_commands), lambda _: inner)
    return group


def _name(command: CommandInfo) -> str:
    """Return the name of a command: by default, that of its function."""
    return command.name or str(getattr(command.callback, "__name__", ""))


def _module_of(name: str) -> typer.Typer:
    """Return what the module of a command declares."""
    declared: typer.Typer = import_module(COMMANDS[name][0]).cli
    return declared


class _Group(TyperGroup):
    """The group of all commands."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 (Typer's)
        super().__init__(**attributes)
        keep_plain_values(self)
        self.commands = cast("Any", _Commands(COMMANDS, _module_of))


cli = typer.Typer(
    name="hnsemu",
    cls=_Group,
    help="The Windows Host Networking Service (HNS and HCN) as a REST microservice.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 (called by typer)
    if wanted:
        typer.echo(f"hnsemu {__version__}")
        raise typer.Exit


@cli.callback()
def options(
    *,
    debug: Annotated[
        bool, typer.Option("--debug", help="Print every request to stderr as a curl command.")
    ] = False,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            "-V",
            callback=_print_version,
            is_eager=True,
            help="Print the version and exit.",
        ),
    ] = False,
) -> None:
    """The Windows Host Networking Service (HNS and HCN) as a REST microservice."""
    if debug:
        os.environ["HNSEMU_DEBUG"] = "1"
