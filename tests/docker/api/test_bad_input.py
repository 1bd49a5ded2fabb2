"""Bad input at Docker's door: Docker's refusal, never a fault of the service."""

import httpx
import pytest

_NINES = "9" * 400


async def _web(client: httpx.AsyncClient) -> None:
    image = "windows/nanoserver:ltsc2022"
    await client.post("/docker/images/create", params={"fromImage": image})
    created = await client.post(
        "/docker/containers/create", params={"name": "web"}, json={"Image": image}
    )
    assert created.status_code == 201


@pytest.mark.parametrize("path", ["containers/json", "images/json", "networks", "volumes"])
async def test_filters_that_are_too_deep_are_refused(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"/docker/{path}", params={"filters": "[" * 3_000})
    assert (answer.status_code, answer.json()) == (400, {"message": "invalid filter"})


async def test_half_a_surrogate_pair_in_a_filter_is_a_container_that_is_not_there(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get(
        "/docker/containers/json", params={"filters": r'{"since":["\ud800"]}'}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("moment", [_NINES, f"{_NINES}h"])
async def test_a_moment_beyond_all_numbers_is_refused(
    client: httpx.AsyncClient, moment: str
) -> None:
    answer = await client.get("/docker/events", params={"since": moment, "until": "1"})
    assert answer.status_code == 500
    assert answer.json()["message"].startswith("strconv.ParseInt: parsing ")


@pytest.mark.parametrize("moment", ["abc", _NINES])
@pytest.mark.parametrize("name", ["since", "until"])
async def test_logs_refuse_a_bad_moment_before_they_answer(
    client: httpx.AsyncClient, name: str, moment: str
) -> None:
    await _web(client)
    answer = await client.get("/docker/containers/web/logs", params={"stdout": "1", name: moment})
    assert answer.status_code == 500
    assert answer.json()["message"].startswith("strconv.ParseInt: parsing ")


async def test_a_tail_beyond_all_numbers_is_the_whole_log(client: httpx.AsyncClient) -> None:
    await _web(client)
    answer = await client.get(
        "/docker/containers/web/logs", params={"stdout": "1", "tail": "9" * 5000}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000])
async def test_json_that_is_too_deep_is_refused(client: httpx.AsyncClient, body: str) -> None:
    answer = await client.post(
        "/docker/networks/create", content=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()) == (
        400,
        {"message": "invalid JSON: exceeded max depth"},
    )
