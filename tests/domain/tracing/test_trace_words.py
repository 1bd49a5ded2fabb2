"""A packet in the words of the command line."""

import pytest

from hnsemu.domain.tracing.trace_words import trace_document

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


@pytest.mark.parametrize("text", ["", "a:b:c:d", "[fd00::5", "[]:80"])
def test_what_looks_like_an_address_and_is_none_says_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="is not an address; write"):
        trace_document("client", text)


def test_an_address_that_is_out_of_bounds_is_left_to_the_service() -> None:
    assert trace_document("client", "10.0.0.600:80")["Packet"]["Destination"] == "10.0.0.600"
