"""Images: pull, list, inspect, tag, remove."""

import re

from hnsemu.docker.domain.events import IMAGE, Event
from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.image_removal import Removal, decide_removal, whole
from hnsemu.docker.domain.images import Image, Reference, new_image, read_reference
from hnsemu.docker.domain.moments import read_moment
from hnsemu.docker.errors import NOT_FOUND, DockerError
from hnsemu.docker.schema.images import (
    distribution_document,
    history_document,
    image_document,
    summary_document,
)
from hnsemu.docker.storage import containers, events, images
from hnsemu.domain.digits import LARGEST
from hnsemu.storage.transaction import Transaction, reads, writes

_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{4,64})")
_MOMENTS = ("before", "since")
_PRUNE_FILTERS = ("dangling", "label", "label!", "until")
_FILTERS = ("before", "dangling", "label", "reference", "since", "until")


@writes
def pull(tx: Transaction, reference: Reference) -> bool:
    """Keep the image that a reference names; tell whether it was not there before."""
    is_new = _named(tx, reference) is None
    if is_new:
        images.create(tx, new_image(reference, tx.now))
    events.append(tx, Event(IMAGE, "pull", reference.familiar, {"name": reference.familiar_name}))
    return is_new


@reads
def list_images(tx: Transaction, filters: Filters) -> list[dict[str, object]]:
    """Return the images that the filters let pass, newest first.

    With `reference` an image is shown under the names that pass.
    Raises: DockerError 400 for an unknown filter, 404 for an image that there is not, 500 for a
            reference that is no pattern.
    """
    filters.check(_FILTERS)
    is_dangling = filters.flag("dangling") if filters.is_given("dangling") else None
    after, before = _period(tx, filters)
    patterns = filters.of("reference")
    shown = [
        summary_document(image, patterns)
        for image in images.all_of(tx)
        if (is_dangling is None or is_dangling is not bool(image.tags))
        and after < image.created < before
        and filters.labels(image.config.get("Labels") or {})
    ]
    return [image for image in shown if not patterns or image["RepoTags"] or image["RepoDigests"]]


@reads
def inspect_image(tx: Transaction, reference: str) -> dict[str, object]:
    """Return the image that a reference or the beginning of an id means.

    Raises: DockerError 404.
    """
    return image_document(found(tx, reference), tx.host.release)


@reads
def image_history(tx: Transaction, reference: str) -> list[dict[str, object]]:
    """Return the steps that made the image that is meant, the newest first: there is one.

    Raises: DockerError 404.
    """
    return [history_document(found(tx, reference), tx.host.release)]


@reads
def image_in_registry(tx: Transaction, reference: Reference) -> dict[str, object]:
    """Return what a registry says of an image: whatever the name, it is there."""
    return distribution_document(reference, tx.host.release)


@writes
def tag_image(tx: Transaction, reference: str, new: Reference) -> None:
    """Give an image another tag.

    Raises: DockerError 404.
    """
    image = found(tx, reference)
    images.put_tag(tx, image, new.familiar)
    images.note_tagged(tx, image)
    events.append(tx, Event(IMAGE, "tag", image.id, {"name": new.familiar}))


@writes
def remove_image(tx: Transaction, reference: str, *, force: bool) -> list[dict[str, str]]:
    """Take a tag off an image, and remove it with its last one; return what was done.

    Raises: DockerError 404, 409 while containers use it.
    """
    image = found(tx, reference)
    users = containers.of_image(tx, image.id)
    tag = _tag_meant(image, reference)
    removal = decide_removal(image, reference, tag, users, force=force)
    if removal.deletes:
        images.remove(tx, image)
    else:
        for name in removal.untagged:
            images.drop_tag(tx, name)
    told = removal.untagged[:1] if tag else removal.untagged
    untagged = (Event(IMAGE, "untag", image.id, {"name": image.id}) for _ in told)
    deleted = (Event(IMAGE, "delete", image.id, {"name": image.id}),) if removal.deletes else ()
    events.append(tx, *untagged, *deleted)
    return _told(image, removal)


@writes
def prune(tx: Transaction, filters: Filters) -> list[dict[str, str]]:
    """Remove the images that no container uses: those without a tag, or all of them.

    Raises: DockerError 400 for an unknown filter, or a value that it does not take.
    """
    filters.check(_PRUNE_FILTERS)
    dangling = filters.flag("dangling", default=True)
    moments = [read_moment(text, tx.now) for text in filters.of("until")]
    removed: list[dict[str, str]] = []
    for image in images.all_of(tx):
        labels = image.config.get("Labels") or {}
        is_wanted = filters.labels(labels) and filters.without_labels(labels)
        is_late = image.created > min(moments, default=LARGEST)
        is_kept = (image.references and dangling) or is_late or not is_wanted
        if is_kept or containers.of_image(tx, image.id):
            continue
        images.remove(tx, image)
        removed += _told(image, whole(image))
    return removed


def found(tx: Transaction, text: str) -> Image:
    """Return the image that a reference or the beginning of an id means, in another use case.

    Raises: DockerError 404.
    """
    digest = _DIGEST.fullmatch(text)
    if digest:
        with_prefix = images.with_id_prefix(tx, f"sha256:{digest[1]}")
        if len(with_prefix) == 1:
            return with_prefix[0]
    reference = read_reference(text)
    image = _named(tx, reference)
    if image is None:
        raise DockerError(NOT_FOUND, f"No such image: {reference.familiar}")
    return image


def _named(tx: Transaction, reference: Reference) -> Image | None:
    """Return the image that has a reference as its tag or its digest, None without one."""
    tagged = images.tagged(tx, reference.familiar)
    if tagged is not None or not reference.is_digest:
        return tagged
    known = images.with_id_prefix(tx, reference.tag)
    return next((image for image in known if reference.familiar in image.digests), None)


def _told(image: Image, removal: Removal) -> list[dict[str, str]]:
    deleted = [{"Deleted": image.id}] if removal.deletes else []
    return [*({"Untagged": name} for name in removal.untagged), *deleted]


def _tag_meant(image: Image, reference: str) -> str:
    tag = read_reference(reference).familiar
    return tag if tag in {*image.references, *image.digests} else ""


def _period(tx: Transaction, filters: Filters) -> tuple[int, int]:
    """Return the moments between which images must have been made: FILETIMEs, neither included.

    The narrowest of several counts. Source: moby daemon/images/images.go [C].
    """
    made = {name: [found(tx, text).created for text in filters.of(name)] for name in _MOMENTS}
    moments = [read_moment(text, tx.now) for text in filters.of("until")]
    return max(made["since"], default=0), min([*made["before"], *moments], default=LARGEST)
