"""POST /host/reachability: which sender reaches which receiver on which port, as a matrix."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import orjson
from pydantic import Field

from hnsemu.domain.digits import number_in
from hnsemu.domain.packet import NUMBERS, WITH_PORTS
from hnsemu.domain.tracing.matrix import MatrixInRows, MatrixQuestion, Member
from hnsemu.domain.tracing.matrix_words import decided_by
from hnsemu.domain.tracing.model import Reason, Verdict
from hnsemu.domain.tracing.verdicts import Cell
from hnsemu.domain.tracing.walks import Service
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import Uint16
from hnsemu.schema.exact import ExactDocument
from hnsemu.schema.host.trace import TracePolicy, as_address, policy_view
from hnsemu.schema.host.view import View

_MOST = 100_000


class ReachabilityPort(ExactDocument):
    """A protocol and, where it has ports, the destination port."""

    protocol: str | None = Field(None, description="TCP when left out.", examples=["TCP"])
    port: Uint16 | None = Field(None, examples=[80])

    def to_domain(self) -> Service:
        """Return the protocol and the port.

        Raises: E_INVALIDARG.
        """
        text = (self.protocol or "TCP").upper()
        number = NUMBERS.get(text) or number_in(text, 255)
        if not number:
            what = f"Ports: Protocol {self.protocol!r} is unknown; write TCP, UDP, ICMP or a number"
            raise HnsError(Hr.E_INVALIDARG, what)
        if (number in WITH_PORTS) != bool(self.port):
            raise HnsError(
                Hr.E_INVALIDARG,
                f"Ports: protocol {text} {'needs a' if number in WITH_PORTS else 'has no'} Port",
            )
        return Service(number, self.port or 0)


class ReachabilityRequest(ExactDocument):
    """Senders, receivers and ports. Without From and To, all attached endpoints of the host."""

    from_: Annotated[tuple[str, ...], Field(max_length=_MOST)] | None = Field(
        None, alias="From", description="GUIDs or names of endpoints."
    )
    to: Annotated[tuple[str, ...], Field(max_length=_MOST)] | None = Field(
        None, description="GUIDs or names of endpoints."
    )
    addresses: Annotated[tuple[str, ...], Field(max_length=_MOST)] | None = Field(
        None,
        description="More receivers by address, of services for example. Without To, the only "
        "receivers.",
        examples=[["10.96.0.10"]],
    )
    ports: Annotated[tuple[ReachabilityPort, ...], Field(max_length=1000)] | None = None

    def to_domain(self) -> MatrixQuestion:
        """Return the question.

        Raises: E_INVALIDARG.
        """
        if not self.ports:
            raise HnsError(Hr.E_INVALIDARG, "Ports is missing or empty; give at least one")
        return MatrixQuestion(
            sources=self.from_,
            targets=() if self.to is None and self.addresses is not None else self.to,
            addresses=tuple(as_address(text, "Addresses") for text in self.addresses or ()),
            services=tuple(port.to_domain() for port in self.ports),
        )


class ReachabilityMember(View):
    """A sender or a receiver."""

    id: str = Field(description='GUID of the endpoint, "" for an address alone.')
    name: str
    address: str
    network: str = Field(description='Name of its network, "" for an address alone.')
    attached: bool = Field(description="Whether a namespace or a container holds it.")


class ReachabilityService(View):
    """A protocol and a port."""

    protocol: int
    port: int


class ReachabilityOutcome(View):
    """What happens to a packet, and the rule that decided."""

    verdict: Verdict
    reason: Reason
    rule: str
    policy: TracePolicy | None = None
    text: str = Field(
        description="What decided, in words.", examples=["ACL (policy 0) of endpoint web"]
    )


class ReachabilityView(View):
    """The matrix: for each port, sender and receiver, an index into Outcomes."""

    from_: tuple[ReachabilityMember, ...] = Field(alias="From")
    to: tuple[ReachabilityMember, ...]
    ports: tuple[ReachabilityService, ...]
    outcomes: tuple[ReachabilityOutcome, ...]
    matrix: list[list[list[int]]] = Field(description="[port][sender][receiver]")
    delivered: int = Field(description="Number of cells with the verdict Delivered.")


def reachability_pieces(matrix: MatrixInRows) -> Iterator[bytes]:
    """Yield the JSON text of the answer row by row; what is known last stands last."""
    heads = {
        "From": _members(matrix.sources),
        "To": _members(matrix.targets),
        "Ports": [
            ReachabilityService(protocol=service.protocol, port=service.port)
            for service in matrix.services
        ],
    }
    for name, views in heads.items():
        yield b"%s%s:%s," % (b"" if name != "From" else b"{", orjson.dumps(name), _dumped(views))
    yield b'"Matrix":['
    times: Counter[int] = Counter()
    for number, rows in enumerate(matrix.rows):
        yield b",[" if number else b"["
        for place, row in enumerate(rows):
            times.update(row)
            yield (b"," if place else b"") + orjson.dumps(row)
        yield b"]"
    owners = matrix.owners()
    outcomes = [_outcome(cell, owners) for cell in matrix.outcomes]
    delivered = sum(
        times[place]
        for place, cell in enumerate(matrix.outcomes)
        if cell.verdict is Verdict.DELIVERED
    )
    yield b'],"Outcomes":%s,"Delivered":%d}' % (_dumped(outcomes), delivered)


def _dumped(views: Sequence[View]) -> bytes:
    return b"[%s]" % b",".join(
        view.model_dump_json(by_alias=True, exclude_none=True).encode() for view in views
    )


def _members(members: Sequence[Member]) -> tuple[ReachabilityMember, ...]:
    return tuple(
        ReachabilityMember(
            id=member.id,
            name=member.name,
            address=member.address,
            network=member.network,
            attached=member.is_attached,
        )
        for member in members
    )


def _outcome(cell: Cell, owners: Mapping[str, str]) -> ReachabilityOutcome:
    return ReachabilityOutcome(
        verdict=cell.verdict,
        reason=cell.reason,
        rule=cell.rule,
        policy=policy_view(cell.policy),
        text=decided_by(cell, owners),
    )
