"""The floors: the same HTTP stack and the same number of rows, written by hand.

`POST /endpoints` writes the seven rows that creating an endpoint writes (endpoint, switch port,
address, MAC, both pool cursors, network counters) with the standard library's sqlite3 in one
transaction; `GET /fixed` answers a JSON text of an endpoint's size.
"""

import itertools
import json
import os
import sqlite3
import uuid

from fastapi import FastAPI, Request, Response

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE networks (key INTEGER PRIMARY KEY, mac_cursor INTEGER, current INTEGER, total INTEGER);
CREATE TABLE ip_subnets (key INTEGER PRIMARY KEY, cursor INTEGER);
CREATE TABLE endpoints (
    key INTEGER PRIMARY KEY, id TEXT, network_key INTEGER, name TEXT, mac TEXT, document TEXT,
    UNIQUE (id));
CREATE TABLE vswitch_ports (
    key INTEGER PRIMARY KEY, endpoint_key INTEGER UNIQUE, port_id TEXT, nic_id TEXT);
CREATE TABLE ip_allocations (
    network_key INTEGER, address TEXT, endpoint_key INTEGER, PRIMARY KEY (network_key, address));
CREATE TABLE mac_allocations (
    network_key INTEGER, mac INTEGER, endpoint_key INTEGER, PRIMARY KEY (network_key, mac));
INSERT INTO networks VALUES (1, 0, 0, 0);
INSERT INTO ip_subnets VALUES (1, 0);
"""

FIXED = json.dumps(
    {
        "ID": str(uuid.UUID(int=1)),
        "Name": "Ethernet",
        "Version": 64424509444,
        "Health": {"Extra": {"Resources": {"ID": str(uuid.UUID(int=2)), "State": 1}}},
        "SchemaVersion": {"Major": 2, "Minor": 0},
        "HostComputeNetwork": str(uuid.UUID(int=3)),
        "IpConfigurations": [{"IpAddress": "172.16.0.2", "PrefixLength": 16}],
        "Routes": [{"NextHop": "172.16.0.1", "DestinationPrefix": "0.0.0.0/0"}],
        "MacAddress": "00-15-5D-52-C0-01",
    }
).encode()


def create_app() -> FastAPI:
    """Return the floor application; its database is the file named by FLOOR_DB."""
    app = FastAPI()
    database = sqlite3.connect(os.environ["FLOOR_DB"], isolation_level=None)
    database.executescript(_SCHEMA)
    counter = itertools.count(1)

    @app.post("/endpoints")
    async def create(request: Request) -> Response:
        body = json.loads(await request.body())
        number = next(counter)
        endpoint_id = str(uuid.uuid4())
        document = json.dumps({"ID": endpoint_id, **body, "MacAddress": f"00-15-5D-{number:06X}"})
        run = database.execute
        run("BEGIN IMMEDIATE")
        run("UPDATE ip_subnets SET cursor = cursor + 1 WHERE key = 1")
        run("UPDATE networks SET mac_cursor = mac_cursor + 1, total = total + 1 WHERE key = 1")
        key = run(
            "INSERT INTO endpoints (id, network_key, name, mac, document) VALUES (?, 1, ?, ?, ?)",
            (endpoint_id, body.get("Name"), str(number), document),
        ).lastrowid
        port = (key, str(uuid.uuid4()), str(uuid.uuid4()))
        run(
            "INSERT INTO vswitch_ports (endpoint_key, port_id, nic_id) VALUES (?, ?, ?)",
            port,
        )
        run("INSERT INTO ip_allocations VALUES (1, ?, ?)", (f"{number:08x}", key))
        run("INSERT INTO mac_allocations VALUES (1, ?, ?)", (number, key))
        run("COMMIT")
        return Response(document, 201, media_type="application/json")

    @app.get("/fixed")
    async def fixed() -> Response:
        return Response(FIXED, media_type="application/json")

    return app
