"""Settings come from options, variables and hnsemu.yaml, in this order."""

from pathlib import Path

import pytest

from hnsemu.config import Settings, config_file, origins, read_file, unknown_members


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, without variables of ours."""
    monkeypatch.chdir(tmp_path)
    for name in ("HNSEMU_PORT", "HNSEMU_CONFIG", "HNSEMU_SEED"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_without_anything_the_defaults_hold() -> None:
    assert Settings().port == 8420
    assert origins(read_file(config_file()))["port"] == "default"


def test_the_file_is_read(here: Path) -> None:
    (here / "hnsemu.yaml").write_text("port: 9000\nstrict: true\n")
    assert (Settings().port, Settings().strict) == (9000, True)
    assert origins(read_file(config_file()))["port"] == "file"


def test_variables_win_over_the_file_and_options_over_both(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "hnsemu.yaml").write_text("port: 9000\n")
    monkeypatch.setenv("HNSEMU_PORT", "9001")
    assert Settings().port == 9001
    assert origins(read_file(config_file()))["port"] == "variable"
    assert Settings(port=9002).port == 9002


def test_another_file_may_be_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "other.yaml").write_text("port: 9003\n")
    monkeypatch.setenv("HNSEMU_CONFIG", "other.yaml")
    assert Settings().port == 9003


def test_typing_errors_are_found() -> None:
    assert unknown_members({"port": 1, "prot": 2}) == ["prot"]


@pytest.mark.parametrize("text", ["- a list", "just a text", "a: [unclosed"])
def test_a_file_that_says_nothing_useful_is_refused(text: str, here: Path) -> None:
    (here / "hnsemu.yaml").write_text(text)
    with pytest.raises(ValueError, match=r"hnsemu\.yaml"):
        read_file(config_file())
