"""The commands as Typer runs them; the module of each is loaded when it is needed."""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup
from typer.main import get_group

from hnsemu import __version__
from hnsemu.cli.commands import COMMANDS


class _Commands(Mapping[str, Any]):
    """Typer's commands by name."""

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 (Typer has no public type)
        return _loaded(name)


class _Group(TyperGroup):
    """The group of all commands."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 (Typer's)
        super().__init__(**attributes)
        self.commands = cast(Any, _Commands())


@cache
def _loaded(name: str) -> Any:  # noqa: ANN401 (as above)
    """Return the command, or the group of commands, of this name.

    Raises: KeyError.
    """
    module, _ = COMMANDS[name]
    whole: typer.Typer = import_module(module).cli
    part = typer.Typer(rich_markup_mode=None)
    part.registered_commands = [
        command for command in whole.registered_commands if _name(command.callback) == name
    ]
    part.registered_groups = [group for group in whole.registered_groups if group.name == name]
    return get_group(part).commands[name]


def _name(function: Any) -> str:  # noqa: ANN401 (any function)
    """Return the name that Typer gives the command of a function."""
    return str(function.__name__)


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
