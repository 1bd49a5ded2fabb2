"""Images and their tags, on both databases."""

from hnsemu.docker.domain.images import Image
from hnsemu.docker.storage import images
from hnsemu.storage.transaction import Hns, Transaction, reads, writes

WEB, DB = (Image(f"sha256:{digit * 64}", 1, (f"{name}:1", f"{name}:2")) for digit, name in
           (("a", "web"), ("b", "db")))  # fmt: skip


@writes
def keep(tx: Transaction, *kept: Image) -> None:
    for image in kept:
        images.create(tx, image)


@reads
def tags_of_all(tx: Transaction) -> list[tuple[str, ...]]:
    return [image.tags for image in images.all_of(tx)]


@reads
def tags_beside(tx: Transaction, tag: str) -> tuple[str, ...] | None:
    found = images.tagged(tx, tag)
    return found.tags if found else None


@writes
def move(tx: Transaction, tag: str, image_id: str) -> None:
    images.put_tag(tx, images.with_id_prefix(tx, image_id)[0], tag)


def test_an_image_is_found_by_each_of_its_tags_with_all_of_them(hns: Hns) -> None:
    keep(hns, WEB, DB)
    assert tags_beside(hns, "web:2") == WEB.tags
    assert tags_beside(hns, "web:3") is None
    assert tags_of_all(hns) == [DB.tags, WEB.tags]


def test_an_image_may_have_no_tag(hns: Hns) -> None:
    keep(hns, WEB, DB)
    for tag in WEB.tags:
        move(hns, tag, DB.id)
    assert tags_of_all(hns) == [("db:1", "db:2", "web:1", "web:2"), ()]
