"""Log lines, plain or JSON, each with the id of the request it belongs to.

No logging library: to keep these members and their form, python-json-logger needs a subclass as
long as `JsonFormatter`.
"""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hnsemu.domain.visible import visible

if TYPE_CHECKING:
    from logging import _SysExcInfoType

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="-")
"""Id of the current request, "-" outside of a request."""


FIELDS = "fields"
"""Key of `extra`: what a line is about, as members of its JSON form; None is left out."""


class PlainFormatter(logging.Formatter):
    """2026-01-31 10:00:00,000 INFO hnsemu.request [id]: GET /v2/networks 200 1.2 ms.

    A message stays on its line, whatever names and paths it quotes. The lines of a trace begin with
    blanks, so that no text in it looks like a line of the log.
    """

    def __init__(self) -> None:
        """Set the format of a line."""
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s]: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        record.request_id = REQUEST_ID.get()
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (named by logging)
        """Return the line without the trace."""
        return visible(super().formatMessage(record))

    def formatException(self, ei: "_SysExcInfoType") -> str:  # noqa: N802 (named by logging)
        """Return the trace of an error."""
        lines = super().formatException(ei).split("\n")
        return "\n".join(f"  {visible(line)}" for line in lines)


class JsonFormatter(logging.Formatter):
    """One JSON object per line: time, level, logger, request_id, message, and trace of an error.

    The line of a request also has method, path, status, milliseconds, host and hresult.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request_id": REQUEST_ID.get(),
            "message": record.getMessage(),
        }
        fields = getattr(record, FIELDS, {})
        line |= {name: value for name, value in fields.items() if value is not None}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


def configuration(level: str, form: str) -> dict[str, object]:
    """Return the configuration of logging to stderr, for `logging.config.dictConfig`.

    form: "plain" or "json".
    """
    formatter = JsonFormatter if form == "json" else PlainFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
    }
