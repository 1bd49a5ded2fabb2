"""Files that clients put into containers: what dockerd on Windows says of their paths and changes.

Nothing runs in a container and an image is a name, so these are the only files; some folders are
there from the beginning, and others are made where something is put into them.
Source: moby v28.5.2 daemon/archive_windows.go, go-archive v0.1.0 archive.go [C].
"""

import ntpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from hnsemu.docker.errors import BAD_REQUEST, FAILED, NOT_FOUND, DockerError
from hnsemu.domain.storable import is_storable

LARGEST = 1 << 20
"""Bytes that the files of one container have together, at most."""

MOST = 1000
"""Files and folders of one container, at most."""

LONGEST = 1024
"""Characters of a path, at most."""

TOO_LARGE = 413

ROOT = "\\"
_ALWAYS = (
    ROOT,
    r"\inetpub",
    r"\inetpub\wwwroot",
    r"\Program Files",
    r"\ProgramData",
    r"\Users",
    r"\Users\ContainerAdministrator",
    r"\Users\ContainerUser",
    r"\Users\Public",
    r"\Windows",
    r"\Windows\System32",
    r"\Windows\Temp",
)
_FORBIDDEN = frozenset('<>:"|?*')
_BAD_NAME = "The filename, directory name, or volume label syntax is incorrect."


class Kind(StrEnum):
    """What a path leads to."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class File:
    r"""A file, folder or symbolic link of a container.

    path:     from the root on, such as \app\web.config, without a drive.
    modified: FILETIME. target: where a link leads, as it was written.
    """

    path: str
    kind: Kind
    content: bytes = b""
    modified: int = 0
    is_read_only: bool = False
    target: str = ""
    key: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """What an archive has under a name, which is relative to where it is extracted.

    target: of a link; of a hard link, the name of another entry.
    """

    name: str
    kind: Kind
    content: bytes = b""
    modified: int = 0
    is_read_only: bool = False
    target: str = ""
    is_hard_link: bool = False


class Files(Mapping[str, File]):
    """The files of a container by their paths, whose case does not count."""

    def __init__(self, files: Iterable[File], folders: Iterable[str] = (), made: int = 0) -> None:
        """Take the files that were put there, and the folders that are there anyway.

        made: when those came to be, FILETIME.
        """
        self._given = {
            path.lower(): File(path, Kind.FOLDER, modified=made) for path in (*_ALWAYS, *folders)
        }
        self._files = self._given | {file.path.lower(): file for file in files}

    def __getitem__(self, path: str) -> File:
        """Return the file of a path."""
        return self._files[path.lower()]

    def __iter__(self) -> Iterator[str]:
        """Yield the paths, folders before what is in them."""
        return iter(sorted(self._files))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._files)

    def put(self, file: File) -> None:
        """Let a path lead to a file."""
        self._files[file.path.lower()] = file

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all that is in it.

        Raises: DockerError 500 for a folder that is there anyway.
        """
        if path.lower() in self._given:
            raise DockerError(FAILED, f"unlinkat {path}: Access is denied.")
        for known in [one for one in self._files if is_in(one, path)]:
            del self._files[known]

    def kept(self) -> list[File]:
        """Return what is to be kept: all but the folders that are there anyway."""
        return [self[path] for path in self if path not in self._given]


def is_in(path: str, folder: str) -> bool:
    """Tell whether a path is a folder, or in it."""
    inner, outer = path.lower(), folder.lower().rstrip("\\")
    return inner == outer or inner.startswith(f"{outer}\\") or outer == ""


def read_path(text: str) -> str:
    """Return a client's path from the root on, without a drive and an end.

    Raises: DockerError 500 for another drive.
    """
    if len(text) == len("c:") and text[1] == ":":
        raise DockerError(FAILED, f'no relative path specified in "{text}"')
    path = text.replace("/", "\\")
    if path[1:3] == ":\\":
        if path[0].lower() != "c":
            raise DockerError(FAILED, "the specified path is not on the system drive (C:)")
        path = path[2:]
    return _joined(ROOT, path)


def shown_name(text: str) -> str:
    """Return the last part of a client's path, as archives and headers name it."""
    if text.replace("/", "\\").endswith("\\."):
        return "."
    return ntpath.basename(read_path(text)) or "/"


def found(files: Files, text: str, container: str) -> File:
    """Return what a client's path leads to.

    container: as the client named it.
    Raises: DockerError 404, 500.
    """
    file = files.get(read_path(text))
    if file is None:
        raise missing(text, container)
    return file


def missing(text: str, container: str) -> DockerError:
    """Return the refusal of a path that leads nowhere."""
    return DockerError(NOT_FOUND, f"Could not find the file {text} in container {container}")


def extract(
    files: Files, text: str, entries: Sequence[Entry], now: int, *, keeps_kinds: bool
) -> None:
    """Put the entries of an archive into the folder that a client's path means.

    A folder that is not there is made: an image might have it.
    keeps_kinds: whether no folder takes the place of a file, and no file that of a folder.
    Raises: DockerError 400 for a path that is no folder, 413 for too much, 500 for an entry that
            Windows cannot have.
    """
    folder = read_path(text)
    _make_folders(files, folder, now)
    for entry in entries:
        _extract(files, folder, entry, now, keeps_kinds=keeps_kinds)
    check_amount(files.kept())


def check_amount(files: Sequence[File]) -> None:
    """Refuse more than a container may have.

    Raises: DockerError 413.
    """
    if len(files) > MOST or sum(len(file.content) for file in files) > LARGEST:
        raise too_large()


def too_large() -> DockerError:
    """Return the refusal of more than a container may have."""
    text = f"hnsemu keeps at most {LARGEST >> 20} MiB in {MOST} files of a container"
    return DockerError(TOO_LARGE, text)


def archived(files: Files, text: str, file: File) -> list[tuple[str, File]]:
    """Return what an archive of a client's path has: names and files, folders first."""
    name = shown_name(text)
    if file.kind is not Kind.FOLDER:
        return [(name, file)]
    start = len(file.path.rstrip("\\"))
    inner = [files[path] for path in files if is_in(path, file.path)]
    prefix = name.rstrip("/")
    return [
        (name if one.path == file.path else prefix + one.path[start:].replace("\\", "/"), one)
        for one in inner
    ]


def _make_folders(files: Files, folder: str, now: int) -> None:
    """Make a folder and those above it.

    Raises: DockerError 400 where one of them is no folder, 500 for a name that Windows cannot have.
    """
    path = ""
    for part in folder.strip("\\").split("\\"):
        path = f"{path}\\{part}"
        known = files.get(path)
        if known is not None and known.kind is not Kind.FOLDER:
            raise DockerError(BAD_REQUEST, "extraction point is not a directory")
        if known is None:
            _check_name(path)
            files.put(File(path, Kind.FOLDER, modified=now))


def _extract(files: Files, folder: str, entry: Entry, now: int, *, keeps_kinds: bool) -> None:
    name = entry.name.replace("/", "\\")
    path = _joined(folder, name)
    if not is_in(path, folder) or ".." in name.split("\\"):
        raise DockerError(FAILED, f'"{entry.name}" is outside of "{folder}"')
    _check_name(path)
    _check_target(entry.target)
    known = files.get(path)
    if known is not None:
        was_folder, is_folder = known.kind is Kind.FOLDER, entry.kind is Kind.FOLDER
        if was_folder and is_folder:
            return
        if keeps_kinds and was_folder:
            text = f'cannot overwrite directory "{path}" with non-directory "{folder}"'
            raise DockerError(FAILED, text)
        if keeps_kinds and is_folder:
            text = f'cannot overwrite non-directory "{path}" with directory "{folder}"'
            raise DockerError(FAILED, text)
        files.remove(path)
    _make_folders(files, ntpath.dirname(path), now)
    file = File(path, entry.kind, entry.content, entry.modified, entry.is_read_only, entry.target)
    files.put(_of_hard_link(files, folder, entry, file) if entry.is_hard_link else file)


def _of_hard_link(files: Files, folder: str, entry: Entry, file: File) -> File:
    """Return the file that a hard link is, with the content of the other."""
    other = files.get(read_path(f"{folder}\\{entry.target}"))
    if other is None or other.kind is not Kind.FILE:
        text = f"link {entry.target} {entry.name}: The system cannot find the file specified."
        raise DockerError(FAILED, text)
    return replace(file, content=other.content, is_read_only=other.is_read_only, target="")


def leads_to(file: File) -> str:
    """Return the path that a link leads to, "" for anything else."""
    if not file.target or ":" in file.target:
        return file.target
    target = file.target.replace("/", "\\")
    return read_path(target if target[:1] == ROOT else _joined(ntpath.dirname(file.path), target))


def _joined(folder: str, name: str) -> str:
    r"""Return a path below a folder; one backslash begins it, for two would name a server."""
    return ntpath.normpath(f"{folder.rstrip(ROOT)}\\{name.lstrip(ROOT)}")


def _check_target(target: str) -> None:
    if len(target) > LONGEST or not is_storable(target):
        raise DockerError(FAILED, f"symlink: {_BAD_NAME}")


def _check_name(path: str) -> None:
    if len(path) > LONGEST:
        raise DockerError(FAILED, f"open {path[:LONGEST]}: The filename or extension is too long.")
    if _FORBIDDEN & set(path) or any(ord(character) < ord(" ") for character in path):
        raise DockerError(FAILED, f"open {path}: {_BAD_NAME}")
