"""A seed is a list of requests, each with the line where it stands."""

import json
from pathlib import Path

import pytest

from hnsemu.errors import HnsError
from hnsemu.schema.host.seeds import SeedRequest, requests_of, seed_files

STATE = {"format": 1, "host": {"release": "ws2022"}}


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        (json.dumps(STATE, indent=2),
         [SeedRequest(1, "PUT", "/emulator/hosts/default/state", json.dumps(STATE))]),
        (json.dumps({"name": "a", "state": STATE}),
         [SeedRequest(1, "PUT", "/emulator/hosts/a/state", json.dumps(STATE))]),
        ('{"name": "a", "state": 1}\n{"name": "b", "state": 2}\n',
         [SeedRequest(1, "PUT", "/emulator/hosts/a/state", "1"),
          SeedRequest(2, "PUT", "/emulator/hosts/b/state", "2")]),
        ("\n- {method: GET, path: /a}\n- method: POST\n  path: /b\n  host: n\n  body: {x: 1}\n",
         [SeedRequest(2, "GET", "/a", None), SeedRequest(3, "POST", "/hosts/n/b", '{"x": 1}')]),
        ("method: GET\npath: /a\nstatus: 404\n---\nmethod: GET\npath: /b\n",
         [SeedRequest(1, "GET", "/a", None, 404), SeedRequest(5, "GET", "/b", None)]),
        ('[\n  {"method": "GET", "path": "/\\ud83d\\ude00"}\n]',
         [SeedRequest(1, "GET", "/\U0001f600", None)]),
    ],
)  # fmt: skip
def test_documents_become_requests(text: str, requests: list[SeedRequest]) -> None:
    assert requests_of(text.encode()) == requests


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- 1", "line 1: this is neither a state document nor a request with method and path"),
        ("- {method: GET, path: /a}\n- {method: GET}", "line 2: this is neither"),
        ("{method: GET, path: a}", "the body is not valid JSON"),
        ("- {method: GET, path: a}", "line 1: path: 'a' does not begin with a slash"),
        ("- {method: GET, path: /a, colour: 1}", "line 1: colour is unknown; a request has body"),
        ("- {method: 1, path: /a}", "line 1: method, path and host are texts"),
        ("state: {}", "line 1: a state needs the name of its host"),
        ("- [1", "the body is not valid YAML"),
    ],
)
def test_what_is_no_seed_is_named_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(HnsError) as refusal:
        requests_of(text.encode())
    assert refusal.value.detail.startswith(sentence)


def test_seeds_come_by_name_and_other_files_do_not(tmp_path: Path) -> None:
    for name in ("20-b.yaml", "10-a.json", "notes.txt", "30-c.sh"):
        (tmp_path / name).write_text("")
    (tmp_path / "folder.yaml").mkdir()
    assert [file.name for file in seed_files(tmp_path)] == ["10-a.json", "20-b.yaml", "30-c.sh"]
