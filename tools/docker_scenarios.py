"""What `make conformance-docker` asks of the door and of the real daemon.

A step is a method, a path and, where it has one, a document. The steps of a scenario build on each
other; a scenario leaves nothing behind.
"""

import json
from typing import Any, NamedTuple
from urllib.parse import quote

JsonObject = dict[str, Any]


class Step(NamedTuple):
    """One request to Docker's API.

    path:  {since} in it is when the scenario began, {now} the moment of the request, {exec} the
           command that the scenario made last.
    typed: what the client types into the stream that the request opens, "" for other requests.
    pause: seconds that pass before it, for what the daemon does by itself.
    """

    method: str
    path: str
    document: object = None
    typed: str = ""
    pause: float = 0


class Scenario(NamedTuple):
    """Steps that build on each other."""

    name: str
    steps: tuple[Step, ...]


def _get(path: str) -> Step:
    return Step("GET", path)


def _post(path: str, document: object = None) -> Step:
    return Step("POST", path, document)


def _delete(path: str) -> Step:
    return Step("DELETE", path)


def _typed(path: str, keys: str, document: object = None) -> Step:
    return Step("POST", path, document, typed=keys)


def _events(*actions: str) -> Step:
    """Ask what has happened in the scenario: all, or these actions."""
    filters: JsonObject = {"event": list(actions)} if actions else {}
    path = "/events?since={since}&until={now}&filters=" + quote(json.dumps(filters))
    return Step("GET", path, pause=1)


def _network(name: str, driver: str = "nat", subnet: str = "", **members: object) -> Step:
    document: JsonObject = {"Name": name, "Driver": driver, **members}
    if subnet:
        document["IPAM"] = {
            "Config": [{"Subnet": subnet, "Gateway": subnet.replace("0/", "1/")[:-3]}]
        }
    return _post("/networks/create", document)


def _options(**options: str) -> JsonObject:
    return {f"com.docker.network.windowsshim.{name}": value for name, value in options.items()}


def _container(name: str, host: JsonObject | None = None, **members: object) -> Step:
    document = {"Image": "web", "Cmd": ["serve.exe"], "HostConfig": host or {}, **members}
    return _post(f"/containers/create?name={name}", document)


def _published(*ports: tuple[str, str, str]) -> JsonObject:
    """Return the host's part of a container with ports: (container, host address, host port)."""
    return {
        "PortBindings": {
            port: [{"HostIp": address, "HostPort": host}] for port, address, host in ports
        }
    }


def _publishing(name: str, *ports: tuple[str, str, str], **host: object) -> Step:
    """Create a container as `docker run -p` does: what it publishes is exposed, too."""
    exposed: JsonObject = {port: {} for port, _, _ in ports}
    return _container(name, _published(*ports) | host, ExposedPorts=exposed)


def _undone(path: str, *steps: Step) -> tuple[Step, ...]:
    """Return the steps, each followed by a removal: one that succeeds is in no other's way."""
    return tuple(part for step in steps for part in (step, _delete(path)))


def _of_network(
    name: str, driver: str, subnet: str = "", options: JsonObject | None = None, **members: object
) -> Scenario:
    """Return the life of a network: made, shown, found by filters, removed."""
    if options:
        members["Options"] = options
    steps = (
        _network(name, driver, subnet, **members),
        _get(f"/networks/{name}"),
        _get(f'/networks?filters={{"driver":["{driver}"]}}'),
        _get(f'/networks?filters={{"name":["{name}"],"type":["custom"]}}'),
        _network(name, driver),
        _delete(f"/networks/{name}"),
        _get(f"/networks/{name}"),
        _delete(f"/networks/{name}"),
    )
    about = " with " + ", ".join(options) if options else ""
    return Scenario(f"{driver} network{about}", steps)


def _of_container(name: str, create: Step, *between: Step) -> Scenario:
    """Return the life of a container called c1: made, started, shown, stopped, removed."""
    steps = (
        create,
        _get("/containers/c1/json"),
        _post("/containers/c1/start"),
        _get("/containers/c1/json"),
        _get("/containers/json?all=1"),
        *between,
        _post("/containers/c1/stop?t=1"),
        _get("/containers/c1/json"),
        _delete("/containers/c1"),
        _get("/containers/c1/json"),
    )
    return Scenario(name, steps)


_SYSTEM = Scenario(
    "system",
    (
        _get("/_ping"),
        _get("/v1.23/_ping"),
        _get("/version"),
        _get("/info"),
        _get("/networks"),
        _get("/networks/nat"),
        _get("/networks/none"),
        _get("/containers/json?all=1"),
        _get("/volumes"),
        _get("/nothing"),
        _get("/swarm"),
        _get("/containers/json?filters={bad"),
        _get('/networks?filters={"bad":["x"]}'),
        _get('/networks?filters={"dangling":["maybe"]}'),
    ),
)

_NETWORKS = (
    _of_network("n1", "nat"),
    _of_network("n1", "nat", "10.44.1.0/24"),
    _of_network("n1", "nat", "10.44.1.0/24", options=_options(networkname="called")),
    _of_network(
        "n1", "nat", "10.44.1.0/24", options=_options(disable_dns="true", disable_gatewaydns="true")
    ),
    _of_network(
        "n1", "nat", "10.44.1.0/24", options=_options(dnssuffix="a.test", dnsservers="9.9.9.9")
    ),
    _of_network("n1", "nat", "10.44.1.0/24", Labels={"a": "b"}, Internal=True, Attachable=True),
    _of_network("n1", "l2bridge", "10.44.2.0/24"),
    _of_network("n1", "l2bridge", "10.44.2.0/24", options=_options(vlanid="7", vsid="5000")),
    _of_network("n1", "l2bridge", "10.44.2.0/24", options=_options(interface="Ethernet")),
    _of_network("n1", "l2bridge", "10.44.2.0/24", options=_options(interface="No Such")),
    _of_network("n1", "l2tunnel", "10.44.3.0/24"),
    _of_network("n1", "transparent", "10.44.4.0/24"),
    _of_network("n1", "transparent"),
    _of_network("n1", "transparent", options=_options(vlanid="9")),
    _of_network("n1", "internal", "10.44.5.0/24"),
    _of_network("n1", "private", "10.44.6.0/24"),
    _of_network("n1", "ics", "10.44.7.0/24"),
)

_REFUSED_NETWORKS = Scenario(
    "networks refused",
    (
        *_undone(
            "/networks/x",
            _network("", "nat"),
            _network(" ", "nat"),
            _network("nat", "nat"),
            _network("none", "nat"),
            _network("x", "bridge"),
            _network("x", "overlay", "10.44.8.0/24"),
            _network("x", "null"),
            _network("x", "l2bridge"),
            _network("x", "nat", Options=_options(vlanid="x")),
            _network("x", "l2bridge", "10.44.8.0/24", Options=_options(vlanid="x")),
            _network("x", "nat", "10.44.8.0/24", Scope="swarm"),
            _network("x", "nat", EnableIPv6=True),
            _network("x", "nat", Ingress=True),
            _network("x", "nat", ConfigOnly=True, ConfigFrom={"Network": "y"}),
            _network("x", "nat", ConfigFrom={"Network": "y"}),
            _network("x", "nat", IPAM={"Config": [{"Subnet": "10.44.8.1/24"}]}),
            _network("x", "nat", IPAM={"Config": [{"Subnet": "bad"}]}),
            _network(
                "x", "nat", IPAM={"Config": [{"Subnet": "10.44.8.0/24", "Gateway": "10.45.0.1"}]}
            ),
            _network("x", "nat", IPAM={"Config": [{"Gateway": "10.44.8.1"}]}),
            _network("x", "nat", IPAM={"Config": [{"Subnet": "fd00:44::/64"}]}),
            _post("/networks/create", {"Name": 5}),
            _post("/networks/create", {}),
        ),
        *_undone("/networks/host", _network("host", "nat")),
        _delete("/networks/nat"),
        _delete("/networks/none"),
        _delete("/networks/missing"),
        _post("/networks/missing/connect", {"Container": "c"}),
        _post("/networks/nat/connect", {"Container": "missing"}),
        _post("/networks/nat/disconnect", {"Container": "missing"}),
    ),
)

_CONTAINERS = (
    _of_container("container on nat", _container("c1")),
    _of_container(
        "published ports",
        _publishing("c1", ("80/tcp", "", "18080"), ("53/udp", "", "18053")),
        _publishing("c2", ("80/tcp", "", "18080")),
        _post("/containers/c2/start"),
        _get("/containers/c2/json"),
        _delete("/containers/c2?force=1"),
    ),
    _of_container(
        "random ports",
        _container("c1", {"PublishAllPorts": True}, ExposedPorts={"80/tcp": {}, "81/tcp": {}}),
    ),
    _of_container("port on an address", _publishing("c1", ("80/tcp", "10.1.1.1", "18081"))),
    _of_container("container without network", _container("c1", {"NetworkMode": "none"})),
    _of_container(
        "container in another's network",
        _container("c1"),
        _container("c2", {"NetworkMode": "container:c1"}),
        _post("/containers/c2/start"),
        _get("/containers/c2/json"),
        _post("/networks/nat/connect", {"Container": "c2"}),
        _delete("/containers/c2?force=1"),
    ),
    _of_container(
        "names and DNS",
        _container(
            "c1",
            {"Dns": ["9.9.9.9"], "DnsSearch": ["a.test"], "ExtraHosts": ["db:10.44.0.9"]},
            Hostname="given",
        ),
        _post("/containers/c1/rename?name=c9"),
        _get("/containers/c9/json"),
        _get("/networks/nat"),
        _post("/containers/c9/rename?name=c1"),
        _post("/containers/c1/rename?name="),
        _post("/containers/c1/rename?name=bad%20name"),
        _container("c2"),
        _post("/containers/c2/rename?name=c1"),
        _delete("/containers/c2?force=1"),
        _container("c1"),
    ),
    _of_container(
        "calls on a running container",
        _container("c1"),
        _post("/containers/c1/start"),
        _delete("/containers/c1"),
        _post("/containers/c1/pause"),
        _post("/containers/c1/unpause"),
        _post("/containers/c1/restart?t=1"),
        _get("/containers/c1/json"),
        _post("/containers/c1/kill?signal=BAD"),
        _post("/containers/c1/kill"),
        _post("/containers/c1/wait"),
        _post("/containers/c1/kill"),
        _post("/containers/c1/stop"),
    ),
)

_LEAVE = "\x10\x11"
_ON_CONSOLE: JsonObject = {"Tty": True, "OpenStdin": True, "StdinOnce": True}
_SECOND = 1_000_000_000  # nanoseconds


def _ports(count: int) -> JsonObject:
    return {f"{number}/tcp": {} for number in range(1, count + 1)}


def _checked(name: str, *test: str, **members: object) -> Step:
    return _container(name, Healthcheck={"Test": list(test), "Interval": _SECOND, **members})


_HAPPENINGS = (
    _of_container(
        "events of a container",
        _publishing("c1", ("80/tcp", "", "18086")),
        _post("/containers/c1/rename?name=c9"),
        _post("/containers/c9/rename?name=c1"),
        _post("/containers/c1/update", {"RestartPolicy": {"Name": "always"}}),
        _post("/containers/c1/update", {"RestartPolicy": {"Name": "no"}}),
        _post("/containers/c1/restart?t=1"),
        _events(),
    ),
    Scenario(
        "events of other things",
        (
            _network("n1", "nat", "10.44.1.0/24"),
            _post("/volumes/create", {"Name": "v1"}),
            _container("c1", {"Binds": ["v1:C:\\data"], "AutoRemove": True}),
            _post("/containers/c1/start"),
            _post("/networks/n1/connect", {"Container": "c1"}),
            _post("/networks/n1/disconnect", {"Container": "c1"}),
            _post("/containers/c1/stop?t=1"),
            _delete("/networks/n1"),
            Step("DELETE", "/volumes/v1", pause=1),  # AutoRemove follows the answer
            _post("/containers/prune"),
            _post("/networks/prune"),
            _post("/volumes/prune"),
            _post("/images/web/tag?repo=other&tag=1"),
            _delete("/images/other:1"),
            _events(),
        ),
    ),
    _of_container(
        "signals",
        _container("c1", StopSignal="SIGINT"),
        _post("/containers/c1/kill?signal=TERM"),
        _get("/containers/c1/json"),
        _post("/containers/c1/start"),
        _post("/containers/c1/kill?signal=9"),
        _get("/containers/c1/json"),
        _post("/containers/c1/start"),
        _post("/containers/c1/kill?signal=0"),
        _post("/containers/c1/kill?signal=99"),
        _post("/containers/c1/stop?signal=KILL&t=1"),
        _get("/containers/c1/json"),
        _post("/containers/c1/start"),
        _post("/containers/c1/stop?signal=BAD"),
        _events(),
    ),
    _of_container(
        "starts and restarts that fail",
        _publishing("c1", ("80/tcp", "", "18087")),
        _publishing("c2", ("80/tcp", "", "18088")),
        _post("/containers/c2/start"),
        _post("/containers/c2/stop?t=1"),
        _publishing("c3", ("80/tcp", "", "18088")),
        _post("/containers/c3/start"),
        _post("/containers/c2/restart?t=1"),
        _get("/containers/c2/json"),
        _post("/containers/c2/start"),
        _delete("/containers/c2"),
        _publishing("c2", ("80/tcp", "", "18088"), AutoRemove=True),
        _post("/containers/c2/start"),
        _get("/containers/c2/json"),
        _container("c2", {"NetworkMode": "missing"}),
        _post("/containers/c2/restart"),
        _delete("/containers/c2"),
        _delete("/containers/c3?force=1"),
        _events(),
    ),
    _of_container(
        "consoles",
        _container("c1", **_ON_CONSOLE),
        _post("/containers/c1/resize?h=24&w=80"),
        _post("/containers/c1/resize?h=24"),
        _post("/containers/c1/resize?h=-1&w=80"),
        _post("/containers/c1/resize?h=24&w=4294967296"),
        _post("/containers/missing/resize?h=24&w=x"),
        _typed("/containers/c1/attach?stream=1&stdin=1&stdout=1", _LEAVE),
        _typed("/containers/c1/attach?stream=1&stdin=1&stdout=1&detachKeys=ctrl-a,b", "\x01b"),
        _get("/containers/c1/json"),
        _events(),
    ),
    _of_container(
        "consoles of commands",
        _container("c1"),
        _post("/containers/c1/resize?h=24&w=80"),
        _post("/containers/c1/exec", {}),
        _post("/containers/missing/exec", {}),
        _post("/containers/c1/exec", {"Cmd": ["ping"], "DetachKeys": "bad"}),
        _post(
            "/containers/c1/exec",
            {"Cmd": ["ping", "-t", "c1"], "Tty": True, "AttachStdin": True, "AttachStdout": True},
        ),
        _typed("/exec/{exec}/start", _LEAVE, {"Tty": True}),
        _get("/exec/{exec}/json"),
        _post("/containers/c1/exec", {"Cmd": ["cmd", "/c", "anything"]}),
        _post("/exec/{exec}/start", {"Detach": True}),
        Step("GET", "/exec/{exec}/json", pause=1),
        _post("/exec/{exec}/start", {"Detach": True}),
        _post("/exec/{exec}/resize?h=24&w=80"),
        _post("/containers/c1/kill"),
        _get("/exec/{exec}/json"),
        _events(),
    ),
    _of_container(
        "health",
        _checked("c1", "CMD", "anything"),
        Step("GET", "/containers/c1/json", pause=3),
        _get("/containers/json"),
        _get('/containers/json?filters={"health":["healthy"]}'),
        _post("/containers/c1/restart?t=1"),
        Step("GET", "/containers/c1/json", pause=3),
        _events("health_status"),
    ),
    Scenario(
        "health checks refused",
        _undone(
            "/containers/c1",
            _checked("c1", "CMD", "anything", Interval=1),
            _checked("c1", "CMD", "anything", Retries=-1),
            _checked("c1", "CMD", "anything", Timeout=999_999),
            _checked("c1", "CMD", "anything", StartPeriod=-1),
            _checked("c1", "NONE"),
            _checked("c1", "anything"),
        ),
    ),
    _of_container(
        "all ports and one",
        _container(
            "c1",
            {"PublishAllPorts": True, "PortBindings": {"80/tcp": [{"HostPort": "18089"}]}},
            ExposedPorts={"80/tcp": {}, "81/tcp": {}, "53/udp": {}, "5/sctp": {}},
        ),
    ),
    _of_container("a range exposed", _container("c1", ExposedPorts={"80-82/tcp": {}})),
    _of_container(
        "a range published",
        _container("c1", {"PublishAllPorts": True}, ExposedPorts={"80-82/tcp": {}, "90": {}}),
    ),
    _of_container(
        "a port without a protocol",
        _container(
            "c1",
            _published(("80", "", "18090"), ("81/tcp", "", "18091")),
            ExposedPorts={"80": {}, "81": {}},
        ),
    ),
    Scenario(
        "volumes and images refused",
        (
            _post("/volumes/create", {"Name": "v2", "Driver": "nosuch"}),
            _post("/volumes/create", {"Name": "bad name"}),
            _post("/volumes/create", {"Name": 5}),
            _get("/volumes/missing"),
            _delete("/volumes/missing"),
            _get('/volumes?filters={"bad":["x"]}'),
            _get('/volumes?filters={"dangling":["maybe"]}'),
            _get("/images/missing/json"),
            _get("/images/missing/history"),
            _delete("/images/missing"),
            _post("/images/missing/tag?repo=other"),
            _post("/images/web/tag?repo=BAD"),
            _get('/images/json?filters={"bad":["x"]}'),
            _get("/containers/missing/changes"),
            _get("/containers/missing/stats?stream=0"),
            _post("/containers/missing/rename?name=x"),
            _post("/containers/missing/update", {}),
            _post("/containers/missing/restart"),
            _post("/containers/missing/pause"),
            _get("/exec/missing/json"),
            _post("/exec/missing/start", {}),
            _post("/exec/missing/resize?h=1&w=1"),
            _post('/containers/prune?filters={"bad":["x"]}'),
            _post('/images/prune?filters={"bad":["x"]}'),
            _post('/volumes/prune?filters={"bad":["x"]}'),
            _post('/networks/prune?filters={"bad":["x"]}'),
            _get("/events?since=bad"),
            _get("/events?since=5&until=4"),
            _get('/events?until=1&filters={"bad":["x"]}'),
        ),
    ),
    Scenario(
        "more ports than there are",
        (
            _container("c1", {"PublishAllPorts": True}, ExposedPorts=_ports(16385)),
            _post("/containers/c1/start"),
            _get("/containers/c1/json"),
            _delete("/containers/c1"),
            _events(),
        ),
    ),
)

_CONNECTIONS = (
    Scenario(
        "connections",
        (
            _network("n1", "nat", "10.44.1.0/24"),
            _network("n2", "l2bridge", "10.44.2.0/24"),
            _container("c1"),
            _post("/networks/n1/connect", {"Container": "c1"}),
            _get("/containers/c1/json"),
            _post("/containers/c1/start"),
            _get("/containers/c1/json"),
            _post(
                "/networks/n2/connect",
                {
                    "Container": "c1",
                    "EndpointConfig": {
                        "IPAMConfig": {"IPv4Address": "10.44.2.9"},
                        "Aliases": ["db"],
                    },
                },
            ),
            _get("/containers/c1/json"),
            _get("/networks/n2"),
            _post("/networks/n2/connect", {"Container": "c1"}),
            _delete("/networks/n2"),
            _post("/networks/n2/disconnect", {"Container": "c1"}),
            _post("/networks/n2/disconnect", {"Container": "c1"}),
            _post("/networks/none/connect", {"Container": "c1"}),
            _post("/networks/n1/disconnect", {"Container": "c1", "Force": True}),
            _get("/containers/c1/json"),
            _post("/containers/c1/stop?t=1"),
            _post("/networks/nat/disconnect", {"Container": "c1"}),
            _get("/containers/c1/json"),
            _delete("/containers/c1?force=1"),
            _post("/networks/prune"),
            _get("/networks"),
        ),
    ),
    Scenario(
        "chosen addresses",
        (
            _network("n1", "nat", "10.44.1.0/24"),
            _container(
                "c1",
                {"NetworkMode": "n1"},
                NetworkingConfig={
                    "EndpointsConfig": {
                        "n1": {
                            "IPAMConfig": {"IPv4Address": "10.44.1.9"},
                            "MacAddress": "00:15:5d:01:02:03",
                        }
                    }
                },
            ),
            _post("/containers/c1/start"),
            _get("/containers/c1/json"),
            _container(
                "c2",
                {"NetworkMode": "n1"},
                NetworkingConfig={
                    "EndpointsConfig": {"n1": {"IPAMConfig": {"IPv4Address": "10.44.1.9"}}}
                },
            ),
            _post("/containers/c2/start"),
            _get("/containers/c2/json"),
            _delete("/containers/c2?force=1"),
            _container(
                "c2",
                {"NetworkMode": "n1"},
                NetworkingConfig={
                    "EndpointsConfig": {"n1": {"IPAMConfig": {"IPv4Address": "10.50.0.1"}}}
                },
            ),
            _post("/containers/c2/start"),
            _delete("/containers/c2?force=1"),
            _delete("/containers/c1?force=1"),
            _delete("/networks/n1"),
        ),
    ),
    Scenario(
        "ports on other networks",
        (
            _network("n2", "l2bridge", "10.44.2.0/24"),
            _publishing("c1", ("80/tcp", "", "18082"), NetworkMode="n2"),
            _post("/containers/c1/start"),
            _get("/containers/c1/json"),
            _publishing("c2", ("80/tcp", "", "18082"), NetworkMode="n2"),
            _post("/containers/c2/start"),
            _get("/containers/c2/json"),
            _delete("/containers/c2?force=1"),
            _delete("/containers/c1?force=1"),
            _publishing("c1", ("80/tcp", "127.0.0.1", "18083"), NetworkMode="n2"),
            _post("/containers/c1/start"),
            _delete("/containers/c1?force=1"),
            _publishing("c1", ("80/tcp", "", "18084-18085"), NetworkMode="n2"),
            _post("/containers/c1/start"),
            _get("/containers/c1/json"),
            _delete("/containers/c1?force=1"),
            _delete("/networks/n2"),
        ),
    ),
)

_REFUSED_CONTAINERS = Scenario(
    "containers refused",
    (
        _container("bad name"),
        _post("/containers/create", {}),
        _post("/containers/create", {"Image": 5}),
        _post("/containers/create", {"Image": "missing:1"}),
        *_undone(
            "/containers/c1",
            _container("c1", {"NetworkMode": "host"}),
            _container("c1", {"NetworkMode": "container:missing"}),
            _container("c1", _published(("x/tcp", "", "80"))),
            _container("c1", _published(("80/tcp", "", "x"))),
            _container("c1", _published(("80/tcp", "bad", "80"))),
            _container("c1", {"RestartPolicy": {"Name": "bad"}}),
            _container("c1", {"Isolation": "bad"}),
            _container("c1", {"Privileged": True}),
            _container("c1", {"Links": ["other"]}),
            _container("c1", {"Dns": ["bad"]}),
            _container("c1", {"ExtraHosts": ["bad"]}),
            _container("c1", {"ExtraHosts": ["db:bad"]}),
            _container("c1", {"ExtraHosts": "bad"}),
            _container("c1", {"Memory": "bad"}),
            _container("c1", Cmd=5),
            _post("/containers/create", {"HostConfig": {}}),
        ),
        _container("c1", {"NetworkMode": "missing"}),
        _post("/containers/c1/start"),
        _get("/containers/c1/json"),
        _delete("/containers/c1"),
        _post("/containers/missing/start"),
        _post("/containers/missing/stop"),
        _post("/containers/missing/kill"),
        _post("/containers/missing/wait"),
        _delete("/containers/missing"),
        _get("/containers/missing/json"),
        _get("/containers/missing/logs?stdout=1"),
        _get("/containers/missing/top"),
        _post("/containers/missing/exec", {"Cmd": ["hostname"]}),
        _get('/containers/json?filters={"bad":["x"]}'),
        _get('/containers/json?filters={"status":["bad"]}'),
        _get("/containers/json?limit=x"),
    ),
)

SCENARIOS = (
    _SYSTEM,
    *_NETWORKS,
    _REFUSED_NETWORKS,
    *_CONTAINERS,
    *_HAPPENINGS,
    *_CONNECTIONS,
    _REFUSED_CONTAINERS,
)
