"""Answers that last are counted, and their length is nobody's latency."""

import httpx


async def test_the_length_of_a_stream_is_no_latency(client: httpx.AsyncClient) -> None:
    await client.post("/docker/images/create?fromImage=iis")
    created = await client.post("/docker/containers/create?name=web", json={"Image": "iis"})
    assert created.status_code == 201
    await client.post("/docker/containers/web/wait")
    await client.get("/docker/containers/web/json")
    metrics = (await client.get("/metrics")).text
    counted = [
        line for line in metrics.splitlines() if 'path="/docker/containers/{id}/wait"' in line
    ]
    assert any(line.startswith("hnsemu_requests_total") for line in counted), counted
    assert not any("seconds" in line for line in counted), counted
    assert 'seconds_count{method="GET",path="/docker/containers/{id}/json"}' in metrics
