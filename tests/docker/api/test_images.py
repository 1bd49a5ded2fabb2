"""Images by tag and by digest, as people name them."""

import json

import httpx

IMAGES = "/docker/images"


async def test_an_image_is_known_by_the_digest_that_its_pull_printed(
    client: httpx.AsyncClient,
) -> None:
    pulled = (await client.post(f"{IMAGES}/create?fromImage=team/web&tag=2")).text.splitlines()
    statuses = [json.loads(line)["status"] for line in pulled]
    printed = next(status for status in statuses if status.startswith("Digest: "))
    reference = f"team/web@{printed.removeprefix('Digest: ')}"
    shown = (await client.get(f"{IMAGES}/team/web:2/json")).json()
    assert shown["RepoDigests"] == [reference]
    assert (await client.get(f"{IMAGES}/{reference}/json")).json() == shown
    [listed] = (await client.get(f"{IMAGES}/json")).json()
    assert listed["RepoDigests"] == [reference]

    await client.post(f"{IMAGES}/create?fromImage={reference}")
    assert len((await client.get(f"{IMAGES}/json")).json()) == 1

    removed = (await client.delete(f"{IMAGES}/team/web:2")).json()
    gone = [{"Untagged": "team/web:2"}, {"Untagged": reference}, {"Deleted": shown["Id"]}]
    assert removed == gone


async def test_images_are_found_by_a_pattern(client: httpx.AsyncClient) -> None:
    for name in ("nanoserver", "nanotask", "team/nano"):
        await client.post(f"{IMAGES}/create?fromImage={name}")
    filters = json.dumps({"reference": ["nano*"]})
    found = (await client.get(f"{IMAGES}/json", params={"filters": filters})).json()
    tags = sorted(image["RepoTags"][0] for image in found)
    assert tags == ["nanoserver:latest", "nanotask:latest"]


async def images_of(client: httpx.AsyncClient, **filters: str) -> list[str]:
    """Return the tags of the images that filters let pass, newest first."""
    asked = json.dumps({name: [value] for name, value in filters.items()})
    found = await client.get(f"{IMAGES}/json", params={"filters": asked})
    assert found.status_code == 200, found.text
    return [image["RepoTags"][0].partition(":")[0] for image in found.json()]


async def test_images_are_found_by_what_is_older_or_newer(client: httpx.AsyncClient) -> None:
    for hour, name in enumerate(("oldest", "middle", "newest"), 1):
        await client.put("/emulator/clock", json={"set": f"2030-01-01T0{hour}:00:00Z"})
        await client.post(f"{IMAGES}/create?fromImage={name}")
    assert await images_of(client, before="middle") == ["oldest"]
    assert await images_of(client, since="oldest") == ["newest", "middle"]
    assert await images_of(client, since="oldest", before="newest") == ["middle"]
    assert await images_of(client, until="90m") == ["oldest"]
    assert await images_of(client, until="2030-01-01T02:30:00") == ["middle", "oldest"]
    refused = await client.get(f"{IMAGES}/json", params={"filters": '{"before": ["nowhere"]}'})
    assert refused.status_code == 404
    assert refused.json() == {"message": "No such image: nowhere:latest"}


async def test_an_image_that_is_pulled_by_digest_has_it_and_no_tag(
    client: httpx.AsyncClient,
) -> None:
    digest = f"sha256:{'0a' * 32}"
    reference = f"localhost:5000/team/web@{digest}"
    pulled = await client.post(f"{IMAGES}/create?fromImage={reference}")
    assert f"Digest: {digest}" in pulled.text
    shown = (await client.get(f"{IMAGES}/{reference}/json")).json()
    assert (shown["Id"], shown["RepoTags"], shown["RepoDigests"]) == (digest, [], [reference])
    filters = json.dumps({"reference": ["localhost:5000/team/*"]})
    [listed] = (await client.get(f"{IMAGES}/json", params={"filters": filters})).json()
    assert (listed["RepoTags"], listed["RepoDigests"]) == ([], [reference])
    removed = (await client.delete(f"{IMAGES}/{reference}")).json()
    assert removed == [{"Untagged": reference}, {"Deleted": digest}]


async def test_an_image_has_a_history_of_one_step_and_a_place_in_the_registry(
    client: httpx.AsyncClient,
) -> None:
    await client.post(f"{IMAGES}/create?fromImage=web")
    shown = (await client.get(f"{IMAGES}/web/json")).json()
    [step] = (await client.get(f"{IMAGES}/web/history")).json()
    assert (step["Id"], step["Tags"], step["Size"]) == (shown["Id"], ["web:latest"], 0)
    assert (await client.get(f"{IMAGES}/nobody/history")).status_code == 404
    known = (await client.get("/docker/distribution/team/new:2/json")).json()
    pulled = (await client.post(f"{IMAGES}/create?fromImage=team/new&tag=2")).text
    assert known["Descriptor"]["digest"] in pulled
    assert [platform["os"] for platform in known["Platforms"]] == ["windows"]


async def test_an_image_is_shown_under_the_names_that_are_like_the_pattern(
    client: httpx.AsyncClient,
) -> None:
    await client.post(f"{IMAGES}/create?fromImage=web&tag=1")
    await client.post(f"{IMAGES}/web:1/tag?repo=team/shop&tag=2")
    filters = json.dumps({"reference": ["*/s[g-i]op"]})
    [found] = (await client.get(f"{IMAGES}/json", params={"filters": filters})).json()
    assert (found["RepoTags"], found["RepoDigests"]) == (["team/shop:2"], [])


async def test_a_bad_pattern_is_refused_if_there_is_an_image(client: httpx.AsyncClient) -> None:
    asked = {"filters": json.dumps({"reference": ["["]})}
    assert (await client.get(f"{IMAGES}/json", params=asked)).json() == []
    await client.post(f"{IMAGES}/create?fromImage=web")
    refused = await client.get(f"{IMAGES}/json", params=asked)
    assert (refused.status_code, refused.json()) == (500, {"message": "syntax error in pattern"})


async def test_the_last_tag_of_an_image_has_a_time(client: httpx.AsyncClient) -> None:
    for change in ({"freeze": True}, {"set": "2030-01-01T12:00:00Z"}):
        assert (await client.put("/emulator/clock", json=change)).is_success
    await client.post(f"{IMAGES}/create?fromImage=web")
    shown = (await client.get(f"{IMAGES}/web/json")).json()
    assert shown["Metadata"] == {"LastTagTime": "0001-01-01T00:00:00Z"}
    await client.post(f"{IMAGES}/web/tag?repo=shop")
    shown = (await client.get(f"{IMAGES}/web/json")).json()
    assert shown["Metadata"] == {"LastTagTime": "2030-01-01T12:00:00Z"}


async def test_a_prune_removes_what_its_filters_want(client: httpx.AsyncClient) -> None:
    await client.post(f"{IMAGES}/create?fromImage=web")
    for filters in ({"until": ["1h"]}, {"label": ["kept"]}):
        query = {"filters": json.dumps({"dangling": ["false"], **filters})}
        pruned = await client.post(f"{IMAGES}/prune", params=query)
        assert pruned.json() == {"ImagesDeleted": None, "SpaceReclaimed": 0}
    bad = await client.post(f"{IMAGES}/prune", params={"filters": '{"bad": ["x"]}'})
    assert (bad.status_code, bad.json()["message"]) == (400, "invalid filter 'bad'")
    query = {"filters": json.dumps({"dangling": ["false"], "label!": ["kept"]})}
    gone = (await client.post(f"{IMAGES}/prune", params=query)).json()["ImagesDeleted"]
    assert gone[0] == {"Untagged": "web:latest"}
