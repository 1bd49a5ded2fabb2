"""The comparison of answers with the OpenAPI document finds what the document does not describe."""

import httpx
import pytest

from tests.contract import check, operation_of


def _answer(status: int, method: str, path: str, body: object) -> httpx.Response:
    request = httpx.Request(method, f"http://localhost{path}")
    return httpx.Response(status, json=body, request=request)


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/v2/networks/1", "/v2/networks/{id}"),
        ("/hosts/node/v2/networks", "/v2/networks"),
        ("/v1/globals/version", "/v1/globals/version"),
    ],
)
def test_a_path_names_its_operation(path: str, template: str) -> None:
    assert operation_of("GET", path) == ("get", template)


def test_other_paths_and_methods_name_none() -> None:
    assert operation_of("GET", "/docs") is None
    assert operation_of("PATCH", "/v2/networks") is None


def test_described_answers_pass() -> None:
    check(_answer(200, "GET", "/v2/networks", [{"Name": "nat"}]))
    check(_answer(404, "GET", "/v2/networks/1", {"Success": False, "Error": "not found"}))


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (_answer(200, "GET", "/v2/networks", [{"Name": None}]), "null is not of type"),
        (_answer(204, "GET", "/v2/networks", []), "204 is none of"),
        (_answer(404, "GET", "/v2/networks/1", {"Success": "no"}), "not of type"),
        (
            httpx.Response(200, text="x", request=httpx.Request("GET", "http://x/host")),
            "text/plain",
        ),
    ],
)
def test_other_answers_fail(answer: httpx.Response, what: str) -> None:
    with pytest.raises(AssertionError, match=what):
        check(answer)
