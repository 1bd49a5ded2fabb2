"""Every function of the DLLs and every path of HNSCall has an operation, an example and a test."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from hnsemu.domain.operations import FUNCTIONS as CALLED
from hnsemu.errors import Hr
from hnsemu.policies.catalogue import CATALOGUE
from tests import contract
from tests.api.calls import AFTER, NEVER_WORKING, REFUSED, WORKING
from tools.fidelity import BEGIN, BEGIN_FAMILIES, BEGIN_SUITES, END, PAGE, written
from tools.surface import COMPUTE_SYSTEMS, FUNCTIONS, HANDLE_ONLY, LAYERS, PATHS, HnsPath

PUBLISHED = {
    each["name"]: each
    for each in json.loads((Path(__file__).parent / "facts" / "hcn-functions.json").read_text())
}
CARRIED = {name: operation for name, operation in FUNCTIONS.items() if operation != HANDLE_ONLY}


@pytest.fixture(scope="module")
def operations() -> dict[str, dict[str, Any]]:
    """Return the operations of the OpenAPI document by name, with `where` they are."""
    document = contract.document()
    return {
        operation["operationId"]: {**operation, "where": f"{method.upper()} {path}"}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_the_table_has_the_published_functions() -> None:
    assert FUNCTIONS.keys() == PUBLISHED.keys()


def test_what_is_published_can_be_expected_and_fail() -> None:
    assert {name for name in PUBLISHED if name.startswith("Hcn")} <= CALLED


@pytest.mark.parametrize("dll", sorted({each["dll"] for each in PUBLISHED.values()}))
def test_a_dll_exports_what_is_published_of_it(dll: str) -> None:
    definition = Path(__file__).parents[1] / "shim" / Path(dll).with_suffix(".def")
    exported = definition.read_text().split("EXPORTS")[1].split()
    published = [name for name, function in PUBLISHED.items() if function["dll"] == dll]
    of_hcs = [*COMPUTE_SYSTEMS, *LAYERS] if dll == "vmcompute.dll" else []
    assert exported == sorted(published + of_hcs)


def test_containers_are_reached_through_operations_there_are(
    operations: dict[str, dict[str, Any]],
) -> None:
    assert {name for name in COMPUTE_SYSTEMS.values() if name} <= operations.keys()


def test_only_handles_need_no_operation() -> None:
    for name in FUNCTIONS.keys() - CARRIED.keys():
        assert name.startswith(("HcnClose", "HcnUnregister", "HcnFree")), name


@pytest.mark.parametrize("name", CARRIED)
def test_a_function_has_operation_example_and_test(
    name: str, operations: dict[str, dict[str, Any]]
) -> None:
    _check(operations, CARRIED[name])


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.method} {path.path}")
def test_a_path_of_hnscall_has_operation_example_and_test(
    path: HnsPath, operations: dict[str, dict[str, Any]]
) -> None:
    _check(operations, path.operation)
    where = operations[path.operation]["where"]
    assert where == f"{path.method} /v1{path.path.rstrip('/')}"


def test_every_operation_of_hnscall_is_in_the_table(
    operations: dict[str, dict[str, Any]],
) -> None:
    served = {name for name, each in operations.items() if " /v1/" in each["where"]}
    assert served == {path.operation for path in PATHS}


def test_the_page_shows_the_tables() -> None:
    page = PAGE.read_text()
    begins = (BEGIN, BEGIN_FAMILIES, BEGIN_SUITES)
    assert [page.count(begin) for begin in begins] == [1, 1, 1]
    assert page.count(END) == len(begins)
    assert page == written(), "run make fidelity"
    assert all(f"| {name} |" in page for name in PUBLISHED)


def _check(operations: dict[str, dict[str, Any]], name: str) -> None:
    """See that the operation exists, shows an example and is called by a test."""
    operation = operations[name]
    assert name in WORKING.keys() | AFTER.keys() | NEVER_WORKING
    assert name in REFUSED
    shown = [operation.get("requestBody", {})]
    shown += [answer for code, answer in operation["responses"].items() if code[0] == "2"]
    contents = [content for each in shown for content in each.get("content", {}).values()]
    if contents and name not in NEVER_WORKING:
        assert any("example" in content for content in contents), f"{name} has no example"


def test_every_policy_type_says_what_it_becomes() -> None:
    table = PAGE.read_text().partition("## Policies in the data plane")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ")]
    said = {(row[0].strip("| "), owner) for row in rows[1:] for owner in row[1].split(", ")}
    assert said == {(row.name, row.owner.lower()) for row in CATALOGUE}


def test_the_dlls_have_the_texts_of_the_catalogue() -> None:
    source = (Path(__file__).parents[1] / "shim" / "messages.c").read_text()
    rows = re.findall(r'\{(0x[0-9A-F]{8}), L"(.+)\\r\\n"\}', source)
    of_hns = {hr for hr in Hr if hr.hresult >> 16 in {0x803B, 0xC037}}
    texts = {hr.hresult: hr.message.removesuffix(" ") for hr in of_hns}
    assert {int(code, 16): text for code, text in rows} == texts
