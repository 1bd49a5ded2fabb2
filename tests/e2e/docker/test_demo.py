"""The demo's scene of the docker command line."""

from tests.e2e.demo import play


def test_the_demo_plays_the_docker_command_line() -> None:
    assert "can be reached; nothing runs there to answer" in play()
