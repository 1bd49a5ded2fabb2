// Drive a live service with the fetch client of hey-api.
// node smoke.js URL

import assert from "node:assert/strict";
import { createClient } from "./hns/client";
import * as hns from "./hns";

const NAME = "sdk-hey-api";
const ENDPOINT_NOT_FOUND = 0x803b0002;
const INVALID_POLICY_TYPE = 0x803b000e;

const url = process.argv[2]!;
const service = createClient({ baseUrl: url });
const client = createClient({ baseUrl: `${url}/hosts/${NAME}` });
const kinds = (endpoint?: hns.HostComputeEndpoint) =>
  (endpoint?.Policies ?? []).map((policy) => policy.Type).sort();

const { data: defined } = await hns.defineHost({
  client: service,
  path: { name: NAME },
  body: { release: "ws2022", adapters: [{ name: "Ethernet" }] },
});
assert.equal(defined?.name, NAME);

const { data: network } = await hns.createNetwork({
  client,
  body: {
    Name: "sdk",
    Type: "L2Bridge",
    SchemaVersion: { Major: 2 },
    Ipams: [{ Subnets: [{ IpAddressPrefix: "10.7.0.0/24" }] }],
  },
});
const { data: endpoint } = await hns.createEndpoint({
  client,
  body: {
    Name: "pod",
    HostComputeNetwork: network?.ID,
    SchemaVersion: { Major: 2 },
    Policies: [{ Type: "OutBoundNAT", Settings: { Exceptions: ["10.7.0.0/24"] } }],
  },
});
assert(endpoint?.ID);
const { data: listed } = await hns.listEndpoints({ client });
assert.deepEqual(listed?.map(({ ID }) => ID), [endpoint.ID]);

const path = { id: endpoint.ID };
const acl = { Type: "ACL", Settings: { Action: "Block", Direction: "In", Priority: 200 } };
const modified = await hns.modifyEndpoint({
  client,
  path,
  body: { ResourceType: "Policy", RequestType: "Add", Settings: { Policies: [acl] } },
});
assert.equal(modified.response?.status, 200);
const { data: shown } = await hns.getEndpoint({ client, path });
assert.deepEqual(kinds(shown), ["ACL", "OutBoundNAT"]);

const refused = await hns.createEndpoint({
  client,
  body: {
    HostComputeNetwork: network?.ID,
    SchemaVersion: { Major: 2 },
    Policies: [{ Type: "FromTheFuture" }],
  },
});
assert.equal(refused.response?.status, 400);
assert.equal(refused.error?.ErrorCode, INVALID_POLICY_TYPE);

assert.equal((await hns.deleteEndpoint({ client, path })).response?.status, 204);
const missing = await hns.getEndpoint({ client, path });
assert.equal(missing.response?.status, 404);
assert.equal(missing.error?.ErrorCode, ENDPOINT_NOT_FOUND);
assert.deepEqual((await hns.listEndpoints({ client })).data, []);
assert.equal((await hns.deleteHost({ client: service, path: { name: NAME } })).response?.status, 204);
