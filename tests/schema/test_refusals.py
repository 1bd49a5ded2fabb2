"""A value of the wrong kind is refused in a sentence that says what it must be."""

import json

import pytest

from hnsemu.errors import HnsError
from hnsemu.schema.base import parse
from hnsemu.schema.host.bulk import BulkRequest
from hnsemu.schema.host.definition import HostSettings
from hnsemu.schema.host.faults import FaultDocument
from hnsemu.schema.host.journal import JournalDocument
from hnsemu.schema.host.reachability import ReachabilityRequest
from hnsemu.schema.host.trace import TraceRequest
from hnsemu.schema.host.verification import VerifyDocument
from hnsemu.schema.v2.networks import HostComputeNetwork

WRONG = [
    (BulkRequest, {"Networks": "x"}, "Networks: must be a list"),
    (FaultDocument, {"then": [1]}, "then: must be an object"),
    (FaultDocument, {"preset": 5}, "preset: must be a text"),
    (FaultDocument, {"times": 10**30}, "times: must be"),
    (FaultDocument, {"probability": 2}, "probability: must be at most 1"),
    (FaultDocument, {"probability": "x"}, "probability: must be a number"),
    (FaultDocument, {"match": {"name": "*" * 256}}, "match.name: must have at most 255 characters"),
    (FaultDocument, {"then": {"hides": ["x"] * 33}}, "then.hides: must have at most 32 members"),
    (JournalDocument, {"enabled": "x"}, "enabled: must be true or false"),
    (JournalDocument, {"calls": 1.5}, "calls: must be a whole number"),
    (JournalDocument, {"calls": 0}, "calls: must be at least 1"),
    (JournalDocument, {"calls": True}, "calls: must be a whole number"),
    (JournalDocument, {"calls": "7"}, "calls: must be a whole number"),
    (JournalDocument, {"enabled": 1}, "enabled: must be true or false"),
    (JournalDocument, {"enabled": "true"}, "enabled: must be true or false"),
    (FaultDocument, {"probability": True}, "probability: must be a number"),
    (FaultDocument, {"probability": "0.5"}, "probability: must be a number"),
    (FaultDocument, {"then": {"latency": {}}}, "then.latency.median: is missing"),
    (HostSettings, {"created": 1}, "created: must be a time such as"),
    (TraceRequest, {"Packet": {"SourcePort": "80"}}, "Packet.SourcePort: must be a whole number"),
    (ReachabilityRequest, {"Ports": [{"Port": True}]}, "Ports[0].Port: must be a whole number"),
    (HostComputeNetwork, {"Flags": "x"}, "Flags: 'x' is not one of the flags"),
    (HostComputeNetwork, {"Flags": [None]}, "Flags: null is not a flag"),
    (
        HostComputeNetwork,
        {"Policies": [{"Type": {"a": True}}]},
        'Policies[0].Type: {"a": true} is not one of ',
    ),
    (HostComputeNetwork, {"Type": True}, "Type: must be one of 'NAT', 'ICS'"),
    (VerifyDocument, {"since": 2**63}, "since: must be at most 9223372036854775807"),
    (VerifyDocument, {"sequence": []}, "sequence: must have at least 1 members"),
]


def test_a_whole_number_may_be_written_with_a_point_as_json_schema_has_it() -> None:
    assert parse(JournalDocument, {"calls": 7.0}).calls == 7


@pytest.mark.parametrize(("model", "members", "sentence"), WRONG, ids=str)
def test_a_refusal_says_what_a_value_must_be(
    model: type[FaultDocument], members: object, sentence: str
) -> None:
    with pytest.raises(HnsError) as refusal:
        parse(model, json.loads(json.dumps(members)))
    assert refusal.value.detail.startswith(sentence)
