"""list, show, create, modify, delete: by name and by id, for people and for programs."""

import json
import re
import shlex
from pathlib import Path

import pytest

from hnsemu import __version__
from hnsemu.domain.releases import NEWEST
from tests.cli.conftest import SCHEMA, Hnsemu

FLEET = ("ship-00001", "ship-00002", "ship-00003")


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_an_option(option: str, hnsemu: Hnsemu) -> None:
    answer = hnsemu(option)
    assert (answer.exit_code, answer.stdout) == (0, f"hnsemu {__version__}\n")
    assert hnsemu("version").stdout == f"{__version__}\n"


def test_lists_are_tables_or_documents(hnsemu: Hnsemu) -> None:
    plain = hnsemu("endpoints", "list").stdout.splitlines()
    assert plain[0].split() == ["ID", "NAME", "ADDRESSES", "MAC", "NETWORK", "POLICIES"]
    assert {line.split()[1] for line in plain[1:]} >= {"client", "web"}
    endpoints = json.loads(hnsemu("endpoints", "list", "-o", "json").stdout)
    assert {endpoint["Name"] for endpoint in endpoints} >= {"client", "web"}
    assert "Name: web" in hnsemu("endpoints", "list", "-o", "yaml").stdout


def test_types_that_hns_leaves_out_are_shown(hnsemu: Hnsemu, own_host: str) -> None:
    document = json.dumps({"SchemaVersion": SCHEMA})
    created = hnsemu("namespaces", "create", "-f", "-", stdin=document, HNSEMU_ON=own_host)
    assert created.exit_code == 0
    networks = json.loads(hnsemu("networks", "list", "-o", "json", HNSEMU_ON=own_host).stdout)
    assert ["Type" in network for network in networks] == [False]
    for noun, kinds in (("networks", ["NAT"]), ("namespaces", ["HostDefault", "Host"])):
        heads, *rows = hnsemu(noun, "list", HNSEMU_ON=own_host).stdout.splitlines()
        start = heads.index("TYPE")
        assert [row[start:].split()[0] for row in rows] == kinds


def test_a_filter_selects(hnsemu: Hnsemu) -> None:
    answer = hnsemu("endpoints", "list", "--where", "Name=web", "-o", "json")
    assert [endpoint["Name"] for endpoint in json.loads(answer.stdout)] == ["web"]
    assert hnsemu("endpoints", "list", "--where", "Name").exit_code == 2


def test_an_object_lives_and_dies_by_name(hnsemu: Hnsemu, own_host: str, tmp_path: Path) -> None:
    document = tmp_path / "network.yaml"
    document.write_text(
        "Name: mine\n"
        "Type: L2Bridge\n"
        "Ipams: [{Subnets: [{IpAddressPrefix: 10.9.0.0/24}]}]\n"
        "SchemaVersion: {Major: 2, Minor: 0}\n"
    )
    on = {"HNSEMU_ON": own_host}
    guid = hnsemu("networks", "create", "-f", str(document), **on).stdout.strip()
    assert json.loads(hnsemu("networks", "show", "mine", **on).stdout)["ID"] == guid
    acl = {"Type": "NetworkACL", "Settings": {"Action": "Allow", "Direction": "In"}}
    change = {"ResourceType": "Policy", "RequestType": "Add", "Settings": {"Policies": [acl]}}
    changed = hnsemu("networks", "modify", "mine", "-f", "-", stdin=json.dumps(change), **on)
    assert changed.stderr == ""
    assert json.loads(changed.stdout)["Policies"][0]["Type"] == "NetworkACL"
    assert hnsemu("networks", "delete", "mine", **on).stdout.strip() == guid
    assert hnsemu("networks", "show", guid, **on).exit_code == 5


def test_a_refusal_gives_message_and_hresult(hnsemu: Hnsemu) -> None:
    unknown = {"Type": "Martian", "SchemaVersion": SCHEMA}
    refused = hnsemu("networks", "create", "-f", "-", stdin=json.dumps(unknown))
    assert refused.exit_code == 4
    assert "0x803b" in refused.stderr
    assert refused.stdout == ""


def test_usage_errors_and_a_missing_service_have_exit_codes(hnsemu: Hnsemu) -> None:
    assert hnsemu("networks", "create", "-f", "/nonexistent").exit_code == 2
    unreachable = hnsemu("networks", "list", HNSEMU_URL="http://127.0.0.1:9")
    assert unreachable.exit_code == 3
    assert "hnsemu serve" in unreachable.stderr
    assert hnsemu("networks", "list", HNSEMU_URL="http://a:port").exit_code == 2


def test_an_unknown_name_gets_the_closest_one_as_a_hint(hnsemu: Hnsemu) -> None:
    unknown = hnsemu("endpoints", "show", "cleint")
    assert unknown.exit_code == 5
    assert "did you mean 'client'?" in unknown.stderr
    assert hnsemu("trace", "10.0.0.1", "--from", "cleint") == unknown
    assert "did you mean 'client'?" in hnsemu("endpoints", "show", "CLIENT").stderr


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_may_be_one_of_windows_powershell(
    encoding: str, hnsemu: Hnsemu, own_host: str, tmp_path: Path
) -> None:
    file = tmp_path / "network.json"
    file.write_text('{"Name": "Büro", "Type": "Private"}', encoding=encoding)
    created = hnsemu("networks", "create", "-f", str(file), HNSEMU_ON=own_host)
    assert (created.exit_code, created.stderr) == (0, "")
    assert hnsemu("networks", "show", "Büro", HNSEMU_ON=own_host).exit_code == 0


def test_a_front_of_a_service_that_does_not_answer_names_it(hnsemu: Hnsemu) -> None:
    refused = hnsemu("shards", "render", "east=http://127.0.0.1:9")
    assert (refused.exit_code, "http://127.0.0.1:9" in refused.stderr) == (3, True)
    assert "--url" not in refused.stderr


def test_a_name_of_two_objects_is_not_guessed(hnsemu: Hnsemu, own_host: str) -> None:
    on = {"HNSEMU_ON": own_host}
    (network,) = json.loads(hnsemu("networks", "list", "-o", "json", **on).stdout)
    twin = {"Name": "twin", "HostComputeNetwork": network["ID"], "SchemaVersion": SCHEMA}
    for _ in range(2):
        created = hnsemu("endpoints", "create", "-f", "-", stdin=json.dumps(twin), **on)
        assert created.exit_code == 0, created.stderr
    unclear = hnsemu("endpoints", "show", "twin", **on)
    assert unclear.exit_code == 2
    assert "2 endpoints match 'twin'" in unclear.stderr
    for words in (
        ("trace", "10.0.0.1", "--from", "twin"),
        ("trace", "10.0.0.1", "--from", "endpoint:twin"),
        ("reachability", "--port", "80", "--from", "twin"),
        ("reachability", "--port", "80", "--to", "twin"),
    ):
        assert hnsemu(*words, **on) == unclear


def test_the_first_characters_of_an_id_are_enough(hnsemu: Hnsemu) -> None:
    (web,) = json.loads(hnsemu("endpoints", "list", "--where", "Name=web", "-o", "json").stdout)
    assert json.loads(hnsemu("endpoints", "show", web["ID"][:8]).stdout) == web


def test_a_filter_of_a_member_that_nothing_has_is_told(hnsemu: Hnsemu) -> None:
    for name, said in (
        ("name", "none of the endpoints shows a member 'name'; did you mean Name?"),
        ("xyzzy", "none of the endpoints shows a member 'xyzzy'; they have "),
    ):
        listed = hnsemu("endpoints", "list", "--where", f"{name}=web", "-o", "json")
        assert (listed.exit_code, listed.stdout) == (0, "[]\n")
        assert said in listed.stderr
    for name in ("Name", "VirtualNetworkName", "Owner"):
        listed = hnsemu("endpoints", "list", "--where", f"{name}=nobody", "-o", "json")
        assert (listed.stdout, listed.stderr) == ("[]\n", "")
    assert "shows" not in hnsemu("sdnroutes", "list", "--where", "xyzzy=1").stderr


def test_an_empty_list_is_mentioned_on_stderr_only(hnsemu: Hnsemu) -> None:
    empty = hnsemu("sdnroutes", "list")
    assert (empty.exit_code, empty.stdout, empty.stderr) == (0, "", "no sdnroutes\n")
    assert json.loads(hnsemu("sdnroutes", "list", "-o", "json").stdout) == []


def test_debug_prints_requests_as_curl_commands(hnsemu: Hnsemu, server_url: str) -> None:
    printed = hnsemu("--debug", "endpoints", "list", HNSEMU_TOKEN="not to be seen").stderr
    curl, outcome = printed.splitlines()
    assert curl.startswith(f"curl -X GET '{server_url}/hosts/node/v2/endpoints?limit=")
    assert '"Authorization: Bearer $HNSEMU_TOKEN"' in curl
    assert "not to be seen" not in printed
    assert re.fullmatch(r"# 200 in \d+ ms, request \S+", outcome)
    document = json.dumps({"Type": "it's none", "SchemaVersion": SCHEMA})
    printed = hnsemu("--debug", "networks", "create", "-f", "-", stdin=document).stderr
    words = shlex.split(printed.splitlines()[0])
    assert json.loads(words[words.index("-d") + 1]) == json.loads(document)


def test_hosts_are_created_and_deleted(hnsemu: Hnsemu) -> None:
    assert hnsemu("hosts", "create", "other", "--release", "ws2019").exit_code == 0
    assert "ws2019" in hnsemu("hosts", "list").stdout
    assert json.loads(hnsemu("hosts", "show", "other").stdout)["release"] == "ws2019"
    assert hnsemu("hosts", "delete", "other").exit_code == 0
    assert hnsemu("hosts", "show", "other").exit_code == 5


def test_hosts_are_created_with_versions_and_variants(hnsemu: Hnsemu) -> None:
    options = ("--hns-version", "15.5", "--build", "26200", "--schema-version", "2.17")
    assert hnsemu("hosts", "create", "newer", *options).exit_code == 0
    shown = json.loads(hnsemu("hosts", "show", "newer").stdout)
    assert (shown["hns_version"], shown["build"]) == ({"major": 15, "minor": 5}, 26200)
    assert shown["schema_version"] == {"major": 2, "minor": 17}
    assert hnsemu("hosts", "create", "laptop", "--variant", "wifi").exit_code == 0
    assert json.loads(hnsemu("hosts", "show", "laptop").stdout)["adapters"][0]["wireless"]
    assert hnsemu("hosts", "create", "none", "--hns-version", "newest").exit_code == 2
    refused = hnsemu("hosts", "create", "none", "--variant", "mainframe")
    assert (refused.exit_code, "known are wifi" in refused.stderr) == (4, True)
    file = "extensions: [{id: 583cc151-73ec-4a6a-8b47-578297ad7623, name: Open vSwitch Extension}]"
    assert hnsemu("hosts", "create", "ovs", "-f", "-", stdin=file).exit_code == 0
    assert json.loads(hnsemu("hosts", "show", "ovs").stdout)["extensions"][0]["enabled"] is False
    assert hnsemu("hosts", "delete", "newer", "laptop", "ovs").exit_code == 0


def test_hosts_restart_reboot_and_reset(hnsemu: Hnsemu, own_host: str) -> None:
    on = {"HNSEMU_ON": own_host}

    def networks() -> list[str]:
        documents = json.loads(hnsemu("networks", "list", "-o", "json", **on).stdout)
        return [document["Name"] for document in documents]

    fresh = networks()
    for name, flags in (("staying", 0), ("passing", 8)):  # 8: non-persistent
        document = {"Name": name, "Type": "L2Bridge", "Flags": flags, "SchemaVersion": SCHEMA}
        hnsemu("networks", "create", "-f", "-", stdin=json.dumps(document), **on)
    assert {"staying", "passing"} <= set(networks())
    for word in ("restart", "reboot"):
        done = hnsemu("--debug", "hosts", word, own_host)
        assert (done.exit_code, done.stdout) == (0, f"{own_host}\n")
        assert f"/emulator/hosts/{own_host}/{word}" in done.stderr
        assert "staying" in networks()
        assert "passing" not in networks()
    assert hnsemu("hosts", "reset", own_host).stdout == f"{own_host}\n"
    assert networks() == fresh
    assert hnsemu("hosts", "reboot", "nowhere").exit_code == 5
    hnsemu("hosts", "reset", own_host, "-f", "-", stdin="release: ws2019")
    assert json.loads(hnsemu("hosts", "show", own_host).stdout)["release"] == "ws2019"


def test_stored_events_are_printed_line_by_line(hnsemu: Hnsemu, own_host: str) -> None:
    document = json.dumps({"SchemaVersion": SCHEMA})
    namespace = hnsemu("namespaces", "create", "-f", "-", stdin=document, HNSEMU_ON=own_host)
    lines = hnsemu("events", HNSEMU_ON=own_host).stdout.splitlines()
    events = [json.loads(line) for line in lines]
    assert "NetworkCreate" in [event["Event"] for event in events]
    assert events[-1]["NotificationData"]["ID"] == namespace.stdout.strip()
    number = str(events[-1]["Number"])
    assert hnsemu("events", "--after", number, HNSEMU_ON=own_host).stdout == ""
    refused = hnsemu("events", HNSEMU_ON="nowhere")
    assert refused.exit_code == 5
    assert refused.stderr.startswith("hnsemu: no host named 'nowhere', there are ")


def test_stored_events_behind_a_restart_of_hns_are_printed(hnsemu: Hnsemu, own_host: str) -> None:
    assert hnsemu("hosts", "restart", own_host).exit_code == 0
    document = json.dumps({"SchemaVersion": SCHEMA})
    hnsemu("namespaces", "create", "-f", "-", stdin=document, HNSEMU_ON=own_host)
    lines = hnsemu("events", HNSEMU_ON=own_host).stdout.splitlines()
    events = [json.loads(line)["Event"] for line in lines]
    assert "NamespaceCreate" in events[events.index("ServiceDisconnect") :]


def test_hnsdiag_keeps_its_layout(hnsemu: Hnsemu) -> None:
    lines = hnsemu("hnsdiag", "list", "all").stdout.splitlines()
    assert lines[:2] == ["Networks:", "Name             ID"]
    assert "Endpoints:" in lines
    assert f"{'ID':36} | Endpoint IDs" in lines
    assert f"{'ID':36} | Virtual IPs      | Direct IP IDs" in lines
    networks = json.loads(hnsemu("hnsdiag", "list", "networks", "-d").stdout)
    assert "bridge" in [network["Name"] for network in networks]


def test_hnsdiag_shows_documents_of_every_form(hnsemu: Hnsemu) -> None:
    def shown(flag: str) -> list[dict[str, object]]:
        done = hnsemu("hnsdiag", "list", "endpoints", "web", flag)
        assert done.exit_code == 0, done.stderr
        return list(json.loads(done.stdout))

    (document,) = shown("-d")
    assert document["Name"] == "web"
    assert "VirtualNetwork" in document
    latest = json.loads(hnsemu("endpoints", "show", "web").stdout)
    (first, detailed) = shown("-df")
    assert (first, detailed["Name"]) == (document, "web")
    assert shown("-dl") == [document, latest]
    assert shown("-dfl") == [document, detailed, latest]
    networks = json.loads(hnsemu("hnsdiag", "list", "Networks", "bridge", "-dfl").stdout)
    assert len(networks) == 3
    assert hnsemu("hnsdiag", "list", "all", "-dfl").exit_code == 0


def test_hnsdiag_deletes(hnsemu: Hnsemu, own_host: str) -> None:
    on = {"HNSEMU_ON": own_host}
    (network,) = json.loads(hnsemu("networks", "list", "-o", "json", **on).stdout)
    for name in ("one", "two"):
        document = {"Name": name, "HostComputeNetwork": network["ID"], "SchemaVersion": SCHEMA}
        hnsemu("endpoints", "create", "-f", "-", stdin=json.dumps(document), **on)
    one = json.loads(hnsemu("endpoints", "show", "one", **on).stdout)["ID"]
    assert hnsemu("hnsdiag", "delete", "endpoints", one, "two", **on).exit_code == 0
    assert json.loads(hnsemu("endpoints", "list", "-o", "json", **on).stdout) == []
    assert hnsemu("hnsdiag", "delete", "networks", network["ID"], **on).exit_code == 0
    assert hnsemu("hnsdiag", "delete", "networks", network["ID"], **on).exit_code != 0
    assert hnsemu("hnsdiag", "delete", "all", network["ID"], **on).exit_code == 2


def test_a_fleet_command_creates_what_is_missing(hnsemu: Hnsemu) -> None:
    command = ("fleet", "create", "--hosts", "3", "--endpoints", "4", "--prefix", "ship")
    assert hnsemu(*command).exit_code == 0
    before = {name: _endpoint_ids(hnsemu, name) for name in FLEET}
    assert [len(ids) for ids in before.values()] == [4, 4, 4]
    hnsemu("endpoints", "delete", before["ship-00002"][1], HNSEMU_ON="ship-00002")
    hnsemu("hosts", "delete", "ship-00003")
    assert hnsemu(*command).exit_code == 0
    assert {name: _endpoint_ids(hnsemu, name) for name in FLEET} == before


def test_a_fleet_has_the_release_that_the_service_gives_a_host(
    hnsemu: Hnsemu, own_host: str
) -> None:
    hnsemu("fleet", "create", "--hosts", "1", "--endpoints", "0", "--prefix", "new")
    for name in ("new-00001", own_host):
        host = json.loads(hnsemu("hosts", "show", name).stdout)
        assert host["release"] == NEWEST.name


def _endpoint_ids(hnsemu: Hnsemu, host: str) -> list[str]:
    endpoints = json.loads(hnsemu("endpoints", "list", "-o", "json", HNSEMU_ON=host).stdout)
    return sorted(endpoint["ID"] for endpoint in endpoints)


@pytest.mark.parametrize(
    "words",
    [
        ("hosts", "create", ""),
        ("hosts", "show", ""),
        ("hosts", "delete", ""),
        ("hosts", "restart", ""),
        ("snapshots", "save", ""),
        ("snapshots", "restore", ""),
        ("snapshots", "delete", ""),
    ],
)
def test_an_empty_name_is_refused_before_anything_is_asked(
    words: tuple[str, ...], hnsemu: Hnsemu
) -> None:
    refused = hnsemu(*words)
    assert (refused.exit_code, refused.stdout) == (2, ""), refused
    assert refused.stderr == "hnsemu: a name is empty; an unset variable, perhaps\n"


def test_a_file_without_a_name_is_quoted(hnsemu: Hnsemu) -> None:
    refused = hnsemu("endpoints", "create", "-f", "")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("hnsemu: cannot read '': ")
