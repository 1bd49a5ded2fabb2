"""The grid of a matrix on a terminal."""

from dataclasses import replace

import pytest

from hnsemu.cli.grid import Pair, Party, folded, grid_lines, legend, pair_lines, reason_lines
from hnsemu.domain.tracing.model import Verdict


def party(name: str, network: str = "pods", *, is_attached: bool = True) -> Party:
    return Party(f"id-{name}", name, network, is_attached)


def pairs(parties: list[Party], port: str = "tcp/80") -> list[Pair]:
    """Return the pairs of parties; nobody reaches `db`."""
    return [
        Pair(source, target, port, Verdict.BLOCKED if target.title == "db" else Verdict.DELIVERED,
             "BlockedByRule" if target.title == "db" else "DeliveredToEndpoint",
             "ACL deny-everything-that-comes-in of endpoint db" if target.title == "db" else "-")
        for source in parties
        for target in parties
    ]  # fmt: skip


def test_signs_stand_below_the_numbers_of_receivers() -> None:
    lines = list(grid_lines(pairs([party("web"), party("db", "other")]), 80))
    assert lines == [
        "tcp/80: 2 of 4 delivered",
        "     1 2",
        "[pods]",
        "web  + x",
        "[other]",
        "db   + x",
        " 1 web [pods]",
        " 2 db [other]",
        "",
    ]


def test_who_is_in_no_namespace_has_a_sign_of_its_own() -> None:
    lost = party("db", is_attached=False)
    assert [pair.sign for pair in pairs([party("web"), lost])] == ["+", "o", "+", "o"]
    assert "o in no namespace" in legend()


@pytest.mark.parametrize("width", [40, 80])
def test_a_grid_keeps_to_the_width_and_cuts_no_name(width: int) -> None:
    names = [f"endpoint-number-{number}" for number in range(60)]
    lines = list(grid_lines(pairs([party(name) for name in names]), width))
    assert max(map(len, lines)) <= width
    words = {word for line in lines for word in line.split()}
    assert set(names) <= words
    assert {str(number) for number in range(1, 61)} <= words


def test_a_name_wider_than_half_the_terminal_has_its_own_line() -> None:
    long = "x" * 50
    lines = list(grid_lines(pairs([party(long)]), 80))
    assert long in lines
    assert max(map(len, lines)) <= 80


def test_each_port_has_a_grid() -> None:
    found = [*pairs([party("web")], "tcp/80"), *pairs([party("web")], "icmp")]
    heads = [line for line in grid_lines(found, 80) if "delivered" in line]
    assert heads == ["tcp/80: 1 of 1 delivered", "icmp: 1 of 1 delivered"]


def test_what_stops_packets_is_said_once() -> None:
    found = pairs([party("web"), party("db"), party("client")])
    assert list(reason_lines(found, 80)) == [
        "x tcp/80 3 pairs: ACL deny-everything-that-comes-in of endpoint db"
    ]
    assert list(reason_lines(pairs([party("web")]), 80)) == []


def test_a_pair_is_told_between_words() -> None:
    (line, *_) = pair_lines(pairs([party("web")]), 80)
    assert line == "+ web → web tcp/80: Delivered, -"
    told = list(pair_lines(pairs([party("db")]), 40))
    assert [part.strip() for part in told] == [
        "x db → db tcp/80: Blocked",
        "(BlockedByRule), ACL",
        "deny-everything-that-comes-in of",
        "endpoint db",
    ]


def test_no_word_is_broken_that_fits() -> None:
    assert folded("one, two two-and-a-half", 18) == ["one, two", "    two-and-a-half"]
    assert folded("", 10) == [""]


def test_a_name_wider_than_the_terminal_is_cut_in_its_middle() -> None:
    first, second = ("a" * 499 + middle + "z" * 500 for middle in "12")
    long = pairs([party(f"x{first}", first), party(f"y{second}", second)])
    lost = [replace(pair, verdict=Verdict.BLOCKED, by=f"ACL {first}") for pair in long]
    lines = [*grid_lines(long, 80), *pair_lines(lost, 80), *reason_lines(lost, 80)]
    assert max(map(len, lines)) <= 80
    begins = f"x{'a' * 30}"
    assert any(line.startswith(begins) and line.endswith("z" * 30) for line in lines)
    assert any(line.startswith(f" 1 {begins[:15]}") and line.endswith("z]") for line in lines)
    assert all("…" in line for line in lines if "zzz" in line)


def test_a_long_step_of_a_trace_is_cut_on_a_terminal() -> None:
    assert max(map(len, folded(f"  switch  forwarded to {'x' * 1000}", 80))) <= 80
