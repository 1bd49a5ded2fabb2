"""Faults that were seen on real hosts."""

import re

import pytest

from hnsemu.domain.fault_presets import (
    LANGUAGES,
    PRESETS,
    localised,
    localised_message,
    preset_named,
    result_of,
    with_preset,
)
from hnsemu.domain.faults import Effect, FaultMatch, FaultRule
from hnsemu.errors import HnsError, Hr


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_does_something_and_says_who_saw_it(name: str) -> None:
    preset = preset_named(name)
    assert preset.rule.effect != Effect()
    assert re.search(r"\[[OCDIM]\]", preset.source)


def test_an_unknown_preset_is_refused_with_those_there_are() -> None:
    with pytest.raises(HnsError, match=r"access-denied.*slow"):
        preset_named("never")


def test_what_a_tester_gives_wins_over_the_preset() -> None:
    given = FaultRule(FaultMatch(operation="HcnDelete*", name="a"), Effect(), seed=3)
    rule = with_preset(given, "create-after-delete")
    assert rule.match.operation == "HcnDelete*"
    assert rule.match.name == "a"
    assert rule.match.follows == PRESETS["create-after-delete"].rule.match.follows
    assert (rule.effect.hresult, rule.seed, rule.preset) == (0x80004005, 3, "create-after-delete")
    assert with_preset(given, "late-management-ip").times == 5


def test_a_result_has_its_own_text_unless_another_is_given() -> None:
    assert result_of(0x80070005) is Hr.E_ACCESSDENIED
    assert result_of(0x80070005, "No.").message == "No. "
    assert result_of(0x80070005, "No.").status == Hr.E_ACCESSDENIED.status
    assert result_of(0x800706BE).message == "The remote procedure call failed. "
    assert result_of(0x80999999).text == "Unknown error"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_a_text_for_every_result(language: str) -> None:
    assert localised(language, 0x80070005) != localised(language, 1) != ""


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "hnsCall failed in Win32: Gone. (0x5)",
            "hnsCall failed in Win32: Zugriff verweigert. (0x5)",
        ),
        (
            "hnsCall failed in Win32: Gone. (0x803b0001)",
            "hnsCall failed in Win32: Das Netzwerk wurde nicht gefunden. (0x803b0001)",
        ),
        (
            "hns failed with error : Access is denied. ",
            "hns failed with error : Zugriff verweigert. ",
        ),
        (
            "HNS failed with error : No. ",
            "HNS failed with error : Der Vorgang ist fehlgeschlagen. ",  # codespell:ignore
        ),
        ("network with name blue already exists", "network with name blue already exists"),
    ],
)
def test_only_what_dockerd_quotes_of_windows_is_told_in_a_language(message: str, told: str) -> None:
    assert localised_message("de", message) == told
