"""Filters are read in both spellings, and decide what passes."""

import pytest

from hnsemu.docker.domain.filters import Filters, has_label, read_filters
from hnsemu.docker.errors import DockerError


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ('{"name":{"a":true,"b":true}}', {"name": ("a", "b")}),
        ('{"name":["a","b"]}', {"name": ("a", "b")}),
        ('{"name":{"a":false}}', {"name": ()}),
        ("{}", {}),
    ],
)
def test_both_spellings_are_read(text: str, values: dict[str, tuple[str, ...]]) -> None:
    assert read_filters(text).values == values


@pytest.mark.parametrize("text", ["{", "[]", '"name"', '{"name":"a"}', '{"name":[1]}', "null"])
def test_another_document_is_no_filter(text: str) -> None:
    with pytest.raises(DockerError, match="invalid filter"):
        read_filters(text)


def test_an_unknown_filter_is_refused_by_name() -> None:
    with pytest.raises(DockerError, match="invalid filter 'bogus'"):
        Filters({"name": ("a",), "bogus": ("1",)}).check({"name"})


@pytest.mark.parametrize(
    ("how", "wanted", "found", "passes"),
    [
        ("exact", (), "nat", True),
        ("exact", ("nat",), "nat", True),
        ("exact", ("na",), "nat", False),
        ("matches", ("^n.t$",), "nat", True),
        ("matches", ("at",), "nat", True),
        ("matches", ("^at",), "nat", False),
        ("beginning", ("na",), "nat", True),
        ("beginning", ("at",), "nat", False),
    ],
)
def test_a_value_passes(how: str, wanted: tuple[str, ...], found: str, *, passes: bool) -> None:
    filters = Filters({"key": wanted} if wanted else {})
    assert getattr(filters, how)("key", found) is passes
    assert filters.is_given("key") is bool(wanted)


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [(("a",), True), (("a=1",), True), (("a=2",), False), (("a", "c"), False), (("b=",), True)],
)
def test_all_labels_must_be_there(wanted: tuple[str, ...], *, passes: bool) -> None:
    assert Filters({"label": wanted}).labels({"a": "1", "b": ""}) is passes


def test_labels_that_must_not_be_there_are_all_there_before_they_count() -> None:
    assert Filters({}).without_labels({"a": "1"})
    assert not Filters({"label!": ("a",)}).without_labels({"a": "1"})
    assert Filters({"label!": ("a", "b")}).without_labels({"a": "1"})


@pytest.mark.parametrize(("values", "flag"), [((), False), (("1",), True), (("false",), False)])
def test_a_flag_says_yes_or_no(values: tuple[str, ...], *, flag: bool) -> None:
    assert Filters({"dangling": values}).flag("dangling") is flag


@pytest.mark.parametrize("values", [("x",), ("1", "0")])
def test_a_flag_says_one_of_them(values: tuple[str, ...]) -> None:
    with pytest.raises(DockerError, match="invalid filter 'dangling="):
        Filters({"dangling": values}).flag("dangling")


def test_a_label_may_have_an_equals_sign_in_its_value() -> None:
    assert has_label({"a": "b=c"}, "a=b=c")
