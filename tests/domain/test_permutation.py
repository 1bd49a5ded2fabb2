"""A permutation meets every element exactly once, in an order its seed names."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hnsemu.domain.permutation import element


@given(st.integers(1, 3000), st.integers(0, 2**31 - 1))
def test_every_element_comes_exactly_once(size: int, seed: int) -> None:
    assert sorted(element(index, size, seed) for index in range(size)) == list(range(size))


@given(st.integers(2**20, 2**62), st.integers(0, 2**31 - 1), st.integers(0, 2**20 - 1))
def test_elements_of_a_large_pool_are_inside_it(size: int, seed: int, index: int) -> None:
    assert 0 <= element(index, size, seed) < size


def test_seeds_give_different_orders() -> None:
    first, second = ([element(index, 256, seed) for index in range(256)] for seed in (1, 2))
    assert first != second


def test_neighbours_do_not_follow_each_other() -> None:
    order = [element(index, 4096, 7) for index in range(4096)]
    steps = [abs(after - before) for before, after in pairwise(order)]
    assert sum(step == 1 for step in steps) < 20
