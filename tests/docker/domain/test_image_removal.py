"""What removing an image takes away. Source: moby v28.5.2 daemon/images/image_delete.go [C]."""

import pytest

from hnsemu.docker.domain.containers import DockerContainer, Status
from hnsemu.docker.domain.image_removal import Removal, decide_removal
from hnsemu.docker.domain.images import Image, digest_of
from hnsemu.docker.errors import DockerError
from tests.docker.domain.containers import ID, container

_ID = digest_of("web:1")
_DIGEST = f"web@{_ID}"
SINGLE = Image(_ID, 1, ("web:1",))
DOUBLE = Image(_ID, 1, ("web:1", "shop:1"))
RUNNING = container(status=Status.RUNNING)
STOPPED = container(status=Status.EXITED)
_SHORT = SINGLE.short_id


@pytest.mark.parametrize(
    ("image", "tag", "users", "force", "expected"),
    [
        (SINGLE, "web:1", [], False, Removal(("web:1", _DIGEST), deletes=True)),
        (SINGLE, "web:1", [STOPPED], True, Removal(("web:1", _DIGEST), deletes=True)),
        (SINGLE, "web:1", [RUNNING], True, Removal(("web:1", _DIGEST), deletes=False)),
        (SINGLE, _DIGEST, [], False, Removal((_DIGEST,), deletes=False)),
        (DOUBLE, "shop:1", [RUNNING], False, Removal(("shop:1",), deletes=False)),
        (DOUBLE, "", [STOPPED], True, Removal(("web:1", "shop:1", _DIGEST), deletes=True)),
    ],
)
def test_names_go_and_the_image_with_the_last_one(
    image: Image,
    tag: str,
    users: list[DockerContainer],
    force: bool,  # noqa: FBT001 (a column)
    expected: Removal,
) -> None:
    assert decide_removal(image, tag or image.id, tag, users, force=force) == expected


@pytest.mark.parametrize(
    ("image", "tag", "users", "force", "text"),
    [
        (
            SINGLE,
            "web:1",
            [STOPPED],
            False,
            (
                'unable to remove repository reference "web:1" (must force) - '
                f"container {ID[:12]} is using its referenced image {_SHORT}"
            ),
        ),
        (
            SINGLE,
            "",
            [RUNNING],
            True,
            (
                f"unable to delete {_SHORT} (cannot be forced) - "
                f"image is being used by running container {ID[:12]}"
            ),
        ),
        (
            SINGLE,
            "",
            [STOPPED],
            False,
            (
                f"unable to delete {_SHORT} (must be forced) - "
                f"image is being used by stopped container {ID[:12]}"
            ),
        ),
        (
            DOUBLE,
            "",
            [],
            False,
            (
                f"unable to delete {_SHORT} (must be forced) - "
                "image is referenced in multiple repositories"
            ),
        ),
    ],
)
def test_what_is_used_stays(
    image: Image,
    tag: str,
    users: list[DockerContainer],
    force: bool,  # noqa: FBT001 (a column)
    text: str,
) -> None:
    with pytest.raises(DockerError) as refusal:
        decide_removal(image, tag or image.id, tag, users, force=force)
    assert (refusal.value.status, refusal.value.message) == (409, f"conflict: {text}")
