"""How the answers of the real dockerd and of the door are compared."""

import pytest

from tools.conformance_docker import Difference, compared, known_of, normalised

ID = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f"container {ID} runs", "container <ID> runs"),
        ("at 10.44.1.9 and 172.16.0.7", "at 10.44.1.9 and <ADDRESS>"),
        ({"Created": 1764312150}, {"Created": "<TIME>"}),
        ({"HostPort": "18080"}, {"HostPort": "18080"}),
        ({"HostPort": "49153"}, {"HostPort": "<PORT>"}),
        (["b", "a"], ["a", "b"]),
    ],
)
def test_what_a_daemon_chooses_is_compared_by_its_kind(value: object, expected: object) -> None:
    assert normalised(value, "10.44.1.9 18080") == expected


def test_the_innermost_members_that_differ_are_found() -> None:
    real = {"a": {"b": [1, 2]}, "c": 3}
    ours = {"a": {"b": [1, 4]}, "d": 3}
    assert list(compared("title", real, ours)) == [
        Difference("title", "a.b[]", 2, 4),
        Difference("title", "c", 3, ...),
        Difference("title", "d", ..., 3),
    ]


def test_a_difference_with_a_reason_is_known() -> None:
    difference = Difference("system: GET /info", "body.MemTotal", 1, 2)
    assert known_of(difference) is not None
    assert known_of(difference._replace(member="body.NCPU")) is None
