"""list, show, create, modify, delete: by name and by id, for people and for programs."""

import json
import re
import shlex
from pathlib import Path

from tests.cli.conftest import SCHEMA, Hnsemu


def test_lists_are_tables_or_documents(hnsemu: Hnsemu) -> None:
    plain = hnsemu("endpoints", "list").stdout.splitlines()
    assert plain[0].split() == ["ID", "NAME", "ADDRESSES", "MAC", "NETWORK", "POLICIES"]
    assert {line.split()[1] for line in plain[1:]} >= {"client", "web"}
    found = json.loads(hnsemu("endpoints", "list", "-o", "json").stdout)
    assert {each["Name"] for each in found} >= {"client", "web"}
    assert "Name: web" in hnsemu("endpoints", "list", "-o", "yaml").stdout


def test_a_filter_selects(hnsemu: Hnsemu) -> None:
    found = json.loads(hnsemu("endpoints", "list", "--where", "Name=web", "-o", "json").stdout)
    assert [each["Name"] for each in found] == ["web"]


def test_an_object_lives_and_dies_by_name(hnsemu: Hnsemu, tmp_path: Path) -> None:
    document = tmp_path / "network.yaml"
    document.write_text(
        "Name: mine\n"
        "Type: L2Bridge\n"
        "Ipams: [{Subnets: [{IpAddressPrefix: 10.9.0.0/24}]}]\n"
        "SchemaVersion: {Major: 2, Minor: 0}\n"
    )
    guid = hnsemu("networks", "create", "-f", str(document)).stdout.strip()
    assert json.loads(hnsemu("networks", "show", "mine").stdout)["ID"] == guid
    asked = {
        "ResourceType": "Policy",
        "RequestType": "Add",
        "Settings": {
            "Policies": [{"Type": "NetworkACL", "Settings": {"Action": "Allow", "Direction": "In"}}]
        },
    }
    changed = hnsemu("networks", "modify", "mine", "-f", "-", stdin=json.dumps(asked))
    assert changed.stderr == ""
    assert json.loads(changed.stdout)["Policies"][0]["Type"] == "NetworkACL"
    assert hnsemu("networks", "delete", "mine").stdout.strip() == guid
    assert hnsemu("networks", "show", guid).returncode == 5


def test_refusals_say_what_to_mend(hnsemu: Hnsemu) -> None:
    unknown = {"Type": "Martian", "SchemaVersion": SCHEMA}
    refused = hnsemu("networks", "create", "-f", "-", stdin=json.dumps(unknown))
    assert refused.returncode == 4
    assert "0x803b" in refused.stderr
    assert refused.stdout == ""


def test_wrong_use_and_a_missing_service_have_codes_of_their_own(hnsemu: Hnsemu) -> None:
    assert hnsemu("networks", "create", "-f", "/nonexistent").returncode == 2
    lost = hnsemu("networks", "list", HNSEMU_URL="http://127.0.0.1:9")
    assert lost.returncode == 3
    assert "hnsemu serve" in lost.stderr


def test_an_unknown_name_is_answered_with_the_nearest(hnsemu: Hnsemu) -> None:
    unknown = hnsemu("endpoints", "show", "cleint")
    assert unknown.returncode == 5
    assert "did you mean 'client'?" in unknown.stderr


def test_the_beginning_of_an_id_is_enough(hnsemu: Hnsemu) -> None:
    (web,) = json.loads(hnsemu("endpoints", "list", "--where", "Name=web", "-o", "json").stdout)
    assert json.loads(hnsemu("endpoints", "show", web["ID"][:8]).stdout) == web


def test_nothing_is_said_of_nothing(hnsemu: Hnsemu) -> None:
    none = hnsemu("sdnroutes", "list")
    assert (none.returncode, none.stdout, none.stderr) == (0, "", "no sdnroutes\n")
    assert json.loads(hnsemu("sdnroutes", "list", "-o", "json").stdout) == []


def test_requests_are_told_as_curl_commands(hnsemu: Hnsemu, server_url: str) -> None:
    told = hnsemu("--debug", "endpoints", "list", HNSEMU_TOKEN="not to be seen")
    curl, outcome = told.stderr.splitlines()
    assert curl.startswith(f"curl -X GET '{server_url}/hosts/node/v2/endpoints?limit=")
    assert '"Authorization: Bearer $HNSEMU_TOKEN"' in curl
    assert "not to be seen" not in told.stderr
    assert re.fullmatch(r"# 200 in \d+ ms, request \S+", outcome)
    document = json.dumps({"Type": "it's none", "SchemaVersion": SCHEMA})
    told = hnsemu("--debug", "networks", "create", "-f", "-", stdin=document)
    words = shlex.split(told.stderr.splitlines()[0])
    assert json.loads(words[words.index("-d") + 1]) == json.loads(document)


def test_hosts_are_made_and_removed(hnsemu: Hnsemu) -> None:
    assert hnsemu("hosts", "create", "other", "--release", "ws2019").returncode == 0
    assert "ws2019" in hnsemu("hosts", "list").stdout
    assert json.loads(hnsemu("hosts", "show", "other").stdout)["release"] == "ws2019"
    assert hnsemu("hosts", "delete", "other").returncode == 0


def test_events_are_printed_line_by_line(hnsemu: Hnsemu) -> None:
    told = [json.loads(line) for line in hnsemu("events").stdout.splitlines()]
    assert "NetworkCreate" in [each["Event"] for each in told]


def test_hnsdiag_prints_what_its_users_know(hnsemu: Hnsemu) -> None:
    lines = hnsemu("hnsdiag", "list", "all").stdout.splitlines()
    assert lines[:2] == ["Networks:", "Name             ID"]
    assert "Endpoints:" in lines
    assert f"{'ID':36} | Endpoint IDs" in lines
    assert f"{'ID':36} | Virtual IPs      | Direct IP IDs" in lines
    networks = json.loads(hnsemu("hnsdiag", "list", "networks", "-d").stdout)
    assert "bridge" in [each["Name"] for each in networks]


def test_a_fleet_is_filled_and_what_is_missing_is_made_again(hnsemu: Hnsemu) -> None:
    asked = ("fleet", "create", "--hosts", "3", "--endpoints", "4", "--prefix", "ship")
    assert hnsemu(*asked).returncode == 0
    before = _fleet(hnsemu)
    assert [len(each) for each in before.values()] == [4, 4, 4]
    hnsemu("endpoints", "delete", before["ship-00002"][1], HNSEMU_ON="ship-00002")
    hnsemu("hosts", "delete", "ship-00003")
    assert hnsemu(*asked).returncode == 0
    assert {name: sorted(ids) for name, ids in _fleet(hnsemu).items()} == {
        name: sorted(ids) for name, ids in before.items()
    }


def _fleet(hnsemu: Hnsemu) -> dict[str, list[str]]:
    return {
        name: [
            each["ID"]
            for each in json.loads(hnsemu("endpoints", "list", "-o", "json", HNSEMU_ON=name).stdout)
        ]
        for name in ("ship-00001", "ship-00002", "ship-00003")
    }
