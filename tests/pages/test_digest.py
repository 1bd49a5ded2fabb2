"""A page is the same while only what the browser keeps up to date differs."""

import hashlib

import pytest

from hnsemu.pages.digest import digest_of_page

PAGE = (
    '<body data-tag="" data-now="{now}" data-clock="runs">'
    '<time datetime="{made}" title="{made}">{age}</time> <b>{text}</b>'
    '<time datetime="{made}" title="{made}">{age}</time>'
)
REAL = hashlib.blake2b
SHOWN = {"now": "12:00", "made": "11:00", "age": "1 h ago", "text": "web"}


@pytest.mark.parametrize(
    ("changed", "is_same"),
    [
        pytest.param({"now": "13:00", "age": "2 h ago"}, True, id="time went on"),
        pytest.param({"made": "11:01"}, False, id="another time"),
        pytest.param({"text": "db"}, False, id="another text"),
        pytest.param({"text": '<time datetime="x">'}, False, id="what is no time of ours"),
    ],
)
def test_a_page_differs_by_what_it_shows(changed: dict[str, str], is_same: bool) -> None:  # noqa: FBT001
    digests = [digest_of_page(PAGE.format(**shown)) for shown in (SHOWN, SHOWN | changed)]
    assert (digests[0] == digests[1]) is is_same


def test_a_large_page_is_digested_in_short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []

    class Recorded:
        def __init__(self, *, digest_size: int) -> None:
            self.hash = REAL(digest_size=digest_size)

        def update(self, part: bytes) -> None:
            steps.append(len(part))
            self.hash.update(part)

        def hexdigest(self) -> str:
            return self.hash.hexdigest()

    monkeypatch.setattr(hashlib, "blake2b", Recorded)
    digest_of_page(PAGE.format(**SHOWN | {"text": "x" * 1_000_000}))
    assert sum(steps) > 1_000_000
    assert max(steps) == 64 * 1024
