"""Archives as clients send them, and as anybody could."""

import base64
import bz2
import gzip
import io
import json
import lzma
import tarfile
from collections.abc import Callable

import pytest

from hnsemu.docker.domain.files import LARGEST, Entry, File, Kind
from hnsemu.docker.domain.times import from_unix
from hnsemu.docker.errors import DockerError
from hnsemu.docker.schema.archives import archive, path_stat, read_archive

THEN = from_unix(1_900_000_000)
FILES = [
    ("app", File("\\app", Kind.FOLDER, modified=THEN)),
    ("app/x", File("\\app\\x", Kind.FILE, b"1", THEN)),
    ("app/r", File("\\app\\r", Kind.FILE, b"22", THEN, is_read_only=True)),
    ("app/l", File("\\app\\l", Kind.LINK, modified=THEN, target="x")),
]


def tar_of(name: str = "x", content: bytes = b"1", **header: object) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        for field, value in header.items():
            setattr(member, field, value)
        tar.addfile(member, io.BytesIO(content))
    return target.getvalue()


def test_what_is_archived_is_read_again() -> None:
    entries = read_archive(archive(FILES))
    assert entries == [
        Entry(name, file.kind, file.content, THEN, file.is_read_only, file.target)
        for name, file in FILES
    ]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_archives_may_be_packed(pack: Callable[[bytes], bytes]) -> None:
    [entry] = read_archive(pack(tar_of()))
    assert (entry.name, entry.content) == ("x", b"1")


def test_an_empty_body_and_an_empty_archive_have_nothing() -> None:
    assert read_archive(b"") == read_archive(bytes(10240)) == []


def test_a_device_is_left_out() -> None:
    assert read_archive(tar_of(type=tarfile.CHRTYPE, size=0)) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"no archive at all", 500),
        (tar_of()[:513], 500),
        (b"\x1f\x8b\x08 not packed", 500),
        (b"BZh9 not packed", 500),
        (b"\xfd7zXZ\x00 not packed", 500),
        (tar_of(pax_headers={"size": "-1"}), 413),
        (tar_of(pax_headers={"mtime": "nan"}), 500),
        (tar_of(content=bytes(LARGEST + 1)), 413),
        (gzip.compress(bytes(64 << 20)), 413),
        (bz2.compress(bytes(64 << 20)), 413),
        (bytes(8 << 20), 413),
    ],
)
def test_what_is_no_archive_or_too_large_is_refused(body: bytes, status: int) -> None:
    with pytest.raises(DockerError) as refused:
        read_archive(body)
    assert refused.value.status == status


@pytest.mark.parametrize(
    ("file", "mode", "target"),
    [
        (FILES[0][1], 0x80000000 | 0o777, ""),
        (FILES[1][1], 0o666, ""),
        (FILES[2][1], 0o444, ""),
        (FILES[3][1], 0x08000000 | 0o777, "\\app\\x"),
    ],
)
def test_a_header_says_what_a_path_leads_to(file: File, mode: int, target: str) -> None:
    shown = json.loads(base64.b64decode(path_stat(file, "it")))
    assert shown == {
        "name": "it",
        "size": len(file.content),
        "mode": mode,
        "mtime": "2030-03-17T17:46:40Z",
        "linkTarget": target,
    }
