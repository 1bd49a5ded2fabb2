"""Removing images: what a name or an id takes away, and what containers keep.

Source: moby v28.5.2 daemon/images/image_delete.go [C].
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.ids import short
from hnsemu.docker.domain.images import Image, repository_of
from hnsemu.docker.errors import CONFLICT, DockerError


@dataclass(frozen=True, slots=True)
class Removal:
    """What is taken from an image: names, and the image itself if it is deleted."""

    untagged: tuple[str, ...]
    deletes: bool


def whole(image: Image) -> Removal:
    """Return the removal of an image with all its names."""
    return Removal((*image.tags, *image.digests), deletes=True)


def decide_removal(
    image: Image, reference: str, tag: str, users: Sequence[DockerContainer], *, force: bool
) -> Removal:
    """Return what the removal of a reference takes away.

    tag:   the name of the image that the reference means, "" where it means its id.
    users: the containers of the image.
    Raises: DockerError 409.
    """
    user = min(users, key=lambda user: not user.is_running, default=None)  # one that runs first
    if not tag:
        _check_unused(image, user, force=force)
        return whole(image)
    if user is not None and image.is_of_one_name and not force:
        raise DockerError(
            CONFLICT,
            f'conflict: unable to remove repository reference "{reference}" (must force) - '
            f"container {short(user.id)} is using its referenced image {image.short_id}",
        )
    untagged = _untagged(image, tag)
    is_kept = any(user.is_running or not force for user in users)
    has_names = bool({*image.tags, *image.digests} - {*untagged})
    return Removal(untagged, deletes=not (has_names or is_kept))


def _untagged(image: Image, tag: str) -> tuple[str, ...]:
    """Return a name, with the digests of its repository if that has no other tag."""
    repository = repository_of(tag)
    others = [other for other in image.tags if other != tag and repository_of(other) == repository]
    if tag in image.digests or others:
        return (tag,)
    of_it = (digest for digest in image.digests if repository_of(digest) == repository)
    return (tag, *of_it)


def _check_unused(image: Image, user: DockerContainer | None, *, force: bool) -> None:
    if user is not None and user.is_running:
        what = f"image is being used by running container {short(user.id)}"
        raise _conflict(image, "cannot be forced", what)
    if force:
        return
    if image.references and not image.is_of_one_name:
        raise _conflict(image, "must be forced", "image is referenced in multiple repositories")
    if user is not None:
        what = f"image is being used by stopped container {short(user.id)}"
        raise _conflict(image, "must be forced", what)


def _conflict(image: Image, force: str, what: str) -> DockerError:
    text = f"conflict: unable to delete {image.short_id} ({force}) - {what}"
    return DockerError(CONFLICT, text)
