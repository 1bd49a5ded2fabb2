"""What the compilers of layers have in common."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from hnsemu.domain.packet import Direction, Packet
from hnsemu.domain.vfp.model import Group, Rule, VfpPort

_IPV4 = 4

Rules = Callable[[Packet | None], Iterable[Rule]]
"""The rules that a packet may meet, or all; a network may have very many, so none is kept."""


def fixed(rules: Sequence[Rule]) -> Callable[[Packet | None], Sequence[Rule]]:
    """Return the source of rules that are the same for every packet."""
    constant = tuple(rules)
    return lambda _packet: constant


def resolve_rules(port: VfpPort) -> VfpPort:
    """Return the port with all its rules computed: it can be read after the transaction."""
    return replace(
        port,
        layers=tuple(
            replace(
                layer,
                groups=tuple(
                    replace(group, rules=fixed(group.rules(None))) for group in layer.groups
                ),
            )
            for layer in port.layers
        ),
    )


def families(
    name: str,
    direction: Direction,
    priority: int,
    rules: Rules,
    *,
    longest_prefix: bool = False,
    evidence: str = "O",
) -> tuple[Group, Group]:
    """Return a group for IPv4 and one for IPv6.

    name: {v} stands for v4 or v6, {V} for V4 or V6, {suffix} for nothing or _IPV6.
    rules: of both families; each group shows those that its family can meet.
    """

    def of(version: int) -> Group:
        def near(packet: Packet | None) -> Sequence[Rule]:
            return [rule for rule in rules(packet) if version in rule.conditions.versions]

        return Group(
            id=name.format(
                v=f"v{version}", V=f"V{version}", suffix="" if version == _IPV4 else "_IPV6"
            ),
            direction=direction,
            version=version,
            priority=priority,
            rules=near,
            longest_prefix=longest_prefix,
            evidence=evidence,
        )

    return of(4), of(6)
