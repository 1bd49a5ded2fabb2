"""A seeded pseudo-random order of 0 … n-1, one element at a time (docs/adr/0007)."""

import functools

_ROUNDS = 4
_MASK = (1 << 64) - 1


@functools.lru_cache(maxsize=256)  # what comes next is asked for, and then drawn
def element(index: int, size: int, seed: int) -> int:
    """Return the element at `index` of the permutation of range(size) that `seed` names.

    Cost: constant; a balanced Feistel network over the next power of four, walked again while the
    element falls outside `size` (less than four times on average).
    """
    half = max(1, ((size - 1).bit_length() + 1) // 2)
    while True:
        index = _feistel(index, half, seed)
        if index < size:
            return index


def _feistel(value: int, half: int, seed: int) -> int:
    mask = (1 << half) - 1
    left, right = value >> half, value & mask
    for number in range(_ROUNDS):
        left, right = right, left ^ (_mix(right ^ seed ^ number << 56) & mask)
    return left << half | right


def _mix(value: int) -> int:
    """Scatter 64 bits (the finalizer of MurmurHash3)."""
    value &= _MASK
    value = (value ^ value >> 33) * 0xFF51AFD7ED558CCD & _MASK
    value = (value ^ value >> 33) * 0xC4CEB9FE1A85EC53 & _MASK
    return value ^ value >> 33
