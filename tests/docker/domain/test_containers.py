"""Containers as facts."""

import pytest

from hnsemu.docker.domain.containers import DockerEndpoint, check_name, names_on, quoted
from hnsemu.docker.errors import DockerError
from tests.docker.domain.containers import ID, container


@pytest.mark.parametrize(
    ("name", "kept"), [("web", "web"), ("/web", "web"), ("w.e_b-1", "w.e_b-1")]
)
def test_a_name_is_kept_without_its_slash(name: str, kept: str) -> None:
    assert check_name(name) == kept


@pytest.mark.parametrize("name", ["x", "-web", "we b", "/", "wéb"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(DockerError) as refusal:
        check_name(name)
    assert refusal.value.message == (
        f"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"
    )


def test_a_container_answers_to_name_aliases_short_id_and_hostname() -> None:
    endpoint = DockerEndpoint("front", {"Aliases": ["db", "web"]})
    box = container(own={"Hostname": "box"})
    assert names_on(box, endpoint) == ("web", "db", ID[:12], "box")


def test_a_container_may_use_the_network_of_another_one() -> None:
    assert container(host={"NetworkMode": "container:db"}).shares_with == "db"
    assert container(host={"NetworkMode": "nat"}).shares_with == ""


def test_the_entry_point_comes_before_the_command() -> None:
    web = container(own={"Entrypoint": ["cmd"], "Cmd": ["/c", "a b"]})
    assert web.command == ("cmd", "/c", "a b")
    assert quoted(web.command) == "cmd /c 'a b'"
