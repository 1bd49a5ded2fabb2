"""`make demo` plays every client to its end, on a real server."""

from tests.e2e.demo import play


def test_no_client_of_the_demo_is_refused() -> None:
    assert "7 passed, 0 failed" in play()
