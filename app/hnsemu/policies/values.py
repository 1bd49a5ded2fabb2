"""Refusals that several families share: addresses, and numbers in a range."""

from hnsemu.domain.ipam import parse_address
from hnsemu.errors import HnsError, Hr


def check_address(what: str, text: str | None) -> None:
    """Refuse what is no address.

    Raises: HCN_E_INVALID_POLICY.
    """
    try:
        parse_address(text or "")
    except HnsError as error:
        raise HnsError(Hr.HCN_E_INVALID_POLICY, f"{what}: {error.detail}") from error
