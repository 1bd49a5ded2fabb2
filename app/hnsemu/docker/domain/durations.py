"""Lengths of time as people say them: 5 seconds, About an hour.

Source: HumanDuration of docker/go-units v0.5.0, whose hours are rounded half up [C].
"""

_MINUTE, _HOUR = 60, 3600  # seconds
_DAY, _WEEK, _MONTH, _YEAR = 24, 7 * 24, 30 * 24, 365 * 24  # hours
_UNITS = (
    (2 * _DAY, 1, "hours"),
    (2 * _WEEK, _DAY, "days"),
    (2 * _MONTH, _WEEK, "weeks"),
    (2 * _YEAR, _MONTH, "months"),
)
"""Up to how many hours a unit is used, and how many of them it has."""


def human(seconds: int) -> str:
    """Return a length of time in words."""
    if seconds < 1:
        return "Less than a second"
    if seconds < _MINUTE:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    if seconds < _HOUR:
        minutes = seconds // _MINUTE
        return "About a minute" if minutes == 1 else f"{minutes} minutes"
    hours = int(seconds / _HOUR + 0.5)
    if hours == 1:
        return "About an hour"
    for limit, length, unit in _UNITS:
        if hours < limit:
            return f"{hours // length} {unit}"
    return f"{seconds // _HOUR // _YEAR} years"
