"""A question as it is asked: its sender is not looked up yet."""

from dataclasses import dataclass

from hnsemu.domain.packet import Address, Packet
from hnsemu.domain.tracing.question import MAXIMUM_HOPS


@dataclass(frozen=True, slots=True)
class Asked:
    """A packet to trace; exactly one of the senders is given, none for the outside.

    packet:        its source is right only where `source` says so.
    source:        None when it follows from the sender.
    endpoint:      id or name. namespace: id. container: id, as sent.
    reply:         whether the answer is walked too. every_backend: a walk for each one.
    user_sid:      owner of the sending process.
    """

    packet: Packet
    source: Address | None = None
    endpoint: str = ""
    namespace: str = ""
    container: str = ""
    host: bool = False
    reply: bool = False
    every_backend: bool = False
    maximum_hops: int = MAXIMUM_HOPS
    user_sid: str = ""
