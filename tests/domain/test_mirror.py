"""tests/domain mirrors the domain, and needs nothing that the domain does not."""

from pathlib import Path

import pytest

import hnsemu.domain
from tests.mirror import deciding_modules, other_imports

TESTS = Path(__file__).parent
DOMAIN = Path(hnsemu.domain.__file__).parent
ALLOWED = (
    "hnsemu.domain",
    "hnsemu.errors",
    "hnsemu.host",
    "tests.domain",
    "tests.mirror",
    "tests.work",
)


MODULES = deciding_modules(DOMAIN)
FILES = sorted(file.relative_to(TESTS) for file in TESTS.rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_has_a_file_of_tests_under_its_name(module: Path) -> None:
    assert (TESTS / module.parent / f"test_{module.name}").exists()


@pytest.mark.parametrize("file", FILES, ids=str)
def test_tables_of_values_need_no_database(file: Path) -> None:
    assert other_imports(TESTS / file, ALLOWED) == []
