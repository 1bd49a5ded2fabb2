"""What every new object has: an id that is given or chosen, its version and its time."""

import pytest

from hnsemu.domain.guid import ZERO
from hnsemu.domain.identity import IdentityRequest, new_identity
from hnsemu.domain.releases import RELEASES
from hnsemu.host import SeededSource
from tests.domain.worlds import guid


@pytest.mark.parametrize(("id_", "is_kept"), [(guid("mine"), True), ("", False), (ZERO, False)])
def test_without_an_id_or_with_zeros_one_is_chosen(id_: str, *, is_kept: bool) -> None:
    identity = new_identity(IdentityRequest(id_), RELEASES["ws2025"], 7, SeededSource())
    assert (identity["id"] == id_) is is_kept
    assert identity["id"] != identity["activity_id"]


def test_the_rest_is_the_requests_and_the_releases() -> None:
    request = IdentityRequest("a", "web", "me", (2, 3), '{"A": 1}')
    identity = new_identity(request, RELEASES["ws2022"], 7, SeededSource())
    assert (identity["name"], identity["owner"]) == ("web", "me")
    assert (identity["schema_version"], identity["additional_params"]) == ((2, 3), '{"A": 1}')
    assert identity["version"] == RELEASES["ws2022"].packed_version
    assert (identity["created"], identity["updated"]) == (7, 7)
