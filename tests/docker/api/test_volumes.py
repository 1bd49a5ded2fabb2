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


async def test_inspect_and_lists_show_what_is_mounted(client: httpx.AsyncClient) -> None:
    await client.post("/docker/images/create?fromImage=web&tag=latest")
    binds = [r"C:\data:C:\app:ro", r"logs:C:\logs"]
    document = {"Image": "web", "HostConfig": {"Binds": binds}}
    await client.post("/docker/containers/create?name=web", json=document)
    shown = (await client.get("/docker/containers/web/json")).json()["Mounts"]
    both = {"Mode": "", "Propagation": ""}
    assert shown == [
        {"Type": "bind", "Source": r"c:\data", "Destination": r"c:\app", "RW": False, **both},
        {
            "Type": "volume",
            "Name": "logs",
            "Source": r"C:\ProgramData\docker\volumes\logs\_data",
            "Destination": r"c:\logs",
            "Driver": "local",
            "RW": True,
            **both,
        },
    ]
    for wanted, count in (("logs", 1), (r"c:\data", 1), (r"c:\logs", 1), ("other", 0)):
        query = {"all": "1", "filters": json.dumps({"volume": [wanted]})}
        listed = (await client.get("/docker/containers/json", params=query)).json()
        assert [container["Mounts"] for container in listed] == [shown] * count


async def test_a_volume_that_nobody_named_goes_with_its_container_if_wanted(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/docker/images/create?fromImage=web&tag=latest")
    for query, left in (("", 1), ("?v=1", 1)):
        document = {"Image": "web", "Volumes": {r"C:\data": {}}}
        await client.post("/docker/containers/create?name=web", json=document)
        [mount] = (await client.get("/docker/containers/web/json")).json()["Mounts"]
        volume = (await client.get(f"/docker/volumes/{mount['Name']}")).json()
        assert volume["Labels"] == {"com.docker.volume.anonymous": ""}
        await client.delete(f"/docker/containers/web{query}")
        assert len((await client.get("/docker/volumes")).json()["Volumes"]) == left


async def test_a_bind_of_another_system_is_refused(client: httpx.AsyncClient) -> None:
    await client.post("/docker/images/create?fromImage=web&tag=latest")
    document = {"Image": "web", "HostConfig": {"Binds": ["/data:/app"]}}
    answer = await client.post("/docker/containers/create", json=document)
    expected = "invalid volume specification: '/data:/app'"
    assert (answer.status_code, answer.json()["message"]) == (500, expected)


async def test_a_container_makes_no_volume_with_a_name_that_none_can_have(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/docker/images/create?fromImage=web")
    mounts = (
        {"Binds": ["a b:c:\\x"]},
        {"Mounts": [{"Type": "volume", "Source": "v", "Target": "c:\\x"}]},
    )
    for mounted in mounts:
        document = {"Image": "web", "HostConfig": mounted}
        refused = await client.post("/docker/containers/create", json=document)
        assert refused.status_code == 400
        assert "volume name" in refused.json()["message"]
    assert (await client.get("/docker/volumes")).json()["Volumes"] == []
    assert (await client.get("/docker/containers/json?all=1")).json() == []


async def _run(http: httpx.AsyncClient, name: str, **host_config: object) -> httpx.Response:
    await http.post("/docker/images/create?fromImage=app&tag=latest")
    document = {"Image": "app", "HostConfig": host_config}
    return await http.post(f"/docker/containers/create?name={name}", json=document)


async def _mounts(http: httpx.AsyncClient, name: str) -> dict[str, object]:
    shown = (await http.get(f"/docker/containers/{name}/json")).json()
    return {mount["Destination"]: (mount["Source"], mount["RW"]) for mount in shown["Mounts"]}


async def test_a_container_mounts_what_another_one_does(client: httpx.AsyncClient) -> None:
    assert (await _run(client, "store", Binds=[r"data:C:\data", r"C:\in:C:\in"])).is_success
    assert (await _run(client, "same", VolumesFrom=["store"])).is_success
    assert (await _run(client, "reader", VolumesFrom=["same:ro"])).is_success
    data = r"C:\ProgramData\docker\volumes\data\_data"
    for name, is_writable in (("same", True), ("reader", False)):
        expected = {r"c:\data": (data, is_writable), r"c:\in": (r"c:\in", is_writable)}
        assert await _mounts(client, name) == expected
    await client.delete("/docker/containers/store")
    assert await _mounts(client, "same") == {r"c:\data": (data, True), r"c:\in": (r"c:\in", True)}
    refused = await client.delete("/docker/volumes/data")
    assert refused.status_code == 409
    listed = await client.get(
        "/docker/containers/json", params={"all": "1", "filters": '{"volume":["data"]}'}
    )
    assert sorted(found["Names"][0] for found in listed.json()) == ["/reader", "/same"]


async def test_a_container_takes_nothing_of_one_that_is_not_there(
    client: httpx.AsyncClient,
) -> None:
    for wanted, says in (
        ("nobody", "No such container: nobody"),
        ("nobody:z", "invalid mode: z"),
        ("", "volumes-from specification cannot be an empty string"),
    ):
        refused = await _run(client, "web", VolumesFrom=[wanted])
        assert (refused.status_code, refused.json()) == (400, {"message": says})
    assert (await client.get("/docker/containers/web/json")).status_code == 404


async def test_a_volume_without_a_name_goes_with_the_last_container_that_mounts_it(
    client: httpx.AsyncClient,
) -> None:
    await _run(client, "store", Mounts=[{"Type": "volume", "Target": r"C:\data"}])
    await _run(client, "same", VolumesFrom=["store"])
    for name, left in (("store", 1), ("same", 0)):
        await client.delete(f"/docker/containers/{name}?v=1")
        volumes = (await client.get("/docker/volumes")).json()["Volumes"]
        assert len(volumes or ()) == left


async def test_a_state_document_keeps_what_is_taken_of_others_and_refuses_what_is_no_mount(
    client: httpx.AsyncClient,
) -> None:
    await _run(client, "store", Binds=[r"data:C:\data"])
    await _run(client, "same", VolumesFrom=["store"])
    state = (await client.get("/emulator/hosts/default/state")).json()
    [same] = [found for found in state["docker"]["containers"] if found["name"] == "same"]
    [mount] = json.loads(same["inherited"])
    for member, wrong in (("name", ["x"]), ("target", 5), ("is_writable", "yes"), ("colour", 1)):
        changed = {**same, "inherited": json.dumps([{**mount, member: wrong}])}
        others = [found for found in state["docker"]["containers"] if found is not same]
        docker = {**state["docker"], "containers": [changed, *others]}
        refused = await client.put(
            "/emulator/hosts/default/state", json={**state, "docker": docker}
        )
        assert refused.status_code == 400, (member, refused.text)
    assert (await client.put("/emulator/hosts/default/state", json=state)).status_code == 200
    data = r"C:\ProgramData\docker\volumes\data\_data"
    assert await _mounts(client, "same") == {r"c:\data": (data, True)}
