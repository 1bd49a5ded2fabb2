"""The keys by which a client leaves a console: CTRL-P CTRL-Q, or others of its own.

Source: moby/term v0.5.2 ascii.go and proxy.go [C].
"""

from collections.abc import Iterator

_CONTROLS = {f"ctrl-{chr(code + 96)}": code for code in range(1, 27)} | {
    "ctrl-@": 0, "ctrl-[": 27, "ctrl-\\": 28, "ctrl-]": 29, "ctrl-^": 30, "ctrl-_": 31, "DEL": 127,
}  # fmt: skip
_USUAL = bytes((16, 17))


def read_keys(text: str) -> bytes:
    """Return the bytes of keys such as ctrl-p,ctrl-q, of the usual ones for "".

    Raises: ValueError for a key that there is not.
    """
    return bytes(_codes(text)) if text else _USUAL


def _codes(text: str) -> Iterator[int]:
    for key in text.split(","):
        code = _CONTROLS.get(key)
        data = key.encode()
        if code is None and len(data) != 1:
            raise ValueError(f"Unknown character: '{key}'")
        yield data[0] if code is None else code


class Watch:
    """What a client types, and whether it has typed the keys by which it leaves."""

    def __init__(self, keys: bytes) -> None:
        """Wait for these keys."""
        self._keys = keys
        self._matched = 0

    @property
    def is_over(self) -> bool:
        """Tell whether the client has left."""
        return self._matched == len(self._keys)

    def feed(self, data: bytes) -> bytes:
        """Return what goes to the console; keys that may begin the leave wait for the next ones.

        What breaks the sequence off does not begin it again, as in dockerd.
        """
        passed = bytearray()
        for key in data:
            if self.is_over:
                break
            if key == self._keys[self._matched]:
                self._matched += 1
                continue
            passed += self._keys[: self._matched]
            passed.append(key)
            self._matched = 0
        return bytes(passed)
