"""References of images."""

from dataclasses import replace

import pytest

from hnsemu.docker.domain.images import OWN_COMMAND, new_image, read_reference, repository_of
from hnsemu.docker.errors import DockerError


@pytest.mark.parametrize(
    ("text", "name", "familiar"),
    [
        ("web", "docker.io/library/web", "web:latest"),
        ("contoso/web:2", "docker.io/contoso/web", "contoso/web:2"),
        ("docker.io/library/web", "docker.io/library/web", "web:latest"),
        (
            "mcr.example/windows/nanoserver:ltsc2025",
            "mcr.example/windows/nanoserver",
            "mcr.example/windows/nanoserver:ltsc2025",
        ),
        ("localhost:5000/web", "localhost:5000/web", "localhost:5000/web:latest"),
    ],
)
def test_a_reference_is_completed(text: str, name: str, familiar: str) -> None:
    reference = read_reference(text)
    assert (reference.name, reference.familiar) == (name, familiar)


def test_the_tag_of_a_request_wins() -> None:
    assert read_reference("web", "3").familiar == "web:3"


@pytest.mark.parametrize("text", ["", "web:", "a b", "-x", "w" * 300])
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(DockerError) as refusal:
        read_reference(text)
    assert (refusal.value.status, refusal.value.message) == (400, "invalid reference format")


def test_an_image_is_what_its_reference_says() -> None:
    image = new_image(read_reference("web"), 1)
    assert image == new_image(read_reference("docker.io/library/web:latest"), 1)
    assert image.id != new_image(read_reference("web:2"), 1).id
    assert (image.tags, image.config["Cmd"]) == (("web:latest",), list(OWN_COMMAND))


def test_an_image_has_a_digest_in_the_repository_that_it_was_pulled_from() -> None:
    image = new_image(read_reference("team/web:2"), 1)
    assert image.digests == (f"team/web@{image.id}",)
    assert replace(image, references=("other:1",)).digests == ()


def test_a_reference_by_digest_asks_for_the_image_with_it() -> None:
    digest = f"sha256:{'0a' * 32}"
    reference = read_reference(f"localhost:5000/web@{digest}")
    assert (reference.familiar_name, reference.digest) == ("localhost:5000/web", digest)
    image = new_image(reference, 0)
    assert (image.id, image.tags, image.digests) == (digest, (), (reference.familiar,))
    assert repository_of(reference.familiar) == "localhost:5000/web"


@pytest.mark.parametrize(
    ("text", "repository"),
    [("Web", "library/Web"), ("shop/Web:1", "shop/Web"), ("localhost/a/B", "a/B")],
)
def test_a_repository_is_written_in_lower_case(text: str, repository: str) -> None:
    with pytest.raises(DockerError) as refusal:
        read_reference(text)
    assert refusal.value.message == (
        f"invalid reference format: repository name ({repository}) must be lowercase"
    )


def test_what_has_a_capital_before_the_slash_is_a_registry() -> None:
    assert read_reference("Registry/web").familiar == "Registry/web:latest"
