"""Lengths of time as people say them: 5 seconds, About an hour.

Source: docker/go-units HumanDuration, whose wording clients show [C].
"""

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_WEEK, _MONTH, _YEAR = 7 * _DAY, 30 * _DAY, 365 * _DAY

_STEPS = (
    (2 * _MINUTE, 0, "About a minute"),
    (_HOUR, _MINUTE, "minutes"),
    (int(1.5 * _HOUR), 0, "About an hour"),
    (2 * _DAY, _HOUR, "hours"),
    (2 * _WEEK, _DAY, "days"),
    (2 * _MONTH, _WEEK, "weeks"),
    (2 * _YEAR, _MONTH, "months"),
)
"""Up to how many seconds a unit is used: its length, 0 for words that stand alone."""


def human(seconds: int) -> str:
    """Return a length of time in words."""
    if seconds < 1:
        return "Less than a second"
    if seconds < _MINUTE:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    for limit, length, unit in _STEPS:
        if seconds < limit:
            return (
                f"{round(seconds / length)} {unit}"
                if unit == "hours"
                else (f"{seconds // length} {unit}" if length else unit)
            )
    return f"{seconds // _YEAR} years"
