"""Which tests `make quick` runs for what changed."""

import grimp
import pytest

from tools.quick import nearest_tests


@pytest.fixture
def graph() -> grimp.ImportGraph:
    """Return imports: test_ipam → ipam → drawing, test_creation → creation → ipam."""
    graph = grimp.ImportGraph()
    for importer, imported in [
        ("tests.domain.test_ipam", "hnsemu.domain.ipam"),
        ("hnsemu.domain.ipam", "hnsemu.domain.drawing"),
        ("hnsemu.services.creation", "hnsemu.domain.ipam"),
        ("tests.services.test_creation", "hnsemu.services.creation"),
        ("tests.services.test_creation", "tests.racing"),
        ("tests.api.test_bad_input", "hnsemu.errors"),
        ("tests.test_errors", "hnsemu.errors"),
        ("tests.e2e.test_serving", "hnsemu.services.creation"),
        ("hnsemu.storage.alone", "hnsemu.errors"),
    ]:
        graph.add_import(importer=importer, imported=imported)
    return graph


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("app/hnsemu/domain/ipam.py", ["tests/domain/test_ipam.py"], id="importers"),
        pytest.param("app/hnsemu/domain/drawing.py", ["tests/domain/test_ipam.py"], id="theirs"),
        pytest.param(
            "app/hnsemu/services/creation.py",
            ["tests/services/test_creation.py"],
            id="no real servers",
        ),
        pytest.param("tests/e2e/test_serving.py", ["tests/e2e/test_serving.py"], id="but changed"),
        pytest.param("tests/racing.py", ["tests/services/test_creation.py"], id="helper"),
        pytest.param("tests/api/test_new.py", ["tests/api/test_new.py"], id="test itself"),
        pytest.param(
            "app/hnsemu/errors.py",
            ["tests/test_errors.py", "tests/api/test_bad_input.py"],
            id="the one of its name first",
        ),
        pytest.param("app/hnsemu/storage/alone.py", [], id="no test imports it"),
        pytest.param("app/hnsemu/unknown.py", [], id="not in the graph"),
        pytest.param("Dockerfile", ["tests/test_house.py"], id="no Python"),
    ],
)
def test_a_change_runs_the_nearest_tests(
    graph: grimp.ImportGraph, path: str, expected: list[str]
) -> None:
    assert nearest_tests([path], graph) == expected


def test_the_nearest_tests_run_first(graph: grimp.ImportGraph) -> None:
    paths = ["app/hnsemu/domain/drawing.py", "Dockerfile", "tests/api/test_new.py"]
    assert nearest_tests(paths, graph) == [
        "tests/api/test_new.py",
        "tests/test_house.py",
        "tests/domain/test_ipam.py",
    ]
