"""A packet in the words of the command line."""

import pytest

from hnsemu.errors import HnsError
from hnsemu.schema.host.trace_words import trace_document, trace_request

TCP_80 = {"Protocol": "TCP", "DestinationPort": 80}


@pytest.mark.parametrize(
    ("to", "receiver", "packet"),
    [
        ("10.0.0.5:80", None, {"Destination": "10.0.0.5", **TCP_80}),
        ("[fd00::5]:80", None, {"Destination": "fd00::5", **TCP_80}),
        ("fd00::5", None, {"Destination": "fd00::5", "Protocol": "ICMP"}),
        ("10.0.0.5", None, {"Destination": "10.0.0.5", "Protocol": "ICMP"}),
        ("web:80", {"Name": "web"}, TCP_80),
        ("web", {"Name": "web"}, {"Protocol": "ICMP"}),
        ("container:web:80", {"Container": "web"}, TCP_80),
        ("endpoint:10.0.0.5:80", {"Endpoint": "10.0.0.5"}, TCP_80),
    ],
)
def test_a_receiver_is_an_address_or_a_name(
    to: str, receiver: object, packet: dict[str, object]
) -> None:
    document = trace_document("client", to)
    assert document.get("To") == receiver
    assert document["Packet"] == packet
    trace_request(document).to_domain()


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("client", {"Endpoint": "client"}),
        ("endpoint:host", {"Endpoint": "host"}),
        ("container:web", {"Container": "web"}),
        ("namespace:1", {"Namespace": "1"}),
        ("host", {"Host": True}),
        ("external", {"External": True}),
    ],
)
def test_a_sender_is_told_by_its_kind(text: str, sender: object) -> None:
    assert trace_document(text, "web")["From"] == sender


def test_the_source_may_have_a_port() -> None:
    packet = trace_document("external", "10.0.0.5:80", source="192.0.2.1:5000")["Packet"]
    assert (packet["Source"], packet["SourcePort"]) == ("192.0.2.1", 5000)


def test_nothing_is_no_receiver() -> None:
    with pytest.raises(HnsError, match="To is missing"):
        trace_document("client", "")
