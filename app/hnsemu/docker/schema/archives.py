"""Archives of files of containers, as the archive calls carry them.

Bodies come from anybody: at most so many bytes are unpacked, and so many entries read.
"""

import base64
import bz2
import io
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterable

import orjson

from hnsemu.docker.domain.files import LARGEST, MOST, Entry, File, Kind, leads_to, too_large
from hnsemu.docker.domain.times import from_unix, rfc3339, unix
from hnsemu.docker.errors import FAILED, DockerError

_LARGEST_ARCHIVE = 2 * LARGEST + MOST * 2 * tarfile.BLOCKSIZE
_MEMORY = 64 << 20  # bytes that unpacking xz may take
_LATEST = 1 << 33  # seconds since 1970

# Bits of Go's FileMode, and the rights that Windows shows.
_FOLDER_BIT, _LINK_BIT = 1 << 31, 1 << 27
_ALL, _WRITABLE, _READ_ONLY = 0o777, 0o666, 0o444
_ARCHIVED, _ARCHIVED_READ_ONLY = 0o755, 0o555
_MAY_WRITE = 0o200

_KINDS = {
    tarfile.REGTYPE: Kind.FILE,
    tarfile.AREGTYPE: Kind.FILE,
    tarfile.CONTTYPE: Kind.FILE,
    tarfile.LNKTYPE: Kind.FILE,
    tarfile.DIRTYPE: Kind.FOLDER,
    tarfile.SYMTYPE: Kind.LINK,
}
"""What is extracted; others, such as devices, are left out, as on Windows."""

_FAULTS = (
    tarfile.TarError, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, OverflowError,
    RecursionError, LookupError,
)  # fmt: skip


def read_archive(body: bytes) -> list[Entry]:
    """Return the entries of a tar archive, plain or packed by gzip, bzip2 or xz.

    Raises: DockerError 413 for one that is too large, 500 for none.
    """
    try:
        return _entries(_unpacked(body)) if body else []
    except _FAULTS as error:
        raise DockerError(FAILED, "archive/tar: invalid tar header") from error


def archive(files: Iterable[tuple[str, File]]) -> bytes:
    """Return a tar archive of files under names."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, file in files:
            header = tarfile.TarInfo(name)
            header.mtime = unix(file.modified)
            header.mode = _ARCHIVED_READ_ONLY if file.is_read_only else _ARCHIVED
            header.size = len(file.content)
            if file.kind is Kind.FOLDER:
                header.type = tarfile.DIRTYPE
            elif file.kind is Kind.LINK:
                header.type, header.linkname = tarfile.SYMTYPE, file.target
            tar.addfile(header, io.BytesIO(file.content))
    return target.getvalue()


def path_stat(file: File, name: str) -> str:
    """Return the header X-Docker-Container-Path-Stat of a file: JSON in Base64."""
    mode = _READ_ONLY if file.is_read_only else _WRITABLE
    if file.kind is Kind.FOLDER:
        mode = _FOLDER_BIT | _ALL
    elif file.kind is Kind.LINK:
        mode = _LINK_BIT | _ALL
    shown = {
        "name": name,
        "size": len(file.content),
        "mode": mode,
        "mtime": rfc3339(file.modified),
        "linkTarget": leads_to(file),
    }
    return base64.b64encode(orjson.dumps(shown)).decode()


def _entries(data: bytes) -> list[Entry]:
    entries: list[Entry] = []
    size = 0
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:", errors="strict") as tar:
        for count, member in enumerate(tar):
            size += member.size
            if count >= MOST or size > LARGEST or member.size < 0:
                raise too_large()
            kind = _KINDS.get(member.type)
            if kind is not None and member.name not in {"", "."}:
                entries.append(_entry(tar, member, kind))
    return entries


def _entry(tar: tarfile.TarFile, member: tarfile.TarInfo, kind: Kind) -> Entry:
    source = tar.extractfile(member) if member.isreg() else None
    content = source.read() if source is not None else b""
    if len(content) != member.size and member.isreg():
        raise EOFError
    return Entry(
        member.name,
        kind,
        content,
        from_unix(min(max(member.mtime, 0), _LATEST)),
        kind is Kind.FILE and not member.mode & _MAY_WRITE,
        member.linkname if kind is Kind.LINK or member.islnk() else "",
        member.islnk(),
    )


def _unpacked(body: bytes) -> bytes:
    """Return the archive itself.

    Raises: DockerError 413 where it is too large; what unpacking raises.
    """
    unpack = next((unpack for magic, unpack in _PACKED.items() if body.startswith(magic)), None)
    data = body if unpack is None else unpack(body)
    if len(data) > _LARGEST_ARCHIVE:
        raise too_large()
    return data


def _gunzip(body: bytes) -> bytes:
    return zlib.decompressobj(31).decompress(body, _LARGEST_ARCHIVE + 1)


def _bunzip2(body: bytes) -> bytes:
    return bz2.BZ2Decompressor().decompress(body, _LARGEST_ARCHIVE + 1)


def _unxz(body: bytes) -> bytes:
    return lzma.LZMADecompressor(memlimit=_MEMORY).decompress(body, _LARGEST_ARCHIVE + 1)


_PACKED: dict[bytes, Callable[[bytes], bytes]] = {
    b"\x1f\x8b\x08": _gunzip,
    b"BZh": _bunzip2,
    b"\xfd7zXZ\x00": _unxz,
}
