"""Bodies of any size are read as small ones are, and no text takes long to refuse."""

import json
import time

import orjson
import pytest

from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import RawJson
from hnsemu.schema.bodies import read

LIMIT = 16 * 1024 * 1024
FILLER = "x" * 1000


def policies(count: int) -> bytes:
    texts = (f'{{"Type":"ACL","Settings": {{ "a" : {number}.0 }} }}' for number in range(count))
    return f'{{"Name":"{FILLER}","Policies":[{",".join(texts)}]}}'.encode()


def test_a_large_body_is_read_as_a_small_one() -> None:
    small, large = read(policies(10)), read(policies(20_000))
    assert large["Name"] == small["Name"]
    assert large["Policies"][:10] == small["Policies"]
    assert large["Policies"][19_999]["Settings"] == '{ "a" : 19999.0 }'
    assert isinstance(large["Policies"][19_999]["Settings"], RawJson)


def test_settings_larger_than_a_piece_keep_their_bytes() -> None:
    settings = json.dumps({"Values": "10.0.0.1, " * 100_000}, indent=1)
    found = read(f'{{"Policies":[{{"Type":"SetPolicy","Settings":{settings}}}]}}'.encode())
    assert found["Policies"][0]["Settings"] == settings


@pytest.mark.parametrize(
    "members",
    [
        pytest.param({"Name": "n" * 1_000_000, "Flags": 1, "Ipams": []}, id="a long text"),
        pytest.param({"a": [{"b": [list(range(90_000))] * 3}] * 2, "c": None}, id="long lists"),
        pytest.param({f"key{number}": {"a": "b"} for number in range(90_000)}, id="many members"),
        pytest.param([["," * 500_000, "[" * 500_000, '"\\' * 500_000]] * 3, id="signs in texts"),
    ],
)
def test_the_value_of_a_large_body_is_that_of_its_text(members: object) -> None:
    body = json.dumps(members).encode()
    assert read(b"\r\n " + body + b" \n") == orjson.loads(body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b"[" + b"[]," * (LIMIT // 3 - 1) + b"[]]", "100000 members", id="empty lists"),
        pytest.param(b"[" + b"1," * (LIMIT // 2 - 1) + b"1]", "100000 members", id="numbers"),
        pytest.param(
            b"[" + b",".join([b"[" + b"1," * 50_000 + b"1]"] * 21) + b"]", "values", id="lists"
        ),
        pytest.param(
            b"{" + b",".join(b'"k%d":1' % number for number in range(1_100_000)) + b"}",
            "100000 members",
            id="names",
        ),
        pytest.param(b"[" * (LIMIT // 2) + b"]" * (LIMIT // 2), "64 deep", id="brackets"),
        pytest.param(b'{"a":' * 900_000 + b"1" + b"}" * 900_000, "64 deep", id="deep objects"),
        pytest.param(
            b'{"a":' * 70 + b'"' + b"x" * LIMIT + b'"' + b"}" * 70, "64 deep", id="deep and long"
        ),
        pytest.param(b'{"a":' + b"9" * LIMIT + b"}", "JSON", id="a huge number"),
        pytest.param(b'{"a":"' + b"\\u0000" * (LIMIT // 6) + b'"}', "U+0000", id="NULs"),
        pytest.param(b'{"a":["' + b'","' * 200_000 + b'"]}', "100000 members", id="a long list"),
        pytest.param(b'{"a":"' + b"x" * LIMIT + b'","b":[1,]}', "trailing comma", id="a comma"),
        pytest.param(b'{"a":"' + b"x" * LIMIT + b'"', "JSON", id="cut off"),
        pytest.param(b'{"a":"' + b"x" * LIMIT + b'","b":"\xff"}', "JSON", id="no UTF-8"),
    ],
)
def test_a_large_body_is_refused_soon(body: bytes, said: str) -> None:
    before = time.thread_time()
    with pytest.raises(HnsError) as refusal:
        read(body)
    assert time.thread_time() - before < 3
    assert refusal.value.hr is Hr.HCN_E_INVALID_JSON
    assert said in refusal.value.detail
    assert len(refusal.value.detail) < 200


@pytest.mark.parametrize("coding", ["latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("filler", ["", FILLER * 300], ids=["small", "large"])
def test_a_text_in_another_coding_is_refused_as_such(coding: str, filler: str) -> None:
    body = f'\n{{"Name": "né", "Owner": "{filler}"}}'.encode(coding)
    with pytest.raises(HnsError) as refusal:
        read(body)
    assert refusal.value.detail.endswith("JSON: it is not text in UTF-8; send it as UTF-8")


def test_reading_is_linear_in_the_body() -> None:
    def seconds(count: int) -> float:
        body = policies(count)
        before = time.thread_time()
        read(body)
        return time.thread_time() - before

    most = 9 * max(seconds(30_000), 0.02)
    # what else runs on the processor slows it: one of three readings is as fast as it can be
    assert any(seconds(90_000) < most for _ in range(3))
