"""Values of options that need no conversion keep out of Typer's, which loads pydantic.

Pydantic takes longer to load than all the rest of a command. Typer reads every text with it, given
or not; texts, lists of texts and members of an enumeration are what they should be without it.
"""

import re
from enum import Enum
from typing import Any, Protocol

import typer

UNREADABLE = object()
"""In place of a value that only Typer can read."""
_ANY_NUMBER = -1
_OF_PYDANTIC = re.compile(r"Input should be ((?:(?!, unable to parse).)*)(?:, unable to parse.*)?")


class _Parameter(Protocol):
    """What Typer's parameters have since 0.29; those before convert without pydantic."""

    type_descriptor: Any
    multiple: bool
    nargs: int
    _runtime_param: Any

    def get_runtime_param(self) -> Any:  # noqa: ANN401 (Typer has no public type)
        """Return what converts values."""


class _Plain:
    """Converts the values that need no rules, and lets Typer convert the others."""

    def coerce(self, value: object, param: _Parameter, ctx: object) -> object:
        """Return the value of a parameter, as Typer would."""
        if value is None:
            return () if param.multiple or param.nargs == _ANY_NUMBER else None
        read = plain(param.type_descriptor.annotation, value)
        if read is not UNREADABLE:
            return read
        param._runtime_param = None  # noqa: SLF001 (see above)
        try:
            return param.get_runtime_param().coerce(value, param=param, ctx=ctx)
        except typer.BadParameter as refusal:
            refusal.message = _in_our_words(refusal.message, value)
            raise


def _in_our_words(message: str, value: object) -> str:
    """Return a refusal without the words of pydantic."""
    said = message.removeprefix("Value error, ")
    return _OF_PYDANTIC.sub(lambda found: f"{value!r} must be {found[1]}", said)


def keep_plain_values(command: Any) -> Any:  # noqa: ANN401 (as above)
    """Return a command of Typer, whose parameters go by `plain` where they can."""
    every_parameter = command.get_params

    def get_params(context: object) -> list[Any]:
        found: list[Any] = every_parameter(context)  # the option --help, too
        for parameter in found:
            if getattr(parameter, "_runtime_param", UNREADABLE) is None:
                parameter._runtime_param = _Plain()  # noqa: SLF001 (see above)
        return found

    command.get_params = get_params
    return command


def plain(annotation: object, value: object) -> object:
    """Return the value of a parameter with this annotation, `UNREADABLE` if Typer has to say."""
    if annotation is str and isinstance(value, str):
        return value
    if annotation == list[str] and isinstance(value, (list, tuple)):
        return list(value) if all(isinstance(text, str) for text in value) else UNREADABLE
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next((known for known in annotation if value in (known, known.value)), UNREADABLE)
    return UNREADABLE
