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
