"""A matrix whose members stand by their networks."""

from hnsemu.domain.tracing.matrix import Matrix, Member, grouped
from hnsemu.domain.tracing.walks import Service


def member(name: str, network: str) -> Member:
    return Member(f"id-{name}", name, "", network)


A, B, C = member("a", "red"), member("b", "blue"), member("c", "red")


def test_members_of_a_network_stand_side_by_side_with_their_cells() -> None:
    indices = [[[11, 12, 13], [21, 22, 23], [31, 32, 33]]]
    matrix = grouped(Matrix((A, B, C), (A, B, C), (Service(1, 0),), (), indices))
    assert matrix.sources == matrix.targets == (A, C, B)
    assert matrix.indices == [[[11, 13, 12], [31, 33, 32], [21, 23, 22]]]


def test_a_member_is_called_by_the_best_that_is_known() -> None:
    assert A.title == "a"
    assert Member("guid", "", "10.0.0.1").title == "guid"
    assert Member("", "", "10.0.0.1").title == "10.0.0.1"
