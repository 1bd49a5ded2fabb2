"""hosts import, compare and anonymise: a real host comes along in files."""

import json
import uuid
from pathlib import Path

import pytest

from tests.cli.conftest import Hnsemu

NETWORK = {
    "ID": "7d6b8f6f-6c9d-4a42-9e0c-5d64f1d2d0ab",
    "Name": "corp-net",
    "Type": "NAT",
    "Subnets": [{"AddressPrefix": "172.30.0.0/20", "GatewayAddress": "172.30.0.1"}],
    "Version": 55834574851,
}
ENDPOINT = {
    "ID": "0d3f0c1a-52b6-4c07-8b9a-f4e3f2f8d6b5",
    "Name": "web",
    "VirtualNetwork": NETWORK["ID"],
    "IPAddress": "172.30.0.9",
}
LOST = {**ENDPOINT, "ID": str(uuid.uuid4()), "Name": "lost", "VirtualNetwork": str(uuid.uuid4())}


def _files(folder: Path) -> list[str]:
    networks, endpoints = folder / "networks.json", folder / "endpoints.json"
    networks.write_text(json.dumps(NETWORK), encoding="utf-16")
    endpoints.write_text(json.dumps([ENDPOINT, LOST]))
    return [str(networks), str(endpoints)]


def test_a_real_host_is_imported_compared_and_anonymised(hnsemu: Hnsemu, tmp_path: Path) -> None:
    name, files = f"real-{uuid.uuid4().hex[:8]}", _files(tmp_path)
    imported = hnsemu("hosts", "import", *files, "--name", name)
    lines = imported.stdout.splitlines()
    assert lines[0] == f"{name}: ws2022, HNS 13.3, 2 documents taken"
    assert lines[1].startswith("not taken: endpoint lost: there is no network ")
    same = hnsemu("hosts", "compare", files[0], "--host", name)
    assert (same.exit_code, same.stdout) == (0, "")
    found = hnsemu("hosts", "compare", files[1], "--host", name)
    assert (found.exit_code, found.stdout) == (1, "endpoint lost: is not on the host\n")
    other = json.dumps({**ENDPOINT, "IPAddress": "172.30.0.10", "State": 7})
    found = hnsemu("hosts", "compare", "-", "--host", name, "--all", stdin=other)
    assert 'endpoint web: IPAddress: "172.30.0.10" there, "172.30.0.9" here' in found.stdout
    assert "endpoint web: State: 7 there" in found.stdout
    listed = hnsemu("hosts", "compare", "-", "--host", name, "-o", "json", stdin=other).stdout
    assert [difference["member"] for difference in json.loads(listed)] == ["IPAddress"]
    hidden = hnsemu("hosts", "anonymise", files[0], "--key", "k").stdout
    assert "corp" not in hidden
    assert hnsemu("hosts", "anonymise", files[0], "--key", "k").stdout == hidden
    one = hnsemu("hosts", "import", files[0], "--name", f"{name}-1").stdout
    assert one == f"{name}-1: ws2022, HNS 13.3, 1 document taken\n"
    again = hnsemu("hosts", "import", "-", "--name", f"{name}-2", "-o", "json", stdin=hidden)
    assert json.loads(again.stdout)["taken"][0]["name"] == "name-1"


def test_an_import_that_takes_nothing_makes_no_host(hnsemu: Hnsemu) -> None:
    name = f"none-{uuid.uuid4().hex[:8]}"
    refused = hnsemu("hosts", "import", "-", "--name", name, stdin=json.dumps([LOST, LOST]))
    assert (refused.exit_code, refused.stdout) == (4, "")
    assert "no document could be taken, no host was made: endpoint lost: " in refused.stderr
    assert "(and 1 more)" in refused.stderr
    assert hnsemu("hosts", "show", name).exit_code == 5


def test_files_that_cannot_be_read_are_named(hnsemu: Hnsemu, tmp_path: Path) -> None:
    assert hnsemu("hosts", "import", str(tmp_path / "none")).exit_code == 2
    broken = tmp_path / "broken.json"
    broken.write_bytes(b"\xe9\xe9")
    refused = hnsemu("hosts", "import", str(broken))
    assert (refused.exit_code, "neither UTF-8 nor UTF-16" in refused.stderr) == (2, True)
    assert hnsemu("hosts", "import", "-", stdin="{").exit_code == 4


def test_a_cluster_is_imported_from_several_files(hnsemu: Hnsemu, tmp_path: Path) -> None:
    name = f"win-{uuid.uuid4().hex[:8]}"
    nodes, pods, empty = (tmp_path / part for part in ("nodes.yaml", "pods.json", "empty.yaml"))
    nodes.write_text(
        f"kind: Node\nmetadata: {{name: {name}, labels: {{kubernetes.io/os: windows}}}}\n"
        "spec: {podCIDR: 10.77.1.0/24}\n"
        "status: {addresses: [{type: InternalIP, address: 10.66.0.11}]}\n"
    )
    pod = {"kind": "Pod", "metadata": {"name": "web"}, "spec": {"nodeName": name},
           "status": {"podIP": "10.77.1.9"}}  # fmt: skip
    pods.write_text(json.dumps({"kind": "List", "items": [pod]}))
    empty.write_text("apiVersion: v1\nitems: []\nkind: List\n")
    files = [str(file) for file in (nodes, pods, empty)]
    options = ("--network", "overlay", "--policies", "kubernetes", "--no-dsr", "-o", "json")
    imported = hnsemu("hosts", "import", "--from-kubernetes", *files, *options)
    assert imported.exit_code == 0, imported.stderr
    assert [item["name"] for item in json.loads(imported.stdout)["taken"]] == [name, "web"]
    assert "default/web" in hnsemu("endpoints", "list", HNSEMU_ON=name).stdout
    hnsemu("hosts", "delete", name)


YAML = "kind: Namespace\nmetadata: {name: shop}\n"
NODE = "kind: Node\nmetadata: {name: win-1}\nspec: {podCIDR: 5}"
WRONG_FILES = [
    ("--from-kubernetes", [YAML, "---\nkind: Pod\n", YAML], 1, "line 2: metadata.name: is missing"),
    ("--from-kubernetes", [YAML, f"{YAML}---\n{NODE}"], 1, "line 4: Node win-1 spec.podCIDR"),
    ("--from-kubernetes", [YAML.strip(), "\nkind: [", YAML], 1, "the body is not valid YAML"),
    ("--from-kubernetes", ['{"kind": "List",\n"items": [', "{}"], 0, "line 3: the document is not"),
    ("--name=x", [json.dumps(NETWORK), '\n{"ID": ', json.dumps(ENDPOINT)], 1,
     "line 3: the document is not complete JSON"),
]  # fmt: skip


@pytest.mark.parametrize(("option", "texts", "wrong", "sentence"), WRONG_FILES)
def test_the_file_that_is_wrong_is_named_with_its_line(
    hnsemu: Hnsemu, tmp_path: Path, option: str, texts: list[str], wrong: int, sentence: str
) -> None:
    files = [tmp_path / f"{number}.txt" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)
    refused = hnsemu("hosts", "import", option, *map(str, files))
    assert refused.exit_code == 4
    assert refused.stderr.startswith(f"hnsemu: {files[wrong]}: {sentence}")
