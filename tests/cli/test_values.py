"""Values that need no conversion are what Typer would make of them, by every command."""

from collections.abc import Iterator
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from hnsemu.cli.app import cli
from hnsemu.cli.values import UNREADABLE, plain

TEXTS = ("", "a", "1", "json", "JSON")


def parameters(command: Any) -> Iterator[Any]:
    """Yield every parameter of a command, and of those below it."""
    yield from command.params
    if isinstance(command, TyperGroup):
        for name in command.commands:
            yield from parameters(command.commands[name])


def converted(parameter: Any, value: object) -> object:
    """Return what Typer makes of a value, `UNREADABLE` where it refuses it."""
    try:
        return parameter.get_runtime_param().coerce(value, param=parameter, ctx=None)
    except Exception:  # noqa: BLE001 (of Typer or of a callback)
        return UNREADABLE


def test_a_plain_value_is_what_typer_makes_of_it() -> None:
    checked = set()
    for parameter in parameters(get_command(cli)):
        annotation = parameter.type_descriptor.annotation
        for value in (*TEXTS, ["a", "b"], ("a",), parameter.default):
            read = plain(annotation, value)
            if read is not UNREADABLE:
                assert read == converted(parameter, value), (parameter.name, value)
                checked.add(str(annotation))
    assert {"<class 'str'>", "list[str]", "<enum 'Shape'>"} <= checked


@pytest.mark.parametrize("value", ["JSON", "none"])
def test_other_values_are_judged_by_typer(value: str) -> None:
    result = CliRunner().invoke(cli, ["networks", "list", "--output", value])
    assert result.exit_code == 2
    assert "'table', 'json', 'yaml'" in result.output
