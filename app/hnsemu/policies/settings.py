"""Settings of policies, parsed once: later readers get the same frozen document."""

from functools import lru_cache
from typing import Any, TypeVar, cast

from hnsemu.domain.facts import Policy
from hnsemu.errors import HnsError
from hnsemu.schema.base import Document, RawJson, parse

S = TypeVar("S", bound=Document)

_KEPT = 16384
"""Documents kept: about 1 KB each; most policies of a host say the same."""


def parsed(model: type[S], policy: Policy) -> S:
    """Return the settings of a policy.

    Raises: HCN_E_INVALID_POLICY naming the bad member.
    """
    return cast("S", _parsed(model, policy.settings))


def readable(model: type[S], policy: Policy) -> S | None:
    """Return the settings of a stored policy; None when they cannot be read, as HNS keeps some."""
    try:
        return cast("S", _parsed(model, policy.settings))
    except HnsError:
        return None


@lru_cache(maxsize=_KEPT)
def _parsed(model: type[Document], text: str) -> Any:  # noqa: ANN401 (of the model)
    return parse(model, RawJson(text).members())
