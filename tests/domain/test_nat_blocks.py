"""Blocks of ports for source NAT."""

import pytest

from hnsemu.domain.nat_blocks import BLOCKS, port_block


@pytest.mark.parametrize(
    ("number", "block"), [(0, (49152, 49215)), (255, (65472, 65535)), (None, None)]
)
def test_an_endpoint_has_64_ports(number: int | None, block: tuple[int, int] | None) -> None:
    assert port_block(number) == block


def test_the_whole_range_is_blocks_of_64() -> None:
    blocks = [port_block(number) for number in range(BLOCKS)]
    ports = [port for first, last in filter(None, blocks) for port in range(first, last + 1)]
    assert ports == list(range(49152, 65536))
    assert {last - first for first, last in filter(None, blocks)} == {63}
