"""Platforms that a client asks for. Source: containerd platforms v1.0.0 [C]."""

import pytest

from hnsemu.docker.domain.platforms import check_platform
from hnsemu.docker.errors import DockerError

_OTHER = (
    "image with reference web was found but its platform (windows/amd64) does not match the "
    "specified platform ({})"
)


@pytest.mark.parametrize(
    "platform", ["", "windows", "amd64", "x86_64", "windows/amd64", "Windows(10.0.20348.1)/amd64"]
)
def test_images_are_for_windows_on_amd64(platform: str) -> None:
    check_platform("web", platform)


@pytest.mark.parametrize(
    ("platform", "status", "text"),
    [
        ("linux/amd64", 404, _OTHER.format("linux/amd64")),
        ("linux", 404, _OTHER.format("linux/amd64")),
        ("arm64", 404, _OTHER.format("windows/arm64")),
        ("linux/aarch64/v8", 404, _OTHER.format("linux/arm64")),
        ("x", 400, '"x": unknown operating system or architecture: invalid argument'),
        ("a b", 400, '"a b": invalid platform: invalid argument'),
    ],
)
def test_an_image_of_another_platform_is_not_there(platform: str, status: int, text: str) -> None:
    with pytest.raises(DockerError) as refusal:
        check_platform("web", platform)
    assert (refusal.value.status, refusal.value.message) == (status, text)
