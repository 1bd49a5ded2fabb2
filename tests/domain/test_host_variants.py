"""A variant says of a host what its definition need not."""

import pytest

from hnsemu.domain.host_variants import VARIANTS, check_variant, with_variant
from hnsemu.domain.hosts import AdapterDefinition, ExternalSwitch, HostDefinition
from hnsemu.errors import HnsError, Hr

WIRED = (AdapterDefinition("Ethernet"),)
UPLINK = (ExternalSwitch("Uplink"),)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_name_alone_is_a_definition(name: str) -> None:
    check_variant(HostDefinition(variant=name))


def test_what_a_variant_says_is_filled_in() -> None:
    assert with_variant(HostDefinition(variant="azure")).azure_vm is True
    hyper_v = with_variant(HostDefinition(variant="hyper-v"))
    assert hyper_v.external_switches == (ExternalSwitch("External", ("Ethernet",)),)
    assert not with_variant(HostDefinition(variant="wifi")).external_switches


def test_what_the_definition_says_wins() -> None:
    own = with_variant(HostDefinition(variant="hyper-v", external_switches=UPLINK))
    assert own.external_switches == UPLINK
    plain = HostDefinition(azure_vm=True)
    assert with_variant(plain) is plain


@pytest.mark.parametrize(
    ("definition", "named"),
    [
        (HostDefinition(variant="mainframe"), "known are wifi, azure, hyper-v"),
        (HostDefinition(variant="azure", azure_vm=False), "azure_vm is false"),
        (HostDefinition(variant="wifi", adapters=WIRED), "not wireless"),
        (HostDefinition(variant="wifi", external_switches=UPLINK), "Wi-Fi carries none"),
        (HostDefinition(variant="hyper-v", external_switches=()), "external_switches is missing"),
        (HostDefinition(variant="hyper-v", adapters=WIRED), "external_switches is missing"),
    ],
)
def test_a_definition_that_contradicts_its_variant_is_refused(
    definition: HostDefinition, named: str
) -> None:
    with pytest.raises(HnsError, match=named) as refusal:
        check_variant(definition)
    assert refusal.value.hr is Hr.E_INVALIDARG
