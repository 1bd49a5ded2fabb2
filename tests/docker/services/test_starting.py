"""What starting a container costs, counted in calls."""

import json

from hnsemu.docker.domain.images import read_reference
from hnsemu.docker.domain.ports import check_exposed, shown
from hnsemu.docker.schema.containers import CREATION, creation_request
from hnsemu.docker.schema.golang import read_document
from hnsemu.docker.services import daemon, images
from hnsemu.docker.services.containers import create_container, start_container
from hnsemu.storage.transaction import Hns
from tests.work import calls


def test_a_container_starts_as_fast_among_many_as_the_first(hns: Hns) -> None:
    daemon.start_at_first_request(hns)
    images.pull(hns, read_reference("iis"))
    request = creation_request(
        read_document(json.dumps({"Image": "iis"}).encode(), "application/json", CREATION)
    )
    work = []
    for number in range(250):
        create_container(hns, f"web{number}", request)
        work.append(calls(lambda name=f"web{number}": start_container(hns, name)))  # type: ignore[misc]
    first, last = sorted(work[2:12]), sorted(work[-10:])
    assert last[5] <= 1.2 * first[5]


def test_many_ranges_of_ports_cost_no_more_than_their_ports() -> None:
    ranges = [f"1-{65535 - number}/tcp" for number in range(300)]
    one = calls(lambda: shown(["1-65535/tcp"], []))
    assert calls(lambda: check_exposed(ranges)) < one / 10
    assert calls(lambda: shown(ranges, [])) < 1.1 * one
