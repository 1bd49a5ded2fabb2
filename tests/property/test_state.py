"""Whatever was done to a host, its state makes the same host again, byte for byte."""

from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from tests.e2e.servers import serving
from tests.property.test_hns_machine import HnsMachine
from tests.waiting import PATIENCE

VIEWS = (
    "/v2/networks",
    "/v2/endpoints",
    "/v2/namespaces",
    "/v2/loadbalancers",
    "/v1/networks",
    "/v1/endpoints",
    "/host/adapters",
    "/host/vswitches",
    "/host/ippools",
    "/host/compartments",
    "/host/nat",
    "/host/firewall",
    "/host/vfp/ports",
)


class StateMachine(HnsMachine):
    """The calls of a client whose host is made again from its state now and then."""

    @rule(text=st.sampled_from(["json", "yaml"]), elsewhere=st.booleans())
    def restore(self, text: str, *, elsewhere: bool) -> None:
        """Make the host again, in its place or after it was removed."""
        path = f"/emulator/hosts/{self.host}/state"
        state = self.client.get(path, params={"format": text})
        seen = [self.get(view) for view in VIEWS]
        if elsewhere:
            self.client.delete(f"/emulator/hosts/{self.host}")
        restored = self.client.put(path, content=state.content)
        assert restored.status_code == (201 if elsewhere else 200), restored.text
        again = self.client.get(path, params={"format": text})
        assert again.content == state.content
        assert [self.get(view) for view in VIEWS] == seen


@pytest.fixture
def machine(database_url: str) -> Iterator[type[StateMachine]]:
    """Return the machine, its calls made to a server on a database of its own."""
    with (
        serving(database_url, HNSEMU_SEED="1") as server,
        httpx.Client(base_url=server.url, timeout=PATIENCE) as client,
    ):
        yield type("StateMachine", (StateMachine,), {"client": client})


def test_a_state_makes_the_same_host_again(machine: type[StateMachine]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            phases=[Phase.generate],
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
