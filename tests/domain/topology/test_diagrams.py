"""The picture in the languages of diagrams."""

from dataclasses import replace

import pytest

from hnsemu.domain.topology.arrangement import arrange
from hnsemu.domain.topology.diagrams import DIAGRAMS, d2, dot, mermaid
from hnsemu.domain.topology.model import View
from tests.domain.topology.hosts import endpoint, host, with_vxlan

SMALL = arrange([replace(host([endpoint(1)]), namespaces=())], View(layers=frozenset({"ports"})))


def test_dot_has_a_cluster_for_what_holds_others() -> None:
    assert (
        dot(SMALL)
        == """\
digraph hnsemu {
  compound=true; rankdir=LR;
  node [shape=box];
  subgraph cluster_n0 {
    label="node (ws2022, 10.0.0.4)"; class="host";
    n0 [shape=point, style=invis, label=""];
    n1 [label="TCP 8080 (→ 10.1.0.4:80)", class="port"];
    subgraph cluster_n2 {
      label="bridge (External Ethernet)"; class="switch";
      n2 [shape=point, style=invis, label=""];
      subgraph cluster_n3 {
        label="pods (L2Bridge)"; class="network";
        n3 [shape=point, style=invis, label=""];
        subgraph cluster_n4 {
          label="10.1.0.0/16 (gateway 10.1.0.1)"; class="subnet";
          n4 [shape=point, style=invis, label=""];
          n5 [label="pod-1 (10.1.0.4)", class="endpoint"];
        }
      }
    }
  }
  n1 -> n5 [class="published", label=""];
}
"""
    )


def test_mermaid_and_d2_say_the_same() -> None:
    assert "  n1 --> n5" in mermaid(SMALL)
    assert 'subgraph n3["pods #40;L2Bridge#41;"]' in mermaid(SMALL)
    assert "n0.n1 -> n0.n2.n3.n4.n5" in d2(SMALL)


def test_a_tunnel_has_its_number() -> None:
    hosts = [with_vxlan(host(name=name), 4097) for name in ("a", "b")]
    drawn = arrange(hosts, View())
    assert 'label="VXLAN 4097"' in dot(drawn)
    assert '-->|"VXLAN 4097"|' in mermaid(drawn)
    assert ': "VXLAN 4097"' in d2(drawn)


@pytest.mark.parametrize("language", DIAGRAMS)
@pytest.mark.parametrize("name", ['a"b', "a\\", "a]b", "a;b", "a\nb", "a\u202eb", "${x}", "end"])
def test_a_name_ends_no_text(language: str, name: str) -> None:
    drawn = arrange([host([replace(endpoint(1), name=name)])], View())
    plain = arrange([host([replace(endpoint(1), name="plain")])], View())
    assert DIAGRAMS[language](drawn).count("\n") == DIAGRAMS[language](plain).count("\n")
    (line,) = [line for line in DIAGRAMS[language](drawn).splitlines() if "10.1.0.4)" in line
               or "10.1.0.4#41;" in line if "8080" not in line]  # fmt: skip
    quotes = line.replace("\\\\", "").replace('\\"', "").count('"')
    assert quotes == (4 if language == "dot" else 2)
    assert "\u202e" not in line
