"""Files of containers. Source: moby v28.5.2 daemon/archive_windows.go [C]."""

import pytest

from hnsemu.docker.domain.files import (
    LARGEST,
    MOST,
    Entry,
    File,
    Files,
    Kind,
    archived,
    extract,
    found,
    leads_to,
    read_path,
    shown_name,
)
from hnsemu.docker.errors import DockerError

NOW = 7


def file(path: str, content: bytes = b"1", kind: Kind = Kind.FILE) -> File:
    return File(path, kind, content if kind is Kind.FILE else b"", key=1)


def put(files: Files, folder: str, *entries: Entry, keeps_kinds: bool = True) -> Files:
    extract(files, folder, entries, NOW, keeps_kinds=keeps_kinds)
    return files


def entry(name: str, content: bytes = b"1", kind: Kind = Kind.FILE) -> Entry:
    return Entry(name, kind, content)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/", "\\"),
        ("C:\\", "\\"),
        ("c:/App/x.txt", "\\App\\x.txt"),
        ("app", "\\app"),
        ("\\\\server\\share", "\\server\\share"),
        ("/a/./b/../c/", "\\a\\c"),
        ("/../../x", "\\x"),
        (".", "\\"),
    ],
)
def test_a_path_is_read_from_the_root_on(text: str, path: str) -> None:
    assert read_path(text) == path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("d:\\x", "the specified path is not on the system drive (C:)"),
        ("C:", 'no relative path specified in "C:"'),
    ],
)
def test_other_drives_are_refused(text: str, message: str) -> None:
    with pytest.raises(DockerError) as refused:
        read_path(text)
    assert (refused.value.status, refused.value.message) == (500, message)


@pytest.mark.parametrize(
    ("text", "name"), [("/", "/"), ("/a/b/", "b"), ("C:\\a\\b.txt", "b.txt"), ("/a/.", ".")]
)
def test_archives_name_the_last_part(text: str, name: str) -> None:
    assert shown_name(text) == name


def test_what_is_put_is_found_in_any_case_and_its_folders_are_made() -> None:
    files = put(Files([]), "/", entry("App/conf/Web.config", b"<xml/>"))
    assert found(files, "c:\\app\\CONF\\web.config", "web").content == b"<xml/>"
    assert [one.path for one in files.kept()] == [
        "\\App",
        "\\App\\conf",
        "\\App\\conf\\Web.config",
    ]
    with pytest.raises(DockerError) as missing:
        found(files, "/app/none", "web")
    message = "Could not find the file /app/none in container web"
    assert (missing.value.status, missing.value.message) == (404, message)


def test_the_folders_of_windows_are_there_and_not_kept() -> None:
    files = Files([], ["\\srv"], made=3)
    assert found(files, "C:\\Windows\\System32", "web").kind is Kind.FOLDER
    assert found(files, "/srv", "web").modified == 3
    assert put(files, "/srv", entry("x")).kept() == [File("\\srv\\x", Kind.FILE, b"1")]


def test_a_file_that_is_put_again_is_another_one_and_the_rest_stays() -> None:
    old = [file("\\a"), file("\\b")]
    kept = put(Files(old), "/", entry("A", b"2")).kept()
    assert [(one.path, one.content, one.key) for one in kept] == [
        ("\\A", b"2", 0),
        ("\\b", b"1", 1),
    ]


@pytest.mark.parametrize(
    ("name", "kind", "keeps", "status", "message"),
    [
        ("d", Kind.FILE, True, 500, 'cannot overwrite directory "\\d" with non-directory "\\"'),
        ("f", Kind.FOLDER, True, 500, 'cannot overwrite non-directory "\\f" with directory "\\"'),
        ("Windows", Kind.FILE, False, 500, "unlinkat \\Windows: Access is denied."),
        ("../x", Kind.FILE, True, 500, '"../x" is outside of "\\"'),
        ("f/x", Kind.FILE, True, 400, "extraction point is not a directory"),
        (
            "C:\\x",
            Kind.FILE,
            True,
            500,
            "open \\C:\\x: The filename, directory name, or volume label syntax is incorrect.",
        ),
        (
            "a\0b",
            Kind.FILE,
            True,
            500,
            "open \\a\0b: The filename, directory name, or volume label syntax is incorrect.",
        ),
    ],
)
def test_what_windows_cannot_have_is_refused(
    name: str, kind: Kind, *, keeps: bool, status: int, message: str
) -> None:
    files = Files([file("\\d", kind=Kind.FOLDER), file("\\f")])
    with pytest.raises(DockerError) as refused:
        put(files, "/", entry(name, kind=kind), keeps_kinds=keeps)
    assert (refused.value.status, refused.value.message) == (status, message)


def test_a_folder_takes_the_place_of_a_file_and_a_file_that_of_a_folder() -> None:
    files = Files([file("\\d", kind=Kind.FOLDER), file("\\d\\x"), file("\\f")])
    put(files, "/", entry("d"), entry("f", kind=Kind.FOLDER), keeps_kinds=False)
    assert {one.path: one.kind for one in files.kept()} == {"\\d": Kind.FILE, "\\f": Kind.FOLDER}


@pytest.mark.parametrize(
    "entries",
    [
        [entry("x", b"1" * (LARGEST + 1))],
        [entry(f"x{number}", b"") for number in range(MOST + 1)],
    ],
    ids=["bytes", "files"],
)
def test_a_container_has_only_so_much(entries: list[Entry]) -> None:
    with pytest.raises(DockerError) as refused:
        put(Files([]), "/", *entries)
    message = "hnsemu keeps at most 1 MiB in 1000 files of a container"
    assert (refused.value.status, refused.value.message) == (413, message)


def test_a_path_that_is_too_long_and_a_target_that_is_no_text_are_refused() -> None:
    for bad in (entry("x" * 1100), Entry("x", Kind.LINK, target="a\0b")):
        with pytest.raises(DockerError) as refused:
            put(Files([]), "/", bad)
        assert refused.value.status == 500


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/app", ["app", "app/sub", "app/sub/x"]),
        ("/app/.", [".", "./sub", "./sub/x"]),
        ("/app/sub/x", ["x"]),
    ],
)
def test_an_archive_has_what_is_in_a_folder(path: str, names: list[str]) -> None:
    files = put(Files([file("\\apple")]), "/app/sub", entry("x"))
    shown = archived(files, path, found(files, path, "web"))
    assert [name for name, _ in shown] == names
    everything = [name for name, _ in archived(files, "/", found(files, "/", "web"))]
    assert {"/", "/app/sub/x", "/apple", "/Windows/System32"} <= set(everything)


@pytest.mark.parametrize(
    ("target", "path"), [("x", "\\app\\x"), ("../y", "\\y"), ("/z", "\\z"), ("C:\\z", "C:\\z")]
)
def test_a_link_leads_to_a_path(target: str, path: str) -> None:
    assert leads_to(File("\\app\\link", Kind.LINK, target=target)) == path
    assert leads_to(file("\\app\\x")) == ""


def test_a_hard_link_is_another_file_of_the_same_content() -> None:
    link = Entry("b", Kind.FILE, target="a", is_hard_link=True)
    files = put(Files([]), "/d", entry("a", b"same"), link)
    assert found(files, "/d/b", "web").content == b"same"
    with pytest.raises(DockerError, match="cannot find the file"):
        put(Files([]), "/d", link)
