"""Booleans as Docker reads them from a query: docker-py writes True, the CLI writes 1."""

_FALSE = {"", "0", "no", "false", "none"}


def is_true(text: str) -> bool:
    """Tell whether a parameter says yes. Source: docker.md section 0 fact 12 [C]."""
    return text.strip().lower() not in _FALSE
