"""/volumes: records that containers may mention."""

import json

import httpx


async def _create(http: httpx.AsyncClient, **document: object) -> dict[str, object]:
    answer = await http.post("/docker/volumes/create", json=document)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_volume_is_what_dockerd_shows(client: httpx.AsyncClient) -> None:
    created = await _create(client, Driver="local", Name="Data")
    assert created == {
        "CreatedAt": created["CreatedAt"],
        "Driver": "local",
        "Labels": None,
        "Mountpoint": r"C:\ProgramData\docker\volumes\data\_data",
        "Name": "data",
        "Options": None,
        "Scope": "local",
    }
    assert (await client.get("/docker/volumes/DATA")).json() == created
    assert await _create(client, Name="data", Labels={"a": "b"}) == created


async def test_lists_are_filtered(client: httpx.AsyncClient) -> None:
    await _create(client, Name="one", Labels={"a": "b"})
    await _create(client, Name="two")
    for filters, names in (
        ({}, ["one", "two"]),
        ({"label": ["a=b"]}, ["one"]),
        ({"name": ["tw"]}, ["two"]),
        ({"dangling": ["true"]}, ["one", "two"]),
        ({"dangling": ["false"]}, []),
        ({"driver": ["nfs"]}, []),
    ):
        listed = await client.get("/docker/volumes", params={"filters": json.dumps(filters)})
        assert [volume["Name"] for volume in listed.json()["Volumes"]] == names
    bad = await client.get("/docker/volumes", params={"filters": '{"x":["1"]}'})
    assert bad.json() == {"message": "invalid filter 'x'"}


async def test_a_missing_volume_is_refused_unless_it_is_forced(client: httpx.AsyncClient) -> None:
    for method in ("GET", "DELETE"):
        answer = await client.request(method, "/docker/volumes/nope")
        assert (answer.status_code, answer.json()) == (
            404,
            {"message": "get nope: no such volume"},
        )
    assert (await client.delete("/docker/volumes/nope?force=1")).status_code == 204


async def test_a_container_makes_its_volumes_and_keeps_them(client: httpx.AsyncClient) -> None:
    await client.post("/docker/images/create?fromImage=web&tag=latest")
    document = {"Image": "web", "HostConfig": {"Binds": ["logs:C:\\logs"]}}
    container = (await client.post("/docker/containers/create", json=document)).json()["Id"]
    refused = await client.delete("/docker/volumes/logs")
    assert (refused.status_code, refused.json()) == (
        409,
        {"message": f"remove logs: volume is in use - [{container}]"},
    )
    await client.delete(f"/docker/containers/{container}")
    assert (await client.delete("/docker/volumes/logs")).status_code == 204


async def test_prune_takes_anonymous_volumes_and_all_when_asked(client: httpx.AsyncClient) -> None:
    anonymous = str((await _create(client))["Name"])
    await _create(client, Name="named")
    pruned = (await client.post("/docker/volumes/prune")).json()
    assert pruned == {"VolumesDeleted": [anonymous], "SpaceReclaimed": 0}
    filters = json.dumps({"all": ["1"]})
    pruned = (await client.post("/docker/volumes/prune", params={"filters": filters})).json()
    assert pruned["VolumesDeleted"] == ["named"]
