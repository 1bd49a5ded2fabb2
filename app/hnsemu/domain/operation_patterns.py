"""Whether a pattern of operations can be of a call at all, and what was meant by one that cannot.

An expectation that some call never comes is met for ever by a name with a typing error.
"""

from hnsemu.domain.near import nearest
from hnsemu.domain.operations import DOCKER, DOORS, FUNCTIONS, operation_of
from hnsemu.domain.wildcards import matches
from hnsemu.errors import HnsError, Hr

_NAMES = (*sorted(FUNCTIONS), *dict.fromkeys(DOCKER.values()))
_CLOSED = ("hcn", "docker ")
"""How names begin of which there are no others. Those of paths, and HCS's, are not listed."""

_SEVERAL = {"docker run": "docker create|docker start"}
_EXAMPLES = "HcnCreateNetwork, HNSCall POST /networks/ or docker network create"
_HNS_CALL = "HNSCall"
_HCS = "hcs"


def check_operations(pattern: str, member: str) -> None:
    """Refuse a pattern (see `wildcards`) of which an alternative is of no call.

    member: what a refusal calls it.
    Raises: E_INVALIDARG with what was probably meant.
    """
    for alternative in pattern.split("|"):
        if not _is_possible(alternative):
            meant = _meant_by(alternative)
            hint = f"did you mean {meant!r}?" if meant else f"they are called {_EXAMPLES}"
            raise HnsError(
                Hr.E_INVALIDARG, f"{member}: no operation is called {alternative!r}; {hint}"
            )


def _is_possible(alternative: str) -> bool:
    """Tell whether a pattern without `|` can be of a call."""
    if any(matches(alternative, name) for name in _NAMES):
        return True
    folded = alternative.casefold()
    start = folded.replace("?", "*").partition("*")[0]
    if start.startswith(_CLOSED):
        return False
    if start != folded or folded.startswith(_HCS):
        return True
    written = (alternative, folded)  # a path that no template has is named as it was sent
    return folded != "" and any(folded == _by_path(text).casefold() for text in written)


def _meant_by(alternative: str) -> str:
    """Return the pattern that was probably meant, "" if nothing is like it."""
    if "/" in alternative:
        return _by_path(alternative.lower())
    word = alternative.replace("*", "").strip()
    folded = word.casefold()
    if folded in _SEVERAL:
        return _SEVERAL[folded]
    if folded and any(name.casefold().startswith(folded) for name in _NAMES):
        return f"{word}*"
    return nearest(word.replace("docker container ", "docker "), _NAMES) or ""


def _by_path(text: str) -> str:
    """Return what the call is called whose method and path the text has, "" if it has none.

    text: HNSCall POST /endpoints, or POST /v2/endpoints.
    """
    first, _, rest = text.partition(" ")
    is_hns_call = first.casefold() == _HNS_CALL.casefold()
    method, _, path = rest.partition(" ") if is_hns_call else (first, "", rest)
    path = f"/v1{path}" if is_hns_call and path.startswith("/") else path
    door = path.lower().strip("/").partition("/")[0]
    if not path.startswith("/") or door not in DOORS:
        return ""
    return operation_of(method.upper(), path).name
