"""Settings come from options, variables and hnsemu.yaml: the first of them that has a value."""

from pathlib import Path

import pytest

from hnsemu.config import (
    Settings,
    config_file,
    origins,
    read_file,
    unknown_setting,
    unknown_variables,
)
from hnsemu.domain.releases import NEWEST


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, without our variables."""
    monkeypatch.chdir(tmp_path)
    for name in ("HNSEMU_PORT", "HNSEMU_CONFIG", "HNSEMU_SEED"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_defaults_apply_to_what_is_not_set() -> None:
    assert Settings().port == 8420
    assert Settings().release == NEWEST.name
    assert origins(read_file(config_file()))["port"] == "default"


def test_the_file_is_read(here: Path) -> None:
    (here / "hnsemu.yaml").write_text("port: 9000\nstrict: true\n")
    assert (Settings().port, Settings().strict) == (9000, True)
    assert origins(read_file(config_file()))["port"] == "file"


def test_variables_override_the_file_and_options_override_both(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "hnsemu.yaml").write_text("port: 9000\n")
    monkeypatch.setenv("HNSEMU_PORT", "9001")
    assert Settings().port == 9001
    assert origins(read_file(config_file()))["port"] == "variable"
    assert Settings(port=9002).port == 9002


def test_a_variable_names_another_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "other.yaml").write_text("port: 9003\n")
    monkeypatch.setenv("HNSEMU_CONFIG", "other.yaml")
    assert Settings().port == 9003


def test_typing_errors_are_found() -> None:
    variables = {"HNSEMU_PORT": "1", "HNSEMU_PROT": "2", "HNSEMU_URL": "", "HNSEMU_TEST_X": ""}
    assert unknown_variables(variables) == ["HNSEMU_PROT"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("prot", "'port'"),
        ("tls_cert", "'tls_certificate'"),
        ("log-level", "'log_level'"),
        ("PORT", "'port'"),
        ("HNSEMU_PROT", "'HNSEMU_PORT'"),
    ],
)
def test_a_typing_error_gets_the_nearest_setting_as_a_hint(name: str, meant: str) -> None:
    assert unknown_setting(name) == f"unknown setting {name!r}; did you mean {meant}?"


def test_what_is_near_no_setting_gets_no_guess() -> None:
    assert "did you mean" not in unknown_setting("xyzzy")


def test_a_typing_error_in_the_file_is_an_error(here: Path) -> None:
    (here / "hnsemu.yaml").write_text("port: 9000\nprot: 1\n")
    with pytest.raises(ValueError, match=r"hnsemu\.yaml: unknown setting 'prot'.*'port'"):
        read_file(config_file())


@pytest.mark.parametrize("text", ["- a list", "just a text", "a: [unclosed"])
def test_a_file_that_is_not_a_mapping_is_refused(text: str, here: Path) -> None:
    (here / "hnsemu.yaml").write_text(text)
    with pytest.raises(ValueError, match=r"hnsemu\.yaml"):
        read_file(config_file())
