"""Templates: HTML files beside their views. Whatever comes from a document is text in them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import orjson

from hnsemu.domain.visible import visible

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context


_WORD = 24  # letters that fit on a line of any window


def rendered(template: str, **members: object) -> str:
    """Return the page that a template makes of its members.

    template: its path below `pages`, such as "objects/list.html".
    members:  with `now`, the time on the host.
    """
    return _environment().get_template(template).render(members)


@cache
def _environment() -> "Environment":
    from jinja2 import (  # noqa: PLC0415 (when asked)
        Environment,
        PackageLoader,
        StrictUndefined,
        pass_context,
    )

    environment = Environment(
        loader=PackageLoader("hnsemu", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "visible": visible,
        "visible_lines": _lines,
        "name": _name,
        "document": _document,
        "json_text": _json_text,
        "when": pass_context(_when),
        "short": _short,
    }
    return environment


def _name(text: object) -> str:
    """Return a text that somebody else chose, isolated from the text around it.

    A short word is never broken; what has spaces or is long breaks as a text does.
    """
    from markupsafe import Markup  # noqa: PLC0415

    shown = visible(str(text))
    is_word = len(shown) <= _WORD and " " not in shown
    if is_word:
        return Markup("<bdi>{}</bdi>").format(shown)
    return Markup('<bdi class="text">{}</bdi>').format(shown)


def _short(guid: str) -> str:
    """Return the first eight characters of a GUID, the whole on hover."""
    from markupsafe import Markup  # noqa: PLC0415

    return Markup('<span class="guid" title="{0}">{1}</span>').format(visible(guid), guid[:8])


def _document(value: object) -> str:
    """Return a document as indented JSON, with nothing in it that a browser would obey."""
    return _lines(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def _json_text(text: str) -> str:
    """Return a JSON text as `document` returns a value."""
    return _document(orjson.loads(text))


def _lines(text: str) -> str:
    """Return a text of several lines, each visible."""
    return "\n".join(visible(line) for line in text.split("\n"))


def _when(context: "Context", time: datetime | None) -> str:
    """Return how long ago a time is; the exact one on hover, None as nothing."""
    from markupsafe import Markup  # noqa: PLC0415

    if time is None:
        return ""
    exact = time.astimezone(UTC).isoformat(timespec="milliseconds")
    return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(
        exact, _ago((context["now"] - time).total_seconds())
    )


_UNITS: Mapping[str, int] = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}


def _ago(seconds: float) -> str:
    for unit, length in _UNITS.items():
        if seconds >= length:
            return f"{int(seconds // length)} {unit} ago"
    return "now"
