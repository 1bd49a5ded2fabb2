"""What a reader of a container's lines sees."""

import json

import pytest

from hnsemu.docker.domain.images import read_reference
from hnsemu.docker.schema.containers import CREATION, creation_request
from hnsemu.docker.schema.golang import read_document
from hnsemu.docker.services import daemon, images
from hnsemu.docker.services.containers import (
    create_container,
    execs,
    log_lines,
    remove_container,
    start_container,
)
from hnsemu.docker.services.containers.log_lines import LogPage
from hnsemu.storage.transaction import Hns


@pytest.fixture
def shell(hns: Hns) -> Hns:
    """Return a host where a shell, `web`, runs in a container."""
    daemon.start_at_first_request(hns)
    images.pull(hns, read_reference("iis"))
    wanted = json.dumps({"Image": "iis", "Cmd": ["cmd"], "OpenStdin": True}).encode()
    request = creation_request(read_document(wanted, "application/json", CREATION))
    create_container(hns, "web", request)
    start_container(hns, "web")
    return hns


def texts(page: LogPage) -> list[str]:
    return [line.text for line in page.lines]


def test_the_last_lines_of_a_container_that_was_removed_are_seen(shell: Hns) -> None:
    place = log_lines.begin(shell, "web", None)
    execs.type_into(shell, "web", "whoami")
    page = log_lines.next_lines(shell, place)
    execs.type_into(shell, "web", "ping")
    execs.type_into(shell, "web", "exit 3")
    remove_container(shell, "web", force=False)
    last = log_lines.next_lines(shell, page.place)
    assert (texts(page), page.is_gone) == ([r"user manager\containeradministrator"], False)
    assert last.is_gone
    assert "ping" in texts(last)[0].lower()
