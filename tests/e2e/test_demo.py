"""`make demo` plays every client and every scene to its end, on a real server."""

from tests.e2e.demo import play


def test_no_client_or_scene_of_the_demo_fails() -> None:
    assert "11 passed, 0 failed" in play()
