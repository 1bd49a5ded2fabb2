"""GET /host/compartments: Get-NetCompartment."""

from pydantic import Field

from hnsemu.domain.compartments import Compartment
from hnsemu.schema.host.view import View

_NATIVE = 1  # MSFT_NetCompartment: 0 Unspecified, 1 Native, 2 RoutingDomain [D]


class NetCompartment(View):
    """A network compartment, and the namespaces in it."""

    compartment_id: int = Field(examples=[1])
    compartment_description: str = Field(examples=["Default Compartment"])
    compartment_guid: str = Field(examples=["{b1062982-2b18-4b4f-b3d5-a78ddb9cdd49}"])
    compartment_type: int = Field(examples=[_NATIVE])
    namespaces: tuple[str, ...]


def net_compartment(compartment: Compartment) -> NetCompartment:
    """Return the view of `compartment`."""
    return NetCompartment(
        compartment_id=compartment.id,
        compartment_description=compartment.description,
        compartment_guid=f"{{{compartment.guid}}}",
        compartment_type=_NATIVE,
        namespaces=compartment.namespace_ids,
    )
