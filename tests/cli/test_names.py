"""Names with control characters are shown as text wherever a person reads them."""

import json
import uuid

import httpx
import pytest
import typer
import yaml

from hnsemu.cli import completion
from hnsemu.cli.app import cli
from tests.cli.conftest import NETWORK, SCHEMA, Hnsemu
from tests.waiting import PATIENCE

EVIL = "web\x1b[2J\n\x9b1mforged  \u202erow"
SHOWN = r"web\x1b[2J\n\x9b1mforged  \u202erow"
ACL = {
    "Type": "ACL",
    "Settings": {"Action": "Block", "Direction": "In", "Priority": 100, "Protocols": "6"},
}


@pytest.fixture(scope="module")
def evil_host(server_url: str) -> str:
    """Return the name of a host whose network and attached endpoint have hostile names."""
    name = f"evil-{uuid.uuid4().hex}"
    with httpx.Client(base_url=server_url, timeout=PATIENCE) as http:
        http.put(f"/emulator/hosts/{name}").raise_for_status()
        prefix = f"/hosts/{name}/v2"
        network = http.post(f"{prefix}/networks", json={**NETWORK, "Name": EVIL}).json()["ID"]
        for pod, policies in ((EVIL, [ACL]), ("peer", [])):
            request = {"Name": pod, "Policies": policies, "SchemaVersion": SCHEMA}
            endpoint = http.post(f"{prefix}/networks/{network}/endpoints", json=request).json()
            namespace = http.post(f"{prefix}/namespaces", json={"SchemaVersion": SCHEMA}).json()
            change = {
                "ResourceType": "Endpoint",
                "RequestType": "Add",
                "Settings": {"EndpointId": endpoint["ID"]},
            }
            http.patch(f"{prefix}/namespaces/{namespace['ID']}", json=change).raise_for_status()
    return name


def address_of(hnsemu: Hnsemu, host: str, name: str) -> str:
    endpoints = json.loads(hnsemu("endpoints", "list", "-o", "json", HNSEMU_ON=host).stdout)
    (address,) = [
        endpoint["IpConfigurations"][0]["IpAddress"]
        for endpoint in endpoints
        if endpoint["Name"] == name
    ]
    return str(address)


def is_text(printed: str) -> bool:
    """Tell whether a print holds nothing but lines of characters that print."""
    return all(line.isprintable() for line in printed.split("\n"))


@pytest.mark.parametrize(
    "words",
    [
        ("networks", "list"),
        ("endpoints", "list"),
        ("hnsdiag", "list", "all"),
        ("reachability", "--port", "80"),
    ],
)
def test_lists_show_names_as_text(words: tuple[str, ...], hnsemu: Hnsemu, evil_host: str) -> None:
    printed = hnsemu(*words, HNSEMU_ON=evil_host)
    assert printed.exit_code == 0
    assert SHOWN in printed.stdout
    assert is_text(printed.stdout)


def test_a_trace_shows_names_as_text(hnsemu: Hnsemu, evil_host: str) -> None:
    on = {"HNSEMU_ON": evil_host}
    to = f"{address_of(hnsemu, evil_host, EVIL)}:80"
    printed = hnsemu("trace", to, "--from", "peer", **on).stdout
    assert SHOWN in printed
    assert is_text(printed)


def test_vfpctrl_shows_names_as_text(hnsemu: Hnsemu, evil_host: str) -> None:
    printed = hnsemu("vfpctrl", "/list-vmswitch-port", HNSEMU_ON=evil_host).stdout
    assert f"NIC Friendly name     : {SHOWN}\n" in printed
    assert is_text(printed)
    as_json = hnsemu("vfpctrl", "/list-vmswitch-port", "/format", "1", HNSEMU_ON=evil_host).stdout
    assert is_text(as_json)
    assert EVIL in [port["NicFriendlyName"] for port in json.loads(as_json)]


def test_error_messages_show_names_as_text(hnsemu: Hnsemu, evil_host: str) -> None:
    on = {"HNSEMU_ON": evil_host}
    unknown = hnsemu("endpoints", "show", "peer\x1b[2J", **on)
    assert (unknown.exit_code, is_text(unknown.stderr)) == (5, True)
    refused = hnsemu("hosts", "create", "a\x1b[2Jb\nc")
    assert refused.exit_code == 4
    assert refused.stderr.count("\n") == 1
    assert is_text(refused.stderr)


def test_programs_get_names_as_they_are(hnsemu: Hnsemu, evil_host: str) -> None:
    for shape, read in (("json", json.loads), ("yaml", yaml.safe_load)):
        printed = hnsemu("endpoints", "list", "-o", shape, HNSEMU_ON=evil_host).stdout
        assert is_text(printed)
        assert EVIL in [endpoint["Name"] for endpoint in read(printed)]


@pytest.mark.parametrize(
    "name", [EVIL, "a;reboot", "a|b", "$(reboot)", "a&b", "-rf", "~root", "a*", "a b", "", "!!"]
)
def test_completion_offers_the_id_of_what_a_shell_would_obey(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert offered(name, monkeypatch) == ["id-1"]


@pytest.mark.parametrize("name", ["web", "pod-1_a.b", "10.0.0.0/24", "naïve"])
def test_completion_offers_names_that_are_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert offered(name, monkeypatch) == [name]


def offered(name: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is completed for an object of that name."""
    found = [{"Name": name, "ID": "id-1"}]
    monkeypatch.setattr(completion, "_fetch", lambda _context, _path: found)
    context = typer.Context(typer.main.get_command(cli))
    return completion.names_of("/v2/endpoints")(context, "")
