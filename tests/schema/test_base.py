"""Reading: JSON to documents, settings untouched, refusals that name what to fix."""

import json

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hnsemu.errors import HnsError, Hr
from hnsemu.schema import base
from hnsemu.schema.base import Document, RawJson, parse, refusal
from hnsemu.schema.bodies import read
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.query import read_query
from hnsemu.schema.v2.routes import HostComputeRoute

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
_NOT_NULL = JSON.filter(lambda value: value is not None)


@given(_NOT_NULL, st.sampled_from([None, 1, "\t"]), st.sampled_from([(",", ":"), (" , ", " :  ")]))
def test_settings_keep_the_bytes_that_were_sent(
    settings: object, indent: int | str | None, separators: tuple[str, str]
) -> None:
    text = json.dumps(settings, indent=indent, separators=separators)
    body = f'{{"Name":"x","Policies":[{{"Type":"ACL","Settings": {text} }},{{}}]}}'
    found = read(body.encode())["Policies"][0]["Settings"]
    assert found == text
    assert isinstance(found, RawJson)


def test_settings_of_a_request_stay_an_object() -> None:
    found = read(b'{"Settings":{"Policies":[{"Settings":{"Settings": 1}}]}}')
    assert found["Settings"]["Policies"][0]["Settings"] == '{"Settings": 1}'


def test_settings_of_policies_at_any_depth_keep_their_bytes() -> None:
    found = read(b'{"Ipams":[{"Subnets":[{"Policies":[{"Settings": {"a" : 1.0} }]}]}]}')
    assert found["Ipams"][0]["Subnets"][0]["Policies"][0]["Settings"] == '{"a" : 1.0}'


def test_a_value_with_settings_in_it_is_the_text_that_was_sent() -> None:
    inner = '{"Policies":[{"Type":"ACL","Settings":{"Action":"Allow"}}]}'
    assert RawJson.of(read(inner.encode())) == inner


def test_settings_that_are_null_are_no_settings() -> None:
    assert read(b'{"Policies":[{"Settings" : null}]}') == {"Policies": [{"Settings": None}]}


def test_of_a_key_given_twice_the_last_value_counts() -> None:
    found = read(b'{"Policies":[{"Settings":{"a":1},"Settings":{"b" : 2}}]}')
    assert found["Policies"][0]["Settings"] == '{"b" : 2}'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"{", id="cut off"),
        pytest.param(b"{'a': 1}", id="wrong quotes"),
        pytest.param(b'{"a": NaN}', id="no number"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', id="byte order mark"),
        pytest.param(b'{"a": "\xff"}', id="no UTF-8"),
        pytest.param(b'{"a": "\\ud800"}', id="half a surrogate pair"),
        pytest.param(b'{"a": "b\\u0000"}', id="NUL in a text"),
        pytest.param(b'{"a\\u0000": 1}', id="NUL in a name"),
        pytest.param(b"[" * 100_000, id="nested too deep"),
        pytest.param(b'{"Policies":' + b"[" * 900 + b'"Settings"' + b"]" * 900, id="deep, cut"),
    ],
)
def test_a_body_that_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(HnsError) as refusal:
        read(body)
    assert refusal.value.hr is Hr.HCN_E_INVALID_JSON


def test_no_body_is_an_empty_object() -> None:
    assert read(b"") == read(b" \r\n") == {}


@pytest.mark.parametrize(
    ("model", "document", "hr", "path"),
    [
        (HostComputeNetwork, {"ID": "zz"}, Hr.HCN_E_GUID_CONVERSION_FAILURE, "ID"),
        (HostComputeNetwork, {"ID": 5}, Hr.HCN_E_GUID_CONVERSION_FAILURE, "ID"),
        (HostComputeNetwork, {"Type": "Host"}, Hr.HCN_E_INVALID_NETWORK_TYPE, "Type"),
        (HostComputeNetwork, {"Flags": "Fast"}, Hr.HCN_E_INVALID_NETWORK, "Flags"),
        (HostComputeNetwork, {"Flags": -1}, Hr.HCN_E_INVALID_NETWORK, "Flags"),
        (
            HostComputeNetwork,
            {"Policies": [{}, {"Type": "X"}]},
            Hr.HCN_E_INVALID_POLICY_TYPE,
            "Policies[1].Type",
        ),
        (
            HostComputeNetwork,
            {"Ipams": [{"Subnets": [{"Flags": []}, {"Flags": {}}]}]},
            Hr.HCN_E_INVALID_SUBNET,
            "Ipams[0].Subnets[1].Flags",
        ),
        (
            HostComputeNetwork,
            {"Ipams": [{"Subnets": [{"IpSubnets": [{"Flags": "x"}]}]}]},
            Hr.HCN_E_INVALID_IP_SUBNET,
            "Ipams[0].Subnets[0].IpSubnets[0].Flags",
        ),
        (
            HostComputeEndpoint,
            {"IpConfigurations": [{"PrefixLength": 300}]},
            Hr.HCN_E_INVALID_IP,
            "IpConfigurations[0].PrefixLength",
        ),
        (HostComputeEndpoint, {"Routes": 5}, Hr.HCN_E_INVALID_ENDPOINT, "Routes"),
        (
            HostComputeLoadBalancer,
            {"PortMappings": [{"InternalPort": 65536}]},
            Hr.HCN_E_INVALID_POLICY,
            "PortMappings[0].InternalPort",
        ),
    ],
)
def test_a_refusal_names_the_member(
    model: type[Document], document: dict[str, object], hr: Hr, path: str
) -> None:
    with pytest.raises(HnsError) as refusal:
        parse(model, document)
    assert refusal.value.hr is hr
    assert refusal.value.detail.startswith(f"{path}: ")


@pytest.mark.parametrize("document", [[], "text", 5, None, True])
def test_a_document_is_an_object(document: object) -> None:
    with pytest.raises(HnsError) as refusal:
        parse(HostComputeNetwork, document)
    assert refusal.value.hr is Hr.HCN_E_INVALID_NETWORK


def test_odd_documents_of_real_clients_are_read() -> None:
    network = parse(
        HostComputeNetwork,
        {
            "ID": "{1A2B3C4D-0001-4000-8000-00000000A001}",
            "Type": "l2bridge",
            "Flags": ["EnableNonPersistent", 1024],
            "MacPool": {},
            "Dns": {"Search": [""], "Suffix": "x"},
            "Health": {"Extra": {}},
            "Ipams": [{"Type": "static", "Subnets": [{"IpSubnets": None}]}],
            "SchemaVersion": {"Major": 0, "Minor": 0},
            "CreateWithCompartment": True,
        },
    )
    assert network.id == "1a2b3c4d-0001-4000-8000-00000000a001"
    assert network.type == "L2Bridge"
    assert network.flags == 1032
    assert parse(HostComputeNetwork, {"Type": 5}).type == "Overlay"
    assert parse(HostComputeNetwork, {"Flags": "EnableDnsProxy, EnableDhcpServer"}).flags == 3
    assert parse(HostComputeNamespace, {"Type": 1}).type == "HostDefault"
    assert parse(HostComputeEndpoint, {"MacAddress": None, "ID": ""}).id is None
    routes = parse(HostComputeRoute, {"Setting": [{"NextHop": "10.0.0.1"}]}).routes
    assert routes is not None
    assert routes[0].next_hop == "10.0.0.1"


@pytest.fixture
def little_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read documents of more than 50 values as those of more than 20,000 are read."""
    monkeypatch.setattr(base, "_AT_ONCE", 50)


def network_of(*subnets: object, **members: object) -> dict[str, object]:
    """Return a network with more than 50 subnets, and others behind them."""
    many = [{"Subnets": [{"IpAddressPrefix": "10.0.0.0/8"}] * 20}] * 3
    return {"Name": "x", "Ipams": [*many, {"Subnets": [*subnets]}], **members}


@pytest.mark.usefixtures("little_at_once")
def test_a_large_document_is_what_pydantic_makes_of_it() -> None:
    document = network_of({"Routes": [{"NextHop": "10.0.0.1"}]}, Dns={"Search": ["a", 1] * 50})
    assert parse(HostComputeNetwork, document) == HostComputeNetwork.model_validate(document)


@pytest.mark.usefixtures("little_at_once")
@pytest.mark.parametrize(
    ("document", "at"),
    [
        (network_of({"Routes": [{"NextHop": []}]}), "Ipams[3].Subnets[0].Routes[0].NextHop: "),
        (network_of({}, 1), "Ipams[3].Subnets[1]: "),
        (network_of({}, None), "Ipams[3].Subnets[1]: "),
        (network_of(Ipams={"Subnets": [{}] * 60}), "Ipams: "),
        (network_of(Dns={"Search": ["a"] * 60 + [None] * 60}), "Dns.Search[60]: "),
        (network_of(MacPool=[1]), "MacPool: "),
    ],
)
def test_a_large_document_is_refused_as_a_small_one(document: dict[str, object], at: str) -> None:
    with pytest.raises(ValidationError) as small:
        HostComputeNetwork.model_validate(document)
    with pytest.raises(HnsError) as large:
        parse(HostComputeNetwork, document)
    assert large.value.detail.startswith(at)
    assert str(large.value) == str(refusal(HostComputeNetwork, small.value))
    assert large.value.hr is refusal(HostComputeNetwork, small.value).hr


@pytest.mark.usefixtures("little_at_once")
def test_a_document_of_more_values_than_are_freed_at_once_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(base, "_MOST", 200)
    parse(HostComputeNetwork, network_of())
    with pytest.raises(HnsError, match="the document has more than 200 values; send them in"):
        parse(HostComputeNetwork, network_of(*[{"Flags": []}] * 100))


def test_pydantic_reads_little_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its calls holds the interpreter, and with it every other request."""
    at_once: list[int] = []
    validate = pydantic.BaseModel.model_validate.__func__  # type: ignore[attr-defined]

    def counted(model: type[Document], data: object) -> object:
        at_once.append(_plain(data))
        return validate(model, data)

    monkeypatch.setattr(Document, "model_validate", classmethod(counted))
    with pytest.raises(HnsError):
        parse(HostComputeNetwork, network_of(*[{}] * 100, *[1] * 90_000))
    parse(HostComputeEndpoint, {"Routes": [{"NextHop": "10.0.0.1"}] * 20_000})
    assert max(at_once) <= 20_000


def _plain(data: object) -> int:
    """Return how many values are left to read in a document."""
    if isinstance(data, (dict, list)):
        values = data.values() if isinstance(data, dict) else data
        return sum(1 + _plain(value) for value in values if not isinstance(value, Document))
    return 0


def test_strict_reading_names_unknown_members() -> None:
    document = {"Name": "x", "Colour": 1, "Ipams": [{"Subnets": [{"Prefix": "10.0.0.0/8"}]}]}
    parse(HostComputeNetwork, document)
    with pytest.raises(HnsError) as refusal:
        parse(HostComputeNetwork, document, strict=True)
    assert "Colour, Ipams[0].Subnets[0].Prefix" in refusal.value.detail


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (None, {}),
        ("", {}),
        ("null", {}),
        ("{}", {}),
        ('{"Filter": ""}', {}),
        ('{"Filter": "{\\r\\n\\r\\n}"}', {}),
        ('{"Filter": "{\\"Name\\":\\"nat\\"}"}', {"Name": "nat"}),
        ('{"Filter": {"Name": "nat"}}', {"Name": "nat"}),
        ('{"Name": "WDAG"}', {"Name": "WDAG"}),
    ],
)
def test_queries_name_the_wanted_members(text: str | None, wanted: dict[str, object]) -> None:
    assert read_query(text).wanted == wanted


@pytest.mark.parametrize("text", ["{", "[]", "5", '{"Filter": "{"}', '{"Filter": "[]"}'])
def test_a_text_that_is_no_query_is_refused(text: str) -> None:
    with pytest.raises(HnsError) as refusal:
        read_query(text)
    assert refusal.value.hr is Hr.HCN_E_INVALID_JSON
